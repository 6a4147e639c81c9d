"""Storages as they are kept, found and shown: one table for all of them, and ids per type and side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.sandbox.envelope import Crash, Missing
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects import permitted as project_of
from lsops.sandbox.resources.projects.scope import visible
from lsops.sandbox.resources.storages.fields import StorageKind
from lsops.sandbox.resources.storages.unknowns import TITLE, drop_tasks, hidden
from lsops.sandbox.store import Column, Document, Store, Table
from lsops.sandbox.unique import refuse_second

FILES_ROOT = "files root"
_NAME = "storage"
SAME = ("project", "side", "type", "title")
"""What two storages may not have in common where titles are unique."""
TABLE = Table(_NAME, (Column("project", references="project"), Column("side"), Column("type"), Column("number")))


def project_in(call: Call, text: str) -> int:
    """The id of the project that a query names."""
    try:
        return int(project_of(call, int(text))["id"])
    except ValueError:
        raise Missing("Not found.") from None


def rows(call: Call, side: str, project: int) -> list[Document]:
    """The storages of one side of a project, of all types."""
    return call.store.find(_NAME, "project = ? AND side = ?", (project, side), order="number")


def insert(kind: StorageKind, call: Call, storage: Mapping[str, Any]) -> Document:
    """Add a storage under the next id of its sequence; none is used twice."""
    note = f"last {kind.sequence} storage"
    number = int(call.store.note(note) or 0) + 1
    call.store.set_note(note, str(number))
    ours = {"type": kind.type.name, "side": kind.side, "number": number, "created_at": now()}
    made = {**storage, **ours}
    refuse_second(call, TITLE, _NAME, made, SAME)
    return call.store.insert(_NAME, made)


def found(kind: StorageKind, call: Call, number: int) -> Document:
    """The storage, or 404."""
    storage = stored(kind, call, number)
    if storage is None or not visible(call, storage["project"]):
        raise Missing.of(kind.model)
    return storage


def stored(kind: StorageKind, call: Call, number: int) -> Document | None:
    """The storage with that id of its own sequence."""
    where = "type = ? AND side = ? AND number = ?"
    return next(iter(call.store.find(_NAME, where, (kind.type.name, kind.side, number))), None)


def keep(call: Call, storage: Document) -> None:
    """Write a storage that changed."""
    call.store.replace(_NAME, storage)


def files_root(store: Store) -> str:
    """The folder below which local files are served, as the server's LOCAL_FILES_DOCUMENT_ROOT."""
    return store.note(FILES_ROOT) or "/data"


def drop(call: Call, storage: Document) -> None:
    """Delete a storage."""
    drop_tasks(call, storage)
    call.store.delete(_NAME, storage["id"])


def number_in(body: Mapping[str, Any]) -> int:
    """The id that a body names; what is no number crashes the server."""
    try:
        return int(body["id"])
    except (ValueError, TypeError):
        raise Crash(f"Field 'id' expected a number but got {body['id']!r}.") from None


def show(call: Call, kind: StorageKind, storage: Document) -> dict[str, Any]:
    """What every answer shows: all fields but the hidden ones, which come back never and in no form."""
    unseen = hidden(call, kind)
    shown = {name: storage[name] for name in kind.fields() if name not in unseen}
    return {"id": storage["number"], "type": kind.type.name, "created_at": storage["created_at"], **shown}
