"""What the row of a storage says of its sync (Community facts 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lsops.kinds.reader import Row
from lsops.model.syncing import SyncState

RUNNING: Final = ("queued", "in_progress")
DONE: Final = "completed"
FAILED: Final = ("failed", "completed_with_errors")
"""The latter has moved what it could: what it could not is in its traceback."""
NO_REASON: Final = "the server does not say why"


def state_of(row: Row) -> SyncState:
    """How far the sync of a row is. A status that is not known counts as running: it is not the end of one."""
    notes = row.get("meta")
    meta: Mapping[str, Any] = notes if isinstance(notes, dict) else {}
    status, run = row.get("status"), (meta.get("attempts"), meta.get("time_queued"), row.get("last_sync_job"))
    counts = _number(row.get("last_sync_count")), _number(meta.get("tasks_existed"))
    if status in (None, "initialized"):
        return SyncState("idle", *counts, run=run)
    if status == DONE:
        return SyncState("done", *counts, run=run)
    if status in FAILED:
        return SyncState("failed", *counts, reason=last_line(row.get("traceback")), run=run)
    return SyncState("running", *counts, run=run)


def last_line(traceback: object) -> str:
    """What a traceback ends with, which is the error; the lines above it are the server's own code."""
    lines = traceback.strip().splitlines() if isinstance(traceback, str) else ()
    return next((text.strip() for text in reversed(lines) if text.strip()), NO_REASON)


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
