"""Where an editor's files are read: an unpacked wheel, a wheel, a server; each as a function of paths in the wheel."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from lsops.errors import LsopsError
from lsops.preview.editor.bundle import Files
from lsops.preview.editor.finder import APP, FONTS

LARGEST = 16 * 1024 * 1024
"""Bytes of one file; the largest of 1.16 to 1.23.2 has 4 MiB."""
_WANTED = re.compile(
    r"web/dist/apps/labelstudio/[\w.-]+\.(?:js|css|wasm|txt)|label_studio/core/static/fonts/[\w.-]+"
    r"|label_studio/feature_flags\.json|label_studio-[\w.]+\.dist-info/(?:licenses/)?LICENSE",
    re.ASCII,
)
_LABELS = re.compile(r"label_studio-(\d+(?:\.\d+){1,3})\.dist-info")


def is_wanted(path: str) -> bool:
    """Whether a path of a wheel can be a file of the editor: nothing that leads elsewhere is."""
    return _WANTED.fullmatch(path) is not None and ".." not in path


def folder_files(root: Path) -> Files:
    """Those of a folder that has a wheel's files; nothing outside it is read."""
    real = root.resolve()

    def read(path: str) -> bytes | None:
        file = real / path
        if not is_wanted(path) or not file.is_file() or not file.resolve().is_relative_to(real):
            return None
        return _bounded(path, file.stat().st_size, file.read_bytes)

    return read


def zip_files(archive: zipfile.ZipFile) -> Files:
    """Those of a wheel that nobody has unpacked."""

    def read(path: str) -> bytes | None:
        try:
            entry = archive.getinfo(path)
        except KeyError:
            return None
        if not is_wanted(path):
            return None
        with archive.open(entry) as stream:
            return _bounded(path, entry.file_size, lambda: stream.read(LARGEST + 1))

    return read


def served_files(fetch: Callable[[str], bytes | None]) -> Files:
    """Those of a server, which has the app and its fonts at other paths and asks for no login there."""

    def read(path: str) -> bytes | None:
        for folder, place in ((APP, "/react-app/"), (FONTS, "/static/fonts/")):
            if path.startswith(folder) and is_wanted(path):
                return _served(path, fetch(place + path[len(folder) :]))
        return None

    return read


def _served(path: str, data: bytes | None) -> bytes | None:
    """None also for a page of a server that has one for every path."""
    return None if data is None or data.lstrip()[:1] == b"<" else _bounded(path, len(data), lambda: data)


def _bounded(path: str, size: int, read: Callable[[], bytes]) -> bytes:
    data = read() if size <= LARGEST else b""
    if size > LARGEST or len(data) > LARGEST:
        raise LsopsError.of(f"{path} of the editor has more than {LARGEST >> 20} MiB", code="LS640")
    return data


def root_of(place: Path) -> Path | None:
    """The folder that a wheel's paths begin in, of which `place` is that one, one above it or one inside it."""
    for root in (place, *place.absolute().parents):
        if (root / APP / "runtime.js").is_file():
            return root
    below = (one for depth in ("*", "*/*", "*/*/*", "*/*/*/*") for one in sorted(place.glob(depth)))
    return next((root for root in below if (root / APP / "runtime.js").is_file()), None)


def release_in(root: Path) -> str:
    """The release that an unpacked wheel says it is; `""` where it does not."""
    found = (_LABELS.fullmatch(one.name) for one in sorted(root.glob("label_studio-*.dist-info")))
    return next((match[1] for match in found if match), "")
