"""What lies in a place, so that a sync has something to import: told by its name, as whether it can be reached is.

A place whose name begins with `holds-12-` has twelve objects, `1.json` to `12.json` below the prefix; with
`holds-12-jsonl-` or `holds-12-jpg-` they are of that kind; all others are empty. An object is a task: a link to it, or
with `use_blob_urls: false` what it says. Measured: an object of JSON Lines that is read is a task per line (two here),
and one that holds no JSON fails the sync. An object is imported once; a second sync counts its tasks as ones that
existed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.resources.tasks.rows import add_task, next_number
from lsops.sandbox.store import Document

_PLACES = ("bucket", "container", "volume", "host", "path")
_HOLDS = re.compile(r"holds-(\d{1,6})-(?:(jsonl|jpg)-)?")
_LINES = 2
"""Tasks in an object of JSON Lines."""
_LINKED = "SELECT json_extract(doc, '$.storage_filename') FROM task WHERE json_extract(doc, '$.storage') = ?"
_UNREADABLE = (
    'File "{}" is not a JSON/JSONL/Parquet file. Only .json, .jsonl, and .parquet files can be processed.\n'
    "If you're trying to import non-JSON data (images, audio, text, etc.), edit storage settings and enable "
    '"Tasks" import method'
)


class UnsupportedFileFormatError(Exception):
    """An object is to be read and holds no JSON; its text is the server's."""


def import_objects(call: Call, storage: Document, share: float = 1.0) -> tuple[int, int]:
    """Make tasks of the objects that are new, up to a share of all; how many were made, and how many were there.

    Raises: re.error, for a filter that does not compile; UnsupportedFileFormatError.
    """
    names = list(_names(storage))
    known = {name for (name,) in call.store.rows(_LINKED, (storage["id"],))}
    taken = names[: int(len(names) * share)]
    fresh = [name for name in taken if name not in known]
    each = _tasks_in_one(storage, fresh)
    project = call.found("project", storage["project"], "Project")
    first = next_number(call, project)
    rows = [name for name in fresh for _ in range(each)]
    tasks = [_task(call, project, storage, name, number) for number, name in enumerate(rows, first)]
    summary.add_columns(call.store, project["id"], [task["data"] for task in tasks])
    return len(tasks), (len(taken) - len(fresh)) * each


def _names(storage: Document) -> Iterator[str]:
    wanted = re.compile(str(storage["regex_filter"])) if storage.get("regex_filter") else None
    prefix = str(storage.get("prefix") or "").strip("/")
    count, kind = _holds(storage)
    for number in range(1, count + 1):
        name = f"{prefix}/{number}.{kind}" if prefix else f"{number}.{kind}"
        if wanted is None or wanted.match(name):
            yield name


def _holds(storage: Document) -> tuple[int, str]:
    """How many objects are there, and the end of their names."""
    names = (str(storage.get(field) or "").rpartition("/")[2] for field in _PLACES)
    return next(((int(found[1]), found[2] or "json") for name in names if (found := _HOLDS.match(name))), (0, "json"))


def _tasks_in_one(storage: Document, names: Sequence[str]) -> int:
    kind = _holds(storage)[1]
    if storage.get("use_blob_urls"):
        return 1
    if names and kind == "jpg":
        raise UnsupportedFileFormatError(_UNREADABLE.format(names[0]))
    return _LINES if kind == "jsonl" else 1


def _task(call: Call, project: Document, storage: Document, name: str, number: int) -> Document:
    keys: Sequence[str] = list(project["data_types"]) or ["$undefined$"]
    data: dict[str, Any] = dict.fromkeys(keys, f"object {name}")
    if storage.get("use_blob_urls"):
        data = {keys[0]: f"{storage['type']}://{_place(storage)}/{name}"}
    task = add_task(call, project, {"data": data, "inner_id": number})
    linked = {**task, "storage": storage["id"], "storage_filename": name}
    call.store.replace("task", linked)
    return linked


def _place(storage: Document) -> str:
    return next((str(storage[field]) for field in _PLACES if storage.get(field)), "")
