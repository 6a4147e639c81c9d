"""A folder of this machine: files 0600, folders 0700, and no way through a link below it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lsops.depot.contract import PART, Depot, Stored
from lsops.depot.trouble import DepotError, checked

BEGUN = ".lsops-"
"""With which the name of a file begins that is not written to its end."""


class LocalDepot(Depot):
    """A folder, made on the first write. The folder itself may be reached through links."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        return str(self._folder)

    def write(self, name: str, parts: Iterable[bytes]) -> Stored:
        path = self._path(name)
        with _as_trouble(f"{path} cannot be written"):
            self._make_way(path.parent)
            number, temporary = tempfile.mkstemp(prefix=BEGUN, suffix=".tmp", dir=path.parent)
            try:
                with os.fdopen(number, "wb") as file:
                    stored = copied(parts, file.write)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(path)
            except BaseException:
                with suppress(OSError):
                    Path(temporary).unlink()
                raise
            _settle(path.parent)
        return stored

    def read(self, name: str) -> Iterator[bytes]:
        path = self._path(name)
        with _as_trouble(f"{path} cannot be read"), open(path, "rb", opener=_no_link) as file:
            while part := file.read(PART):
                yield part

    def size(self, name: str) -> int | None:
        path = self._path(name)
        with _as_trouble(f"{path} cannot be read"):
            try:
                return path.lstat().st_size
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        path = self._path(name)
        with _as_trouble(f"{path} cannot be removed"):
            path.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        with _as_trouble(f"{self._folder} cannot be read"):
            found = [
                (Path(folder) / file).relative_to(self._folder).as_posix()
                for folder, _, files in os.walk(self._folder)
                for file in files
                if not file.startswith(BEGUN)
            ]
        yield from sorted(found)

    def _path(self, name: str) -> Path:
        path = self._folder
        for part in checked(name):
            if path != self._folder and path.is_symlink():
                raise DepotError.of(f"{path} is a link")
            path /= part
        if path.is_symlink():
            raise DepotError.of(f"{path} is a link")
        return path

    def _make_way(self, folder: Path) -> None:
        """Make the folders that are missing, for their owner alone."""
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)


def copied(parts: Iterable[bytes], write: Callable[[bytes], object]) -> Stored:
    """Hand every part on, and count and digest them."""
    size, md5, sha256 = 0, hashlib.md5(usedforsecurity=False), hashlib.sha256()
    for part in parts:
        write(part)
        size += len(part)
        md5.update(part)
        sha256.update(part)
    return Stored(size, md5.hexdigest(), sha256.hexdigest())


@contextmanager
def _as_trouble(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise DepotError.of(f"{what}: {problem.strerror or problem}") from problem


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _settle(folder: Path) -> None:
    """Have the folder's own entry on the disk, so that a name that was moved into place is there after a power cut."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
