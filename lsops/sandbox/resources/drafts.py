"""Drafts: `/api/tasks/{id}/drafts`, the same below an annotation, and `/api/drafts/{id}/`.

A draft protects its labels as an annotation does (community-api 2.5, 11), and stands in no total.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Crash
from lsops.sandbox.fields import Field, anything, defaults, read
from lsops.sandbox.fieldtypes import check_key, flag, now, number, real
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.store import Column, Document, Table

_FIELDS = {
    "result": Field(anything, required=True),
    "lead_time": Field(real, null=True),
    "was_postponed": Field(flag(), default=False),
    "import_id": Field(number(), null=True),
    "task": Field(anything, null=True),
    "annotation": Field(anything, null=True),
}
_PLACES = ("task", "annotation")


def _listing(call: Call, task_id: int, annotation_id: int = 0) -> Answer:  # noqa: ARG001  # the server ignores it, too
    """The drafts of a task, also where the path names an annotation; none of a task that is not there."""
    return Answer(drafts_of(call, task_id))


def _create(call: Call, task_id: int, annotation_id: int | None = None) -> Answer:
    """The path says where a draft belongs, whatever the body does; both must be there."""
    given = {name: value for name, value in _read(call, partial=False).items() if name not in _PLACES}
    task = call.store.get("task", task_id)
    if task is None:
        raise Crash("Task matching query does not exist.")
    if annotation_id is not None and call.store.get("annotation", annotation_id) is None:
        raise Crash("FOREIGN KEY constraint failed")
    return Answer(show_draft(call, add_draft(call, task_id, {**given, "annotation": annotation_id})), 201)


def add_draft(call: Call, task_id: int, given: Document) -> Document:
    """A new draft of the caller's."""
    task = call.found("task", task_id, "Task")
    ours = {"task": task_id, "project": task["project"], "user": call.user["id"]}
    times = {"created_at": now(), "updated_at": now()}
    draft = call.store.insert("draft", {**defaults(_FIELDS), **given, **ours, **times})
    summary.add_draft(call.store, task["project"], draft["result"])
    return draft


def _detail(call: Call, draft_id: int) -> Answer:
    return Answer(show_draft(call, _found(call, draft_id)))


def _change(call: Call, draft_id: int, *, partly: bool) -> Answer:
    changed = {**_found(call, draft_id), **_read(call, partial=partly), "updated_at": now()}
    call.store.replace("draft", changed)
    summary.add_draft(call.store, changed["project"], changed["result"])
    return Answer(show_draft(call, changed))


def _delete(call: Call, draft_id: int) -> Answer:
    drop(call, _found(call, draft_id))
    return Answer(status=204)


def drop(call: Call, draft: Document) -> None:
    """Delete a draft and its labels in the summary."""
    summary.drop_draft(call.store, draft["project"], draft["result"])
    call.store.delete("draft", draft["id"])


def drafts_of(call: Call, task: int) -> list[dict[str, Any]]:
    """The drafts of a task as they are shown."""
    return [show_draft(call, draft) for draft in call.store.find("draft", "task = ?", (task,))]


def _read(call: Call, *, partial: bool) -> Document:
    def in_table(table: str) -> Any:
        return lambda key: check_key(key, exists=lambda number: call.store.get(table, number))

    return read(_FIELDS, call.body, partial=partial, checks={name: in_table(name) for name in _PLACES})


def _found(call: Call, draft_id: int) -> Document:
    return call.found("draft", draft_id, "AnnotationDraft")


def show_draft(call: Call, draft: Document) -> dict[str, Any]:
    """A draft as lists and exports have it."""
    user = call.store.get("user", draft["user"]) or {"email": "", "first_name": "", "last_name": ""}
    names = [user[name] for name in ("first_name", "last_name") if user[name]]
    return {
        "id": draft["id"],
        "user": user["email"],
        "created_username": f"{' '.join([*names, user['email']])}, {draft['user']}",
        "created_ago": "0\xa0minutes",
        **{name: draft[name] for name in ("result", "lead_time", "was_postponed", "import_id")},
        **{name: draft[name] for name in ("created_at", "updated_at", "task", "annotation")},
    }


_HERE = {"GET": _listing, "POST": _create}
RESOURCE = Resource(
    "drafts",
    tables=(
        Table(
            "draft",
            (
                Column("project", references="project", alike=10_000),
                Column("task", references="task"),
                Column("annotation", references="annotation"),
            ),
        ),
    ),
    routes=(
        Route("/api/tasks/<int:task_id>/drafts", _HERE),
        Route("/api/tasks/<int:task_id>/annotations/<int:annotation_id>/drafts", _HERE),
        Route.of_one("/api/drafts/<int:draft_id>/", _detail, _change, _delete),
    ),
)
