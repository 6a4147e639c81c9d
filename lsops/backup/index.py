"""What a backup holds, as its index says it. Reading one believes nothing: types, bounds and sums are checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from lsops.errors import Finding, LsopsError

FORMAT: Final = "lsops.backup-index/1"
INDEX: Final = "index.json"
SORTS: Final = ("manifest", "tasks", "comments", "files")
"""What the parts of an entry are of, in the order in which they are written."""
COUNTED: Final = ("tasks", "annotations", "drafts", "predictions", "comments", "files")
LARGEST_INDEX: Final = 16 * 1024 * 1024
LARGEST_PART: Final = 72 * 1024 * 1024
MOST: Final = 10**12
"""No number of a backup is larger."""
_ID: Final = re.compile(r"[0-9a-f]{16}")
_SUM: Final = re.compile(r"[0-9a-f]{64}")


class BadBackup(LsopsError):
    """A backup that cannot be used as it is."""

    exit_code = 3
    code = "LS665"


def damaged(message: str) -> BadBackup:
    """What is there is not what was written."""
    hint = "nothing was written; get an undamaged copy of it"
    return BadBackup([Finding("LS666", message, hint=hint)])


@dataclass(frozen=True, slots=True)
class Part:
    """One file of JSON Lines: its size in bytes, its SHA-256 in hexadecimal digits, and its number of lines."""

    bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """One project: where it stood, what it holds, and its parts by what they are of.

    `people` are the e-mails of those who annotated, drafted or commented.
    """

    address: str
    counts: Mapping[str, int]
    people: tuple[str, ...] = ()
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BackupIndex:
    """All of a backup: `id` is 16 hexadecimal digits that no other has, `server` the URL that it was made of."""

    id: str
    created: str
    server: str
    edition: str
    release: str
    entries: tuple[SavedEntry, ...]

    def text(self) -> str:
        """The index as it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2, ensure_ascii=False) + "\n"


def part_name(number: int, sort: str, part: int) -> str:
    """The name of a part of the entry of that number; both are counted from 1."""
    return f"{number:04d}/{sort}-{part:04d}.jsonl"


def saved_file_name(number: int, key: str) -> str:
    """The name of an uploaded file of an entry."""
    return f"{number:04d}/files/{key}"


# ---- reading -------------------------------------------------------------------------------------


def parse_index(data: bytes) -> BackupIndex:
    """The index in a text. Raises: BadBackup."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise BadBackup.of(f"{INDEX} is not JSON") from problem
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, dict) else None
        message = f"{INDEX} is not the index of a backup, or of another version: its format is {found!r}"
        raise BadBackup.of(message, hint=f"this lsops reads {FORMAT}")
    entries = _list(document, "entries", 9999)
    told = {name: _text(document, name) for name in ("created", "server", "edition", "release")}
    return BackupIndex(_text(document, "id", _ID), **told, entries=tuple(parse_entry(entry) for entry in entries))


def parse_entry(document: Any, *, whole: bool = True) -> SavedEntry:
    """One entry; one that is not `whole` may lack parts. Raises: BadBackup."""
    if not isinstance(document, dict):
        raise _wrong("entries")
    told, parts = document.get("counts"), document.get("parts")
    if not isinstance(told, dict) or not isinstance(parts, dict) or set(parts) - set(SORTS):
        raise _wrong("entries")
    entry = SavedEntry(
        _text(document, "address", re.compile(r"/[^/]+/[^/]+")),
        {name: _number(told, name) for name in COUNTED},
        tuple(str(one)[:254] for one in _list(document, "people", 1_000_000)),
        {sort: tuple(_part(one) for one in _list(parts, sort, 9999)) for sort in SORTS if sort in parts},
    )
    for sort in ("tasks", "comments", "files") if whole else ():
        if sum(part.rows for part in entry.parts.get(sort, ())) != entry.counts[sort]:
            raise damaged(f"{INDEX}: the parts of {entry.address} do not hold as many {sort} as it says")
    return entry


def _part(document: Any) -> Part:
    if not isinstance(document, dict):
        raise _wrong("parts")
    part = Part(_number(document, "bytes"), _text(document, "sha256", _SUM), _number(document, "rows"))
    if part.bytes > LARGEST_PART or part.rows > part.bytes:
        raise damaged(f"{INDEX}: a part of {part.bytes:,} bytes with {part.rows:,} lines is none")
    return part


def _text(document: Mapping[str, Any], name: str, form: re.Pattern[str] | None = None) -> str:
    value = document.get(name)
    if not isinstance(value, str) or len(value) > 4096 or (form is not None and not form.fullmatch(value)):
        raise _wrong(name)
    return value


def _number(document: Mapping[str, Any], name: str) -> int:
    value = document.get(name)
    if type(value) is not int or not 0 <= value <= MOST:
        raise _wrong(name)
    return value


def _list(document: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = document.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise _wrong(name)
    return value


def _wrong(name: str) -> BadBackup:
    return damaged(f"{INDEX}: {name} is missing or is not what it must be")
