"""`/api/annotation-reviews/`: what reviewers said of annotations, on Enterprise (the public API description).

A review is an entry of the history as well; one with a result is a correction, and changes the annotation.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.fields import Field, anything, defaults, read
from lsops.sandbox.fieldtypes import check_key, flag, moment, now, number, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.annotation_history import note_history
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.resources.projects.scope import seen
from lsops.sandbox.store import Column, Document, Table

_TABLE = "review"
_FIELDS = {
    "annotation": Field(anything, required=True),
    "accepted": Field(flag(), default=False),
    "comment": Field(text(), null=True),
    "last_annotation_history": Field(number(), null=True),
    "remove_from_queue": Field(flag(), default=False),
    "result": Field(anything, null=True),
    "started_at": Field(moment, null=True),
}
_FILTERS = {"annotation": "annotation", "annotation__task__project": "project"}


def _listing(call: Call) -> Answer:
    shown, arguments = seen(call)
    where, values = [shown], list[Any](arguments)
    for name, column in _FILTERS.items():
        if call.query.get(name, "").isdecimal():
            where.append(f"{column} = ?")
            values.append(int(call.query[name]))
    order = "id DESC" if call.query.get("ordering", "").startswith("-") else "id"
    rows = call.store.find(_TABLE, " AND ".join(where), values, order=order)
    return Answer([_show(review) for review in rows])


def _create(call: Call) -> Answer:
    given = _read(call, partial=False)
    annotation = call.found("annotation", given["annotation"], "Annotation")
    review = {**defaults(_FIELDS), **given, "project": annotation["project"], "created_by": call.user["id"]}
    made = call.store.insert(_TABLE, {**review, "created_at": now()})
    changed = _corrected(call, annotation, given.get("result"))
    entry = note_history(call, changed, _action(made), review_id=made["id"], comment=given.get("comment"))
    kept = {**made, "fixed_annotation_history": entry["id"] if entry and given.get("result") is not None else None}
    call.store.replace(_TABLE, kept)
    return Answer(_show(kept), 201)


def _corrected(call: Call, annotation: Document, result: Any) -> Document:
    if result is None:
        return annotation
    changed = {**annotation, "result": result, "updated_at": now(), "updated_by": call.user["id"]}
    summary.drop_annotation(call.store, annotation["project"], annotation["result"])
    call.store.replace("annotation", changed)
    summary.add_annotation(call.store, annotation["project"], result)
    return changed


def _action(review: Document) -> str:
    if not review["accepted"]:
        return "rejected"
    return "accepted" if review["result"] is None else "fixed_and_accepted"


def _detail(call: Call, review_id: int) -> Answer:
    return Answer(_show(_found(call, review_id)))


def _change(call: Call, review_id: int, *, partly: bool) -> Answer:
    changed = {**_found(call, review_id), **_read(call, partial=partly)}
    call.store.replace(_TABLE, changed)
    return Answer(_show(changed))


def _delete(call: Call, review_id: int) -> Answer:
    review = _found(call, review_id)
    call.store.delete(_TABLE, review_id)
    note_history(call, call.found("annotation", review["annotation"], "Annotation"), "deleted_review")
    return Answer(status=204)


def _read(call: Call, *, partial: bool) -> Document:
    def check(key: Any) -> Any:
        return check_key(key, exists=lambda number: call.store.get("annotation", number))

    return read(_FIELDS, call.body, partial=partial, checks={"annotation": check})


def _found(call: Call, review_id: int) -> Document:
    return call.found(_TABLE, review_id, "AnnotationReview")


def _show(review: Document) -> dict[str, Any]:
    names = ("id", "annotation", "accepted", "created_at", "created_by", "last_annotation_history")
    rest = ("remove_from_queue", "result", "started_at")
    unknown = {"fixed_annotation_history": None, "previous_annotation_history": None, "state": "CREATED"}
    known = {name: review[name] for name in unknown if name in review}
    return {**{name: review[name] for name in (*names, *rest)}, **unknown, **known}


RESOURCE = Resource(
    "annotation_reviews",
    tables=(
        Table(
            _TABLE,
            (Column("annotation", references="annotation"), Column("project", references="project", alike=10_000)),
        ),
    ),
    routes=(
        Route("/api/annotation-reviews/", {"GET": _listing, "POST": _create}, enterprise=True),
        Route(
            "/api/annotation-reviews/<int:review_id>/",
            Route.of_one("", _detail, _change, _delete).methods,
            enterprise=True,
        ),
    ),
)
