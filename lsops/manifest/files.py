"""Which files a manifest may name, and reading them: regular files under its root, without links out of it."""

# A manifest may have ten thousand files, and pathlib takes many times as long as os.path.
# ruff: noqa: PTH112, PTH114, PTH117, PTH118, PTH120, PTH206

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from lsops.manifest.globbing import Globs

MAX_BYTES = 1024 * 1024
"""How large a file of `${file:}` may be."""
MAX_YAML_BYTES = 64 * MAX_BYTES
"""How large the manifest, an included file or an overlay may be."""
MAX_PATH = 4096
"""Characters of a path: no system opens a longer one."""
MANIFEST = "lsops.yaml"
MOUNTED = (
    ", as all files of a mounted ConfigMap or Secret do: "
    "mount them by subPath, take the manifest from an image or clone it with git"
)
"""Kubernetes mounts such a volume as links through `..data` to a folder `..2026_11_28_…`, which it exchanges whole."""

Trouble = Literal["path", "missing", "unreadable", "encoding"]


class FileProblem(Exception):
    """A file that cannot be used.

    `kind`: `path` (it may not be named), `missing`, `unreadable`, `encoding` (not UTF-8, at `line` and `column`).
    """

    def __init__(self, kind: Trouble, message: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line
        self.column = column


def read_bytes(path: str, limit: int = MAX_BYTES) -> bytes:
    """The content of a regular file; `FileProblem` where it is none, is too large or cannot be read."""
    try:
        # Without O_NONBLOCK opening a named pipe would wait for a writer.
        handle = os.open(
            path, os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY"))
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileProblem("missing", "there is no such file") from error
    except (OSError, ValueError) as error:
        raise FileProblem("unreadable", f"it cannot be read: {_reason(error)}") from error
    try:
        return _read_regular(handle, limit)
    except OSError as error:
        raise FileProblem("unreadable", f"it cannot be read: {_reason(error)}") from error
    finally:
        os.close(handle)


def _read_regular(handle: int, limit: int) -> bytes:
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        raise FileProblem("unreadable", "it is a folder" if stat.S_ISDIR(mode) else "it is not a regular file")
    data = b"".join(_chunks(handle, limit))
    if len(data) > limit:
        raise FileProblem("unreadable", f"it is larger than {limit:,} bytes")
    return data


def _chunks(handle: int, limit: int) -> Iterator[bytes]:
    """The content, and no more than a chunk beyond the limit: a file may grow while it is read."""
    size = 0
    while size <= limit and (chunk := os.read(handle, MAX_BYTES + 1)):
        size += len(chunk)
        yield chunk


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", "") or "the path is not valid").lower()


def decoded(data: bytes) -> str:
    """UTF-8 as text, a byte order mark dropped; `FileProblem` with the place of the first wrong byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"it is not UTF-8: byte {data[error.start]:#04x} on line {line}"
        raise FileProblem("encoding", message, line=line, column=column) from error


class Folder:
    """A manifest's root and the rules for what lies under it.

    Names are relative to the root, with `/`, and normal: what a `Source` shows.
    """

    def __init__(self, root: Path) -> None:
        self.root = os.path.realpath(root)
        self._prefix = self.root.replace(os.sep, "/").rstrip("/") + "/"
        self._safe: set[str] = set()

    def name(self, base: str, path: str) -> str:
        """The name of `path` as written in the file `base`; `FileProblem` where the path may not be named."""
        if not path.strip():
            raise FileProblem("path", "the path is empty")
        if len(path) > MAX_PATH:
            raise FileProblem("path", f"the path is longer than {MAX_PATH:,} characters")
        if "\0" in path or "\\" in path:
            raise FileProblem("path", "the path holds a character that is not allowed")
        if posixpath.isabs(path):
            raise FileProblem("path", "the path is absolute; write it relative to the file that names it")
        if any(part.startswith(".") and part not in (".", "..") for part in path.split("/")):
            raise FileProblem("path", "a part of the path begins with a dot")
        full = posixpath.normpath(posixpath.join(self._prefix, posixpath.dirname(base), path))
        if not full.startswith(self._prefix):
            raise FileProblem("path", "the path leaves the manifest's folder")
        return full[len(self._prefix) :]

    def full(self, name: str) -> str:
        """The path of a name on disk; `FileProblem` where a link leads out of the root or into a hidden folder."""
        full = os.path.join(self.root, *name.split("/"))
        parent = posixpath.dirname(name)
        if parent not in self._safe:
            self._refuse_links(os.path.dirname(full))
            self._safe.add(parent)
        if os.path.islink(full):
            self._refuse_links(full)
        return full

    def read(self, name: str, limit: int = MAX_BYTES) -> str:
        """The text of a file by its name; `FileProblem` where it cannot be used."""
        return decoded(read_bytes(self.full(name), limit))

    def given(self, path: str) -> str:
        """The text of a file that the command line names, wherever it lies; `FileProblem` where it cannot be used."""
        return decoded(read_bytes(path, MAX_YAML_BYTES))

    def globs(self) -> Globs:
        """What finds files in it."""
        return Globs(self.root)

    def _refuse_links(self, path: str) -> None:
        real = os.path.realpath(path)
        if real != self.root:
            refuse_way(os.path.relpath(real, self.root).split(os.sep))


def refuse_way(below: Sequence[str]) -> None:
    """`FileProblem` where links lead to what no manifest may name; `below` are the parts of the way from its root."""
    if ".." in below or os.path.isabs(below[0]):
        raise FileProblem("path", "a link leads out of the manifest's folder")
    hidden = next((part for part in below if part.startswith(".")), None)
    if hidden is not None:
        message = "a link leads into a folder whose name begins with a dot"
        raise FileProblem("path", message + (MOUNTED if hidden.startswith("..") else ""))


def locate(path: Path) -> tuple[Path, str]:
    """The root of a manifest and its file's name: `path` is a folder with `lsops.yaml` or the file."""
    return (path, MANIFEST) if os.path.isdir(path) else (path.parent, path.name)
