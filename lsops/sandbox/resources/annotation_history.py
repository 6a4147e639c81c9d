"""`/api/annotation-history/` and that of a project: who did what to annotations, on Enterprise (the API description).

An entry is made when an annotation is submitted, updated, skipped, imported or reviewed, and outlives it. Only owners
and administrators may read it. A DELETE that says nothing of what to delete takes all there is.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Missing
from lsops.sandbox.fieldtypes import moment, now
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.store import Column, Document, Table

_TABLE = "annotation_history"
_PAGES = Paging(size=100)
_PLACES = {"annotation": "annotation_id", "task": "task_id", "project": "project_id"}
_BOUNDS = {"created_at_from": ">=", "created_at_to": "<="}
_UNKNOWN = ("draft_id", "comment_id", "comment", "review_id", "started_at")


def note_history(call: Call, annotation: Document, action: str, **more: Any) -> Document | None:
    """A new entry on an Enterprise server; `more` are what it has besides: a review, a comment."""
    if not call.enterprise:
        return None
    entry = {
        "action": action,
        "annotation_id": annotation["id"],
        "task_id": annotation["task"],
        "project_id": annotation["project"],
        "organization_id": call.organization,
        "created_by": call.user["id"],
        "created_at": now(),
        "lead_time": annotation.get("lead_time"),
        "result": annotation["result"],
        **more,
    }
    return call.store.insert(_TABLE, entry)


def _listing(call: Call) -> Answer:
    """The entries of one annotation, the oldest first; without one there are none."""
    wanted = call.query.get("annotation", "")
    if not wanted.isdecimal():
        return Answer([])
    order = "id DESC" if call.query.get("ordering", "").startswith("-") else "id"
    rows = call.store.find(_TABLE, "annotation_id = ?", (int(wanted),), order=order)
    return Answer([show_history(entry) for entry in rows])


def _of_project(call: Call, project_id: int) -> Answer:
    project_of(call, project_id)
    where, values = ["project_id = ?"], list[Any]([project_id])
    for name, sign in _BOUNDS.items():
        if call.query.get(name):
            where.append(f"json_extract(doc, '$.created_at') {sign} ?")
            values.append(moment(call.query[name]))
    condition = " AND ".join(where)

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find(_TABLE, condition, (*values, limit, offset), limit="LIMIT ? OFFSET ?")
        return [show_history(entry) for entry in found]

    return Answer(page(call, _PAGES, count=call.store.count(_TABLE, condition, values), rows=rows))


def _delete(call: Call) -> Answer:
    named = {column: call.query[name] for name, column in _PLACES.items() if call.query.get(name, "").isdecimal()}
    where = " AND ".join(f"{column} = ?" for column in named) or "1"
    values = [int(value) for value in named.values()]
    removed = call.store.count(_TABLE, where, values)
    call.store.run(f'DELETE FROM "{_TABLE}" WHERE {where}', values)  # noqa: S608  # values are bound
    return Answer({"removed": removed})


def _detail(call: Call, entry_id: int) -> Answer:
    entry = call.store.get(_TABLE, entry_id)
    if entry is None:
        raise Missing.of("AnnotationHistory")
    return Answer(show_history(entry))


def show_history(entry: Document) -> dict[str, Any]:
    """An entry as lists, details and exports show it."""
    return {**dict.fromkeys(_UNKNOWN), **entry}


RESOURCE = Resource(
    _TABLE,
    tables=(
        Table(
            _TABLE,
            (Column("annotation_id"), Column("task_id"), Column("project_id", references="project", alike=10_000)),
        ),
    ),
    routes=(
        Route("/api/annotation-history/", {"GET": _listing, "DELETE": _delete}, enterprise=True),
        Route("/api/annotation-history/<int:entry_id>/", {"GET": _detail}, enterprise=True),
        Route("/api/projects/<int:project_id>/annotation-history/", {"GET": _of_project}, enterprise=True),
    ),
)
