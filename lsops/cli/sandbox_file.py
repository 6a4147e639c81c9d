"""Where the built-in sandbox may keep its file: a pull request must not aim it at another one by a link."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lsops.errors import UsageError

FOLDER, NAME = ".lsops", "sandbox.db"
BESIDE = ("", "-journal", "-wal", "-shm")
"""What SQLite writes: the file, and those that it puts beside it."""


def own_file(root: Path) -> Path:
    """The sandbox's file of a manifest's folder. Raises: UsageError, where it or its folder is a link."""
    folder = root / FOLDER
    mode = _mode(folder)
    if stat.S_ISLNK(mode):
        raise _is_link(folder)
    if mode and not stat.S_ISDIR(mode):
        raise UsageError.of(
            f"{folder} is no folder", code="LS201", hint="the sandbox keeps its file in it; move it away"
        )
    return named_file(folder / NAME)


def named_file(path: Path) -> Path:
    """A file of a sandbox that the command line names, wherever it lies. Raises: UsageError, where it is a link."""
    if not path.name:  # such as `.` and `/`
        raise _is_no_file(path)
    for suffix in BESIDE:
        file = path.with_name(path.name + suffix)
        mode = _mode(file)
        if stat.S_ISLNK(mode):
            raise _is_link(file)
        if mode and not stat.S_ISREG(mode):
            raise _is_no_file(file)
    return path


def made_folder(path: Path) -> None:
    """Make the folder of a sandbox's file where it is missing. Raises: UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        message = f"the sandbox's folder {path.parent} cannot be made: {problem.strerror}"
        raise UsageError.of(message, code="LS201") from problem


def _mode(path: Path) -> int:
    """What stands at a path, links not followed; 0 where nothing does."""
    try:
        return os.lstat(path).st_mode
    except (OSError, ValueError):
        return 0


def _is_no_file(path: Path) -> UsageError:
    return UsageError.of(f"{path} is no regular file", code="LS201", hint="name another one with sandbox:PATH")


def _is_link(path: Path) -> UsageError:
    return UsageError.of(
        f"{path} is a link, and the sandbox does not write through one",
        code="LS302",
        hint="remove it, or name the file itself with --server sandbox:PATH",
    )
