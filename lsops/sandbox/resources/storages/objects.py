"""What lies in a place, so that a sync has something to import: told by its name, as whether it can be reached is.

A place whose name begins with `holds-12-` has twelve objects, `1.json` to `12.json` below the prefix; all others are
empty. An object is a task: a link to it, or with `use_blob_urls: false` what it says. Measured: an object is imported
once; a second sync counts it as one that existed.
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
_HOLDS = re.compile(r"holds-(\d{1,6})-")
_LINKED = "SELECT json_extract(doc, '$.storage_filename') FROM task WHERE json_extract(doc, '$.storage') = ?"


def import_objects(call: Call, storage: Document, share: float = 1.0) -> tuple[int, int]:
    """Make tasks of the objects that are new, up to a share of all; how many were made, and how many were there.

    Raises: re.error, for a filter that does not compile.
    """
    names = list(_names(storage))
    known = {name for (name,) in call.store.rows(_LINKED, (storage["id"],))}
    taken = names[: int(len(names) * share)]
    fresh = [name for name in taken if name not in known]
    project = call.found("project", storage["project"], "Project")
    first = next_number(call, project)
    tasks = [_task(call, project, storage, name, number) for number, name in enumerate(fresh, first)]
    summary.add_columns(call.store, project["id"], [task["data"] for task in tasks])
    return len(fresh), len(taken) - len(fresh)


def _names(storage: Document) -> Iterator[str]:
    wanted = re.compile(str(storage["regex_filter"])) if storage.get("regex_filter") else None
    prefix = str(storage.get("prefix") or "").strip("/")
    for number in range(1, _count(storage) + 1):
        name = f"{prefix}/{number}.json" if prefix else f"{number}.json"
        if wanted is None or wanted.match(name):
            yield name


def _count(storage: Document) -> int:
    names = (str(storage.get(field) or "").rpartition("/")[2] for field in _PLACES)
    return next((int(found[1]) for name in names if (found := _HOLDS.match(name))), 0)


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
