"""The files of a git revision, as a manifest's folder: what it may name there obeys the rules of a folder on disk.

A file is asked for when it is read, and none is written anywhere.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lsops.errors import UsageError
from lsops.manifest.files import MAX_BYTES, MAX_PATH, MAX_YAML_BYTES, FileProblem, Folder, decoded, refuse_way
from lsops.manifest.git import Blobs, Repository
from lsops.manifest.globbing import Globs, Listed

MOST_LINKS = 40
"""Links on one way, as many as a system follows."""
SUBMODULE = 0o160000
OUTSIDE = ".."
NOT_OURS = "whose files are in no revision of this repository (--base DIR can compare with a checkout of both)"


class Blob(NamedTuple):
    """One file, link or submodule of a revision; `number` is the id of what it holds."""

    mode: int
    number: str


@dataclass
class Tree:
    """What a revision holds below a folder. Paths are relative to it, without a `/` at their ends; its own is `""`.

    `prefix` are the parts of the way from the root of the repository to it.
    """

    files: dict[str, Blob]
    blobs: Blobs
    prefix: tuple[str, ...] = ()
    folders: dict[str, dict[str, Blob | None]] = field(default_factory=dict)
    _read: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folders[""] = {}
        for path, blob in self.files.items():
            above, name = posixpath.split(path)
            self._folder(above)[name] = blob

    def _folder(self, path: str) -> dict[str, Blob | None]:
        found = self.folders.get(path)
        if found is None:
            above, name = posixpath.split(path)
            self._folder(above)[name] = None
            found = self.folders[path] = {}
        return found

    def real(self, path: str) -> str:
        """The path itself, whatever links lead to it; `..` where they lead out, or in a circle."""
        done: list[str] = []
        waiting, links = [*self.prefix, *path.split("/")], 0
        while waiting:
            part = waiting.pop(0)
            if part == OUTSIDE:
                if not done:
                    return OUTSIDE
                done.pop()
            elif part not in ("", "."):
                done.append(part)
                target = self._target("/".join(done[len(self.prefix) :])) if self._is_inside(done) else None
                if target is not None:
                    links += 1
                    if links > MOST_LINKS or posixpath.isabs(target):
                        return OUTSIDE
                    done.pop()
                    waiting = [*target.split("/"), *waiting]
        return "/".join(done[len(self.prefix) :]) if self._is_inside(done) else OUTSIDE

    def _is_inside(self, parts: Sequence[str]) -> bool:
        return tuple(parts[: len(self.prefix)]) == self.prefix

    def _target(self, path: str) -> str | None:
        """Where a link leads; None where it is none."""
        blob = self.files.get(path)
        if blob is None or not stat.S_ISLNK(blob.mode):
            return None
        return os.fsdecode(self.blobs.read(blob.number, MAX_PATH) or b"/")

    def read(self, path: str, limit: int) -> bytes:
        """The content of a regular file; `FileProblem` where it is none, is too large or is not here."""
        blob = self.files.get(path)
        if blob is None:
            if path in self.folders:
                raise FileProblem("unreadable", "it is a folder")
            raise self._missing(path)
        if not stat.S_ISREG(blob.mode):
            raise FileProblem("unreadable", "it is a folder")
        data = self._read.pop(path, None) or self.blobs.read(blob.number, limit)
        if data is None:
            raise FileProblem(
                "unreadable", "this clone has the revision without it; git fetch --refetch gets all files"
            )
        if len(data) > limit:
            raise FileProblem("unreadable", f"it is larger than {limit:,} bytes")
        return data

    def expect(self, paths: Iterable[str]) -> None:
        """Get the files that will be read next, in one go."""
        known = {path: blob for path in paths if (blob := self.files.get(path)) and stat.S_ISREG(blob.mode)}
        found = self.blobs.read_all([blob.number for blob in known.values()], MAX_YAML_BYTES)
        self._read |= {path: data for path, data in zip(known, found, strict=True) if data is not None}

    def is_submodule(self, path: str) -> bool:
        """Whether another repository stands there."""
        blob = self.files.get(path)
        return blob is not None and blob.mode == SUBMODULE

    def _missing(self, path: str) -> FileProblem:
        above = path
        while above := posixpath.dirname(above):
            if self.is_submodule(above):
                return FileProblem("unreadable", f"it lies in the submodule {above}, {NOT_OURS}")
        return FileProblem("missing", "there is no such file")


def tree_of(repository: Repository, number: str, blobs: Blobs) -> Tree:
    """What stands in the tree of that id. Raises: UsageError."""
    told = repository.ask("ls-tree", "-r", "-z", "--full-tree", number)
    if told.code != 0:
        hint = "a clone that lacks parts of its history gets them by git fetch --refetch"
        raise UsageError.of("git cannot list the files of the revision", code="LS611", hint=hint)
    files: dict[str, Blob] = {}
    for row in told.out.split(b"\0"):
        head, mark, name = row.partition(b"\t")
        parts = os.fsdecode(name).split("/")
        # git makes no such names; who makes objects by hand may.
        if mark and not {"", ".", ".."} & set(parts):
            mode, _, object_id = head.decode("ascii").split(" ")
            files["/".join(parts)] = Blob(int(mode, 8), object_id)
    return Tree(files, blobs, tuple(filter(None, repository.prefix.split("/"))))


class TreeFolder(Folder):
    """A manifest's folder as a revision has it.

    `overlays` has the files of the revision that the command line names, by their paths on disk; others are read there.
    """

    def __init__(self, root: Path, tree: Tree, overlays: dict[str, bytes]) -> None:
        super().__init__(root)
        self.tree = tree
        self.overlays = overlays

    def read(self, name: str, limit: int = MAX_BYTES) -> str:
        real = self.tree.real(name)
        if real != name:
            refuse_way(real.split("/"))
        return decoded(self.tree.read(real, limit))

    def given(self, path: str) -> str:
        known = self.overlays.get(os.path.realpath(path))
        if known is None:
            return super().given(path)
        if len(known) > MAX_YAML_BYTES:
            raise FileProblem("unreadable", f"it is larger than {MAX_YAML_BYTES:,} bytes")
        return decoded(known)

    def globs(self) -> Globs:
        return TreeGlobs(self.root, self.tree)


class TreeGlobs(Globs):
    """Finds files in a revision, by the paths that they would have on disk."""

    def __init__(self, root: str, tree: Tree) -> None:
        super().__init__(root)
        self._base, self._tree = root.rstrip("/"), tree

    def find(self, name: str) -> list[str]:
        found = super().find(name)
        self._tree.expect(found)
        return found

    def real(self, path: str) -> str:
        found = self._tree.real(self._below(path))
        return posixpath.normpath(posixpath.join(self._base, found)) if found != OUTSIDE else OUTSIDE

    def listing(self, path: str) -> Iterator[Listed]:
        below = self._below(path)
        if self._tree.is_submodule(below):
            raise OSError(f"it is a submodule, {NOT_OURS}")
        for name, blob in self._tree.folders.get(below, {}).items():
            if not name.startswith("."):
                is_link = blob is not None and stat.S_ISLNK(blob.mode)
                target = self._tree.real(posixpath.join(below, name)) if is_link else ""
                is_folder = blob is None or blob.mode == SUBMODULE or (is_link and self._is_folder(target))
                yield Listed(name, is_folder, is_folder and is_link)

    def _is_folder(self, target: str) -> bool:
        """A link out of the root is one, so that it is a match that nobody can read, as on disk."""
        return target == OUTSIDE or target in self._tree.folders

    def _below(self, path: str) -> str:
        return path[len(self._base) + 1 :]
