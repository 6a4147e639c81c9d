"""Syncs: at once on Community, which has no workers; from status to status, one per GET, on Enterprise.

Facts: community-api 3.3 and 3.5. There is nothing to import here, so an import makes no task; an export counts the
annotations of its project.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.storages.connection import breaks_syncs
from lsops.sandbox.resources.storages.fields import StorageKind
from lsops.sandbox.store import Document

RUNNING = "running"
"""The key of a stored storage whose sync is on its way; a status that a client wrote does not move."""

_FAILURE = "Traceback (most recent call last):\nConnectionError: the sandbox broke this sync, as it was told to\n"


def queued(storage: Document) -> Document:
    """The storage as a sync begins: what the last one left is forgotten."""
    attempts = (storage["meta"] or {}).get("attempts", 0) + 1
    meta = {"attempts": attempts, "time_queued": _time()}
    return {
        **storage,
        "status": "queued",
        "meta": meta,
        **dict.fromkeys(("last_sync", "last_sync_count", "last_sync_job")),
    }


def begun(call: Call, kind: StorageKind, storage: Document) -> Document:
    """The storage after the POST that starts a sync."""
    waiting = queued(storage)
    if call.enterprise:
        return {**waiting, RUNNING: True, "last_sync_job": str(uuid.uuid4())}
    return finished(call, kind, waiting)


def advanced(call: Call, kind: StorageKind, storage: Document) -> Document:
    """The storage at the next look: queued, then in progress, then done."""
    if not storage.get(RUNNING):
        return storage
    if storage["status"] == "queued":
        return _in_progress(storage)
    return finished(call, kind, storage)


def finished(call: Call, kind: StorageKind, storage: Document) -> Document:
    """The storage when its sync has ended, well or not."""
    started = _in_progress(storage)
    ended = {name: value for name, value in started.items() if name != RUNNING}
    if breaks_syncs(storage):
        meta = {**started["meta"], "time_failure": _time(), "duration": 0.0}
        return {**ended, "status": "failed", "traceback": _FAILURE, "meta": meta}
    count, told = _worked(call, kind, storage)
    meta = {**started["meta"], "time_completed": _time(), "duration": 0.0, **told}
    return {**ended, "status": "completed", "last_sync": now(), "last_sync_count": count, "meta": meta}


def _in_progress(storage: Document) -> Document:
    meta = {**storage["meta"], "time_in_progress": _time(), "time_last_ping": _time()}
    return {**storage, "status": "in_progress", "meta": meta}


def _worked(call: Call, kind: StorageKind, storage: Document) -> tuple[int, dict[str, int]]:
    if kind.imports:
        return 0, {"tasks_existed": 0}
    count = call.store.count("annotation", "project = ?", (storage["project"],))
    return count, {"total_annotations": count}


def _time() -> str:
    return str(datetime.now(timezone.utc))
