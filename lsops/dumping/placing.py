"""Writing the files of a manifest: all of them or none, nothing through a link, and nothing over what is there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lsops.errors import UsageError

if TYPE_CHECKING:
    from typing_extensions import Self


def place_files(files: Mapping[str, str], folder: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write texts below a folder, which is made where it is missing; their paths.

    They are written beside their places first and then moved there. What fails takes back what was moved, so that the
    folder is as it was. Without `force` nothing that is there is replaced.

    Raises:
        UsageError: something is there already, a link is in the way, or a file cannot be written.
    """
    targets = {name: folder.joinpath(*name.split("/")) for name in files}
    _refuse_links(folder, targets.values())
    if not force:
        _refuse_taken(targets.values())
    made: list[Path] = []
    try:
        _place(files, targets, folder, made)
    except BaseException as problem:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir()
        if not isinstance(problem, OSError):
            raise
        message = f"{folder} cannot be written to: {problem.strerror}; nothing was written"
        raise UsageError.of(message) from problem
    return tuple(targets.values())


def refuse_place(folder: Path, name: str, *, force: bool = False) -> None:
    """Raises: UsageError, where a file of that name cannot be written to a folder, before the others are known."""
    _refuse_links(folder, [folder / name])
    if not force:
        _refuse_taken([folder / name])


def _place(files: Mapping[str, str], targets: Mapping[str, Path], folder: Path, made: list[Path]) -> None:
    _make(folder, made)
    with _Moves(folder) as moves:
        for name, text in files.items():
            moves.write(name, text)
        for name, target in targets.items():
            _make(target.parent, made)
            moves.move(name, target)
        moves.keep()


def files_beside(folder: Path, names: Iterable[str]) -> frozenset[str]:
    """The YAML files in folders below one, as a dump names them: a glob of its `include` would find them."""
    found = (path for name in names for path in (folder / name).glob("*.yaml"))
    return frozenset(path.relative_to(folder).as_posix() for path in found)


class _Moves:
    """A folder for what comes and what goes, inside the one that is written to; without `keep` all is taken back."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=".lsops-", dir=folder))
        self._done: list[tuple[Path, Path | None]] = []
        self._kept = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for target, before in () if self._kept else reversed(self._done):
            with suppress(OSError):
                target.unlink() if before is None else before.replace(target)
        shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, name: str, text: str) -> None:
        path = self._folder / "new" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def move(self, name: str, target: Path) -> None:
        """Put a file into its place; what was there is kept until all are."""
        _refuse_links(self._folder.parent, [target])
        before = self._folder / "old" / str(len(self._done)) if target.exists() else None
        if before is not None:
            before.parent.mkdir(exist_ok=True)
            target.replace(before)
            shutil.copymode(before, self._folder / "new" / name)
            self._done.append((target, before))
        (self._folder / "new" / name).replace(target)
        if before is None:
            self._done.append((target, None))

    def keep(self) -> None:
        self._kept = True


def _make(folder: Path, made: list[Path]) -> None:
    """The folder, with those above it; what was missing is noted, the uppermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        made.append(path)


def _refuse_links(folder: Path, targets: Iterable[Path]) -> None:
    """Raises: UsageError, for a link where a file or a folder is to be, or one in place of the other."""
    seen: set[Path] = set()
    for target in targets:
        between = [path for path in target.parents if path != folder and path.is_relative_to(folder)]
        for path in (*between, target):
            if path in seen:
                continue
            seen.add(path)
            if path.is_symlink():
                raise UsageError.of(
                    f"{path} is a link, nothing was written", code="LS620", hint="dump elsewhere: -o DIR"
                )
            if path.exists() and path.is_dir() is (path == target):
                raise UsageError.of(f"{path} is in the way, nothing was written", code="LS620")


def _refuse_taken(targets: Iterable[Path]) -> None:
    taken = [path for path in targets if os.path.lexists(path)]
    if taken:
        more = f" and {len(taken) - 1} more are" if len(taken) > 1 else " is"
        message = f"{taken[0]}{more} there already, nothing was written"
        raise UsageError.of(message, code="LS620", hint="dump elsewhere with -o DIR, or give --force to replace them")
