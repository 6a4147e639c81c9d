"""A file of tasks that a manifest names, as far as a plan needs to know it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TaskFile:
    """What a file holds: its name below the manifest's folder, its counts, and the SHA-256 of its text as hex."""

    name: str
    digest: str
    tasks: int
    annotations: int = 0
    predictions: int = 0


@dataclass(frozen=True, slots=True)
class Supply:
    """Where data of a manifest comes from: the folder below which its files are, and whether to send no more."""

    folder: Path
    stopped: Callable[[], bool]
