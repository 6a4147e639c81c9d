"""A manifest's folder as it would be: files on disk, and texts in place of some or beside them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from lsops.manifest.files import MAX_BYTES, FileProblem, Folder
from lsops.manifest.globbing import Globs, Listed


class DraftFolder(Folder):
    """The files below a root, of which some have other texts, and some are not there yet."""

    def __init__(self, root: Path, texts: Mapping[str, str]) -> None:
        super().__init__(root)
        self._texts = texts

    def read(self, name: str, limit: int = MAX_BYTES) -> str:
        text = self._texts.get(name)
        if text is None:
            return super().read(name, limit)
        if len(text) > limit // 4 and len(text.encode()) > limit:
            raise FileProblem("unreadable", f"it is larger than {limit:,} bytes")
        return text

    def globs(self) -> Globs:
        return _DraftGlobs(self.root, self._texts)


class _DraftGlobs(Globs):
    def __init__(self, root: str, names: Mapping[str, str]) -> None:
        super().__init__(root)
        self._base = root.rstrip("/")
        self._files = names
        self._folders = {above for name in names for above in _above(name)}

    def listing(self, path: str) -> Iterator[Listed]:
        seen: set[str] = set()
        if Path(path).is_dir():
            for one in super().listing(path):
                seen.add(one.name)
                yield one
        here = path[len(self._base) + 1 :]
        for name in (*self._folders, *self._files):
            if posixpath.dirname(name) == here and posixpath.basename(name) not in seen:
                seen.add(posixpath.basename(name))
                yield Listed(posixpath.basename(name), name in self._folders, False)


def _above(name: str) -> Iterator[str]:
    while name := posixpath.dirname(name):
        yield name
