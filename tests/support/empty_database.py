"""A migrated database without a user, made once per release of the server: a server that starts on a copy is up soon.

The migrations are nine tenths of a first start, half a minute of processor time. The copy is what they make: the server
itself looks at it when it starts, and would bring an older one up to date.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

NAME = "label_studio.sqlite3"
"""What the server calls its database."""
Environment = Callable[[Path], Mapping[str, str]]


def give_empty_database(command: Path, data_dir: Path, environ: Environment) -> None:
    """Copy the database into a new data folder; `environ` is the environment of a server with the data folder given.

    It is kept beside the server, in the server's own environment, and made there if it is lacking.
    """
    kept = kept_beside(command)
    if kept is None:
        return
    with _alone(kept.with_suffix(".lock")):
        if not kept.exists():
            _make(command, kept, environ)
    shutil.copyfile(kept, data_dir / NAME)


def kept_beside(command: Path) -> Path | None:
    """Where the database of this release is kept; None for a server that was not installed by pip."""
    environment = command.resolve().parent.parent
    installed = sorted(environment.glob("lib/python*/site-packages/label_studio-*.dist-info"))
    return environment / f"empty-{installed[0].name.removesuffix('.dist-info')}.sqlite3" if installed else None


def _make(command: Path, kept: Path, environ: Environment) -> None:
    """Every command of the server brings the database up to date first; `version` does nothing else."""
    with TemporaryDirectory(dir=kept.parent) as name:
        folder = Path(name)
        done = subprocess.run(
            [command, "version"], cwd=folder, env=environ(folder), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command} version: exit code {done.returncode}:\n{done.stdout}{done.stderr}")
        (folder / NAME).rename(kept)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """While the block runs, no other process is in a block of the same lock."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
