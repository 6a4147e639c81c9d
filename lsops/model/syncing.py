"""How far the sync of a storage is, as its row on the server says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class SyncState:
    """`count` is how many tasks or annotations were moved so far, `existed` how many were there before.

    `run` tells one sync from the next: it is another value as soon as the server begins a new one. `idle` has never
    been synced. `reason` says in one line why it failed.
    """

    phase: Literal["idle", "running", "done", "failed"]
    count: int = 0
    existed: int = 0
    reason: str = ""
    run: Any = None
