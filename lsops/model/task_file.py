"""A file of tasks that a manifest names, as far as a plan needs to know it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskFile:
    """What a file holds: its name below the manifest's folder, its counts, and the SHA-256 of its text as hex."""

    name: str
    digest: str
    tasks: int
    annotations: int = 0
    predictions: int = 0
