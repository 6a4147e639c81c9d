"""What a folder of previews says of itself, `preview.json`: its pairs with their pictures, and the files in it.

By it a plan finds the picture of a label config that it shows, and the next run the files of this one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lsops.errors import UsageError
from lsops.preview.pair import ConfigPair

RECORD = "preview.json"
FORMAT = "lsops.preview/1"
LARGEST = 16 * 1024 * 1024
"""Bytes of a record, or of a picture, beyond which it is none of ours."""
PNG = b"\x89PNG\r\n\x1a\n"
_OURS = re.compile(r"index\.html|[0-9]+-(?:before|after)\.(?:html|png)|assets/(?:fonts/)?\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture in the folder: its file's name, and the pair that it is of."""

    name: str
    pair: int


def digest(config: str) -> str:
    """What a label config is found by: a picture is shown for the very text that was drawn, and for no other."""
    return sha256(config.encode("utf-8", "surrogatepass")).hexdigest()


def record(pairs: tuple[ConfigPair, ...], files: Collection[str], editor: str = "") -> bytes:
    """The record of a folder with these files."""
    listed = [_entry(number, pair, files) for number, pair in enumerate(pairs, 1)]
    made = {"format": FORMAT, "editor": editor, "pairs": listed, "files": sorted(files)}
    return (json.dumps(made, indent=2) + "\n").encode()


def _entry(number: int, pair: ConfigPair, files: Collection[str]) -> dict[str, Any]:
    sides: dict[str, Any] = {
        side: {"config": digest(config), "picture": name if (name := f"{number}-{side}.png") in files else None}
        for side, config in pair.sides
    }
    return {"address": pair.address, "page": f"index.html#pair-{number}", **sides}


def files_of(folder: Path) -> Iterator[str]:
    """What an earlier run made in a folder, by its record; nothing else that the record may name."""
    try:
        names = _read(folder).get("files")
    except UsageError:
        return
    for name in names if isinstance(names, list) else []:
        if isinstance(name, str) and _OURS.fullmatch(name):
            yield name


def pictures_in(folder: Path) -> Mapping[tuple[str, str], PictureFile]:
    """The pictures of a folder by address and digest of the label config. Raises: UsageError, LS605."""
    found = {}
    pairs = _read(folder).get("pairs")
    for number, pair in enumerate(pairs if isinstance(pairs, list) else [], 1):
        for side in ("before", "after"):
            name = f"{number}-{side}.png"
            one = pair.get(side) if isinstance(pair, dict) else None
            if isinstance(one, dict) and one.get("picture") == name:
                found[str(pair.get("address")), str(one.get("config"))] = PictureFile(name, number)
    return found


def picture_bytes(folder: Path, name: str) -> bytes:
    """A picture of the folder; empty where the file is none, or a link."""
    file = folder / name
    if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST:
        return b""
    data = file.read_bytes()
    return data if data.startswith(PNG) else b""


def _read(folder: Path) -> dict[str, Any]:
    file = folder / RECORD
    try:
        read = json.loads(file.read_text("utf-8")) if file.stat().st_size <= LARGEST else None
    except (OSError, ValueError, RecursionError) as problem:
        raise _no_record(folder) from problem
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise _no_record(folder)
    return read


def _no_record(folder: Path) -> UsageError:
    hint = f"lsops preview --png -o {folder} makes them"
    return UsageError.of(f"--preview: {folder} has no {RECORD} of lsops preview", code="LS605", hint=hint)
