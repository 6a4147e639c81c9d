"""Syncs: at once on Community, which has no workers; from status to status, one per GET, on Enterprise.

Facts: community-api 3.3, 3.5 and 11. What there is to import is in `objects`; an export counts the annotations of its
project. A filter that does not compile and an object that cannot be read are found out here, and the sync fails with
200, as the server's does. On Enterprise half of an import is there while it is in progress, and a place named
`endless-…` stays so.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone

from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.storages.connection import breaks_syncs, stays_in_progress
from lsops.sandbox.resources.storages.fields import StorageKind
from lsops.sandbox.resources.storages.objects import UnsupportedFileFormatError, import_objects
from lsops.sandbox.store import Document

RUNNING = "running"
"""The key of a stored storage whose sync is on its way; a status that a client wrote does not move."""

_UNREADABLE = "io_storages.exceptions.UnsupportedFileFormatError"
_HALF = 0.5
_SO_FAR = "made_so_far"
_TRACEBACK = "Traceback (most recent call last):\n"
_FAILURE = f"{_TRACEBACK}ConnectionError: the sandbox broke this sync, as it was told to\n"


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
        return _halfway(call, kind, storage)
    if stays_in_progress(storage):
        return _in_progress(storage)
    return finished(call, kind, storage)


def finished(call: Call, kind: StorageKind, storage: Document) -> Document:
    """The storage when its sync has ended, well or not."""
    started = _in_progress(storage)
    ended = {name: value for name, value in started.items() if name != RUNNING}
    if breaks_syncs(storage):
        return _failed(ended, _FAILURE)
    try:
        count, told = _worked(call, kind, storage)
    except re.error as error:
        return _failed(ended, f"{_TRACEBACK}re.error: {error}\n")
    except UnsupportedFileFormatError as error:
        return _failed(ended, f"{_TRACEBACK}{_UNREADABLE}: {error}\n")
    meta = {name: value for name, value in started["meta"].items() if name != _SO_FAR}
    meta |= {"time_completed": _time(), "duration": 0.0, **told}
    return {**ended, "status": "completed", "last_sync": now(), "last_sync_count": count, "meta": meta}


def _failed(storage: Document, traceback: str) -> Document:
    """The storage after a sync that failed: nothing but the status and the traceback tells."""
    meta = {**storage["meta"], "time_failure": _time(), "duration": 0.0}
    nothing = dict.fromkeys(("last_sync", "last_sync_count"))
    return {**storage, **nothing, "status": "failed", "traceback": traceback, "meta": meta}


def _halfway(call: Call, kind: StorageKind, storage: Document) -> Document:
    """An import that is half done shows how many tasks it made so far."""
    started = _in_progress(storage)
    if not kind.imports or breaks_syncs(storage):
        return started
    try:
        count, existed = import_objects(call, storage, _HALF)
    except (re.error, UnsupportedFileFormatError):
        return started
    meta = {**started["meta"], "tasks_existed": existed, _SO_FAR: count}
    return {**started, "last_sync_count": count, "meta": meta}


def _in_progress(storage: Document) -> Document:
    meta = {**storage["meta"], "time_in_progress": _time(), "time_last_ping": _time()}
    return {**storage, "status": "in_progress", "meta": meta}


def _worked(call: Call, kind: StorageKind, storage: Document) -> tuple[int, dict[str, int]]:
    if kind.imports:
        before = (storage["meta"] or {}).get(_SO_FAR, 0)
        count, existed = import_objects(call, storage)
        return count + before, {"tasks_existed": existed - before}
    count = call.store.count("annotation", "project = ?", (storage["project"],))
    return count, {"total_annotations": count}


def _time() -> str:
    return str(datetime.now(timezone.utc))
