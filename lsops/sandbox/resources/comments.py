"""`/api/comments/`: what people say of an annotation or a draft, on Enterprise (the public API description).

A task counts its comments and those that are not resolved, and knows who wrote them.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Field, anything, defaults, read
from lsops.sandbox.fieldtypes import check_key, flag, now, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects.scope import seen
from lsops.sandbox.resources.users import show_briefly
from lsops.sandbox.store import Column, Document, Table

_TABLE = "comment"
_FIELDS = {
    "text": Field(text(), null=True),
    "annotation": Field(anything, null=True),
    "draft": Field(anything, null=True),
    "is_resolved": Field(flag(), default=False),
    "region_ref": Field(anything, null=True),
    "classifications": Field(anything, null=True),
}
_PLACES = ("annotation", "draft")
_FILTERS = {"annotation": "annotation", "draft": "draft", "projects": "project", "annotators": "created_by"}
_NO_PLACE = "Either annotation or draft must be set."


def _listing(call: Call) -> Answer:
    shown, arguments = seen(call)
    where, values = [shown], list[Any](arguments)
    for name, column in _FILTERS.items():
        wanted = [int(part) for part in call.query.get(name, "").split(",") if part.strip().isdecimal()]
        if wanted:
            where.append(f"{column} IN ({','.join('?' for _ in wanted)})")
            values += wanted
    order = "id DESC" if call.query.get("ordering", "").startswith("-") else "id"
    rows = call.store.find(_TABLE, " AND ".join(where), values, order=order)
    return Answer([_show(call, comment) for comment in rows])


def _create(call: Call) -> Answer:
    given = _read(call, partial=False)
    place = next((name for name in _PLACES if given.get(name)), None)
    if place is None:
        raise Invalid([_NO_PLACE])
    of = call.found(place, given[place], place.capitalize())
    ours = {"task": of["task"], "project": of["project"], "created_by": call.user["id"]}
    times = {"created_at": now(), "updated_at": now(), "resolved_at": now() if given.get("is_resolved") else None}
    made = call.store.insert(_TABLE, {**defaults(_FIELDS), **given, **ours, **times})
    _count(call, made["task"])
    return Answer(_show(call, made), 201)


def _detail(call: Call, comment_id: int) -> Answer:
    return Answer(_show(call, _found(call, comment_id)))


def _change(call: Call, comment_id: int, *, partly: bool) -> Answer:
    before = _found(call, comment_id)
    changed = {**before, **_read(call, partial=partly), "updated_at": now()}
    if changed["is_resolved"] != before["is_resolved"]:
        changed["resolved_at"] = now() if changed["is_resolved"] else None
    call.store.replace(_TABLE, changed)
    _count(call, changed["task"])
    return Answer(_show(call, changed))


def _delete(call: Call, comment_id: int) -> Answer:
    comment = _found(call, comment_id)
    call.store.delete(_TABLE, comment_id)
    _count(call, comment["task"])
    return Answer(status=204)


def _count(call: Call, task_id: int) -> None:
    """What a task knows of its comments."""
    here = call.store.find(_TABLE, "task = ?", (task_id,))
    task = call.found("task", task_id, "Task")
    counted = {
        "comment_count": len(here),
        "unresolved_comment_count": sum(not comment["is_resolved"] for comment in here),
        "comment_authors": sorted({comment["created_by"] for comment in here}),
        "last_comment_updated_at": max((comment["updated_at"] for comment in here), default=None),
    }
    call.store.replace("task", {**task, **counted})


def _read(call: Call, *, partial: bool) -> Document:
    def check(table: str) -> Any:
        return lambda key: check_key(key, exists=lambda number: call.store.get(table, number))

    return read(_FIELDS, call.body, partial=partial, checks={name: check(name) for name in _PLACES})


def _found(call: Call, comment_id: int) -> Document:
    return call.found(_TABLE, comment_id, "Comment")


def _show(call: Call, comment: Document) -> dict[str, Any]:
    author: Any = comment["created_by"]
    if call.query.get("expand_created_by", "").lower() in ("true", "1"):
        author = show_briefly(call, author)
    return {**comment, "created_by": author, "state": "CREATED"}


RESOURCE = Resource(
    "comments",
    tables=(
        Table(
            _TABLE,
            (
                Column("project", references="project", alike=10_000),
                Column("task", references="task"),
                Column("annotation", references="annotation"),
                Column("draft", references="draft"),
                Column("created_by", alike=10_000),
            ),
        ),
    ),
    routes=(
        Route("/api/comments/", {"GET": _listing, "POST": _create}, enterprise=True),
        Route("/api/comments/<int:comment_id>/", Route.of_one("", _detail, _change, _delete).methods, enterprise=True),
    ),
)
