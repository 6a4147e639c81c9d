"""`/api/tasks/{id}/annotations/` and `/api/annotations/{id}/`."""

from __future__ import annotations

import uuid
from typing import Any

from lsops.sandbox import task_completion
from lsops.sandbox.envelope import Conflict, Crash, Forbidden, Missing
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.annotation_history import note_history
from lsops.sandbox.resources.annotations.fields import read_annotation
from lsops.sandbox.resources.annotations.rows import add_annotation, show_annotation
from lsops.sandbox.resources.drafts import add_draft, show_draft
from lsops.sandbox.resources.drafts import drop as drop_draft
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.store import Column, Document, Table

_NO_UUID = "['“{}” is not a valid UUID.']"
_TWICE = "Annotation with this unique id already exists"
_TRUE = ("1", "true", "yes", "on", "t", "y")


def _listing(call: Call, task_id: int) -> Answer:
    """The annotations of a task, without skips."""
    _task(call, task_id)
    found = call.store.find("annotation", "task = ? AND was_cancelled = 0", (task_id,))
    return Answer([show_annotation(call, item) for item in found])


def _create(call: Call, task_id: int) -> Answer:
    given = read_annotation(call, partly=False)
    task = _task(call, task_id)
    _check_unique(call, given.get("unique_id"))
    if "was_cancelled" in call.query:
        given["was_cancelled"] = call.query["was_cancelled"].lower() in _TRUE
    draft = _draft(call, task)
    begun = {"draft_created_at": draft["created_at"]} if draft else {}
    annotation = add_annotation(call, task, {**given, **begun}, imported=False)
    _count(call, annotation)
    skipped = "skipped" if annotation["was_cancelled"] else "submitted"
    note_history(call, annotation, given.get("last_action") or skipped)
    if draft:
        drop_draft(call, draft)
    return Answer(show_annotation(call, annotation), 201)


def _check_unique(call: Call, key: Any) -> None:
    """One identity exists once; it is what a client can know an annotation by that it made before."""
    if key is None:
        return
    try:
        uuid.UUID(str(key))
    except ValueError:
        raise Crash(_NO_UUID.format(key)) from None
    if call.store.count("annotation", "json_extract(doc, '$.unique_id') = ?", (str(key),)):
        raise Conflict(_TWICE)


def _draft(call: Call, task: Document) -> Document | None:
    """The draft that becomes the annotation: of this task, and by the caller."""
    key = str(call.body.get("draft_id", ""))
    draft = call.store.get("draft", int(key)) if key.isdecimal() else None
    if draft and (draft["task"], draft["user"]) != (task["id"], call.user["id"]):
        raise Forbidden(f"You have no permission to draft id:{key}")
    return draft


def _detail(call: Call, annotation_id: int) -> Answer:
    return Answer(show_annotation(call, _annotation(call, annotation_id)))


def _update(call: Call, annotation_id: int) -> Answer:
    before = _annotation(call, annotation_id)
    given = read_annotation(call, partly=True)
    changed = {**before, **given, "updated_at": now(), "updated_by": call.user["id"]}
    summary.drop_annotation(call.store, before["project"], before["result"])
    call.store.replace("annotation", changed)
    _count(call, changed)
    note_history(call, changed, given.get("last_action") or "updated")
    return Answer(show_annotation(call, changed))


def _count(call: Call, annotation: Document) -> None:
    """What follows when an annotation was saved: counters, the only truth, whether the task is done, no more drafts."""
    if annotation["ground_truth"]:
        others = call.store.find("annotation", "task = ? AND ground_truth = 1", (annotation["task"],))
        for other in others:
            if other["id"] != annotation["id"]:
                call.store.replace("annotation", {**other, "ground_truth": False})
    summary.add_annotation(call.store, annotation["project"], annotation["result"])
    summary.add_columns(call.store, annotation["project"], [_task(call, annotation["task"])["data"]])
    for draft in call.store.find("draft", "annotation = ?", (annotation["id"],)):
        drop_draft(call, draft)
    _refresh(call, annotation)


def _delete(call: Call, annotation_id: int) -> Answer:
    annotation = _annotation(call, annotation_id)
    call.store.delete("annotation", annotation["id"])
    summary.drop_annotation(call.store, annotation["project"], annotation["result"])
    _refresh(call, annotation)
    return Answer(status=204)


def _to_draft(call: Call, annotation_id: int) -> Answer:
    """A draft of the caller's with the annotation's result, in its place."""
    annotation = _annotation(call, annotation_id)
    draft = add_draft(
        call, annotation["task"], {"result": annotation["result"], "lead_time": annotation.get("lead_time")}
    )
    _delete(call, annotation_id)
    return Answer(show_draft(call, draft), 201)


def _task(call: Call, task_id: int) -> Document:
    return call.found("task", task_id, "Task")


def _annotation(call: Call, annotation_id: int) -> Document:
    annotation = call.store.get("annotation", annotation_id)
    if annotation is None:
        raise Missing.of("Annotation")
    return annotation


def _refresh(call: Call, annotation: Document) -> None:
    task_completion.touch(call.store, annotation["task"], call.user["id"])
    task_completion.refresh(call.store, call.found("project", annotation["project"], "Project"), annotation["task"])


RESOURCE = Resource(
    "annotations",
    tables=(
        Table(
            "annotation",
            (
                Column("project", references="project", alike=10_000),
                Column("task", references="task"),
                Column("completed_by", alike=10_000),
                Column("was_cancelled", indexed=False),
                Column("ground_truth", indexed=False),
                Column("imported", indexed=False),
            ),
        ),
    ),
    routes=(
        Route("/api/tasks/<int:task_id>/annotations/", {"GET": _listing, "POST": _create}),
        Route(
            "/api/annotations/<int:annotation_id>/",
            {"GET": _detail, "PUT": _update, "PATCH": _update, "DELETE": _delete},
        ),
        Route("/api/annotations/<int:annotation_id>/convert-to-draft", {"POST": _to_draft}),
    ),
)
