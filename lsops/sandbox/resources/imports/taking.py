"""What a request to import brings: tasks in its body, in a text of a form, or in files (community-api 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.fields import Form
from lsops.sandbox.resource import Call, Upload
from lsops.sandbox.resources.uploads.reading import keep_all, tasks_in
from lsops.sandbox.store import Document

_NO_DATA = "load_tasks: No data found in DATA or in FILES"
_NO_URL = '"url" is not found in request data'
_NO_TASKS = "load_tasks: No tasks added"


@dataclass(frozen=True, slots=True)
class BroughtTasks:
    """What a request brought: tasks, and of the files that they came in which they are, their kinds and their keys."""

    tasks: list[Any]
    uploads: Sequence[Document] = ()
    kinds: Any = ()
    keys: Sequence[str] = ()


def brought(call: Call, project: Document) -> BroughtTasks:
    """The tasks of a request, from files, from a text in a form, or from its body."""
    if call.payload.files:
        return _filed(call, project, list(call.payload.files.values()))
    body = call.body
    if isinstance(body, Form) and "urlencoded" in call.payload.media:
        url = body.get("url")
        if not url:
            raise Invalid([_NO_URL])
        return _filed(call, project, [Upload("inplace.json", url.replace("'", '"').encode())])
    if isinstance(body, Form):
        raise Invalid([_NO_DATA])
    return BroughtTasks(_items(call))


def _filed(call: Call, project: Document, sent: Sequence[Upload]) -> BroughtTasks:
    """Files stay, whatever becomes of their tasks."""
    with call.kept():
        uploads = keep_all(call, project, sent)
    tasks, kinds, keys = tasks_in(call, project, uploads)
    if not tasks:
        raise Invalid([_NO_TASKS])
    return BroughtTasks(tasks, uploads, kinds, keys)


def _items(call: Call) -> list[Any]:
    """The tasks of a body; what cannot be looked into crashes the server before it checks anything."""
    body = call.body
    items = body if isinstance(body, list) else [body]
    if not call.payload.data or not isinstance(body, (list, dict)):
        raise Invalid([_NO_DATA])
    if not items:
        raise Invalid([_NO_TASKS])
    for item in items:
        if not isinstance(item, (dict, list, str)):
            raise Crash(f"argument of type '{type(item).__name__}' is not iterable")
        predictions = item.get("predictions", []) if isinstance(item, dict) else []
        if not isinstance(predictions, (list, dict, str)):
            raise Crash(f"'{type(predictions).__name__}' object is not iterable")
    return items
