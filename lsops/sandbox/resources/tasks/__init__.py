"""`/api/tasks/` and `/api/projects/{id}/tasks/`: one task after another.

Facts: community-api 2.5 to 2.7; data must have the keys that the label config shows.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Crash, Invalid, Missing
from lsops.sandbox.fields import Bad, Field, anything, read
from lsops.sandbox.fieldtypes import flag, now, number
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found, summary
from lsops.sandbox.resources.tasks.listing import list_tasks, of_project
from lsops.sandbox.resources.tasks.rows import add_task, delete_tasks, task_of
from lsops.sandbox.resources.tasks.show import show, show_fully, show_simply
from lsops.sandbox.store import Column, Document, Table
from lsops.sandbox.taskcheck import check_task

_FIELDS = {
    "data": Field(anything, required=True),
    "meta": Field(anything, default={}, null=True),
    "overlap": Field(number()),
    "inner_id": Field(number(), null=True),
    "is_labeled": Field(flag()),
}


def _create(call: Call, project_id: int | None = None) -> Answer:
    """The project is looked up before anything is checked; a path names it before the body does."""
    body = call.body
    if not isinstance(body, dict):
        raise Crash(f"'{type(body).__name__}' object has no attribute 'get'")
    project = found(call, project_id) if project_id is not None else _project_of(call, body.get("project"))
    given = read(_FIELDS, body, partial=False)
    if project is None:
        raise Invalid({"project": ["This field is required."]})
    task = add_task(call, project, _checked(project, given), first=2)
    summary.add_columns(call.store, project["id"], [task["data"]])
    if call.enterprise:
        return Answer(show_fully(call, task), 201)
    return Answer({**show(call, task), "updated_by": None}, 201)


def _checked(project: Document, given: Document) -> Document:
    try:
        check_task(project, given)
    except Bad as bad:
        raise Invalid(list(bad.error)) from bad
    return given


def _project_of(call: Call, key: Any) -> Document | None:
    """The project that a body names; none if it names nothing, 404 if that is no number."""
    if isinstance(key, (bool, list, dict)):
        raise Invalid({"project": [f"Incorrect type. Expected pk value, received {type(key).__name__}."]})
    if not key:
        return None
    try:
        return found(call, int(key))
    except (ValueError, TypeError):
        raise Missing("Not found.") from None


def _detail(call: Call, task_id: int) -> Answer:
    return Answer(show_fully(call, task_of(call, task_id)))


def _change(call: Call, task_id: int, *, partly: bool) -> Answer:
    """What is sent replaces what is there, data and all; its form is not checked again against the label config."""
    task = task_of(call, task_id)
    body = call.body
    if isinstance(body, dict) and body.get("project") not in (None, "", task["project"]):
        raise Missing.of("Task")
    given = read(_FIELDS, body, partial=partly)
    changed = {**task, **given, "updated_at": now()}
    call.store.replace("task", changed)
    return Answer(show_simply(call, changed))


def _delete(call: Call, task_id: int) -> Answer:
    task = task_of(call, task_id)
    call.store.delete("task", task["id"])
    summary.drop_columns(call.store, task["project"], task["data"])
    return Answer(status=204)


def _delete_all(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    ids = [key for (key,) in call.store.rows("SELECT id FROM task WHERE project = ?", (project_id,))]
    delete_tasks(call, project, ids)
    return Answer(status=204)


RESOURCE = Resource(
    "tasks",
    tables=(
        Table(
            "task",
            (
                Column("project", references="project", alike=10_000),
                Column("inner_id"),
                Column("is_labeled", indexed=False),
                Column("overlap", indexed=False),
            ),
        ),
    ),
    routes=(
        Route("/api/tasks/", {"GET": list_tasks, "POST": _create}),
        Route(
            "/api/projects/<int:project_id>/tasks/",
            {"GET": of_project, "POST": _create, "DELETE": _delete_all},
        ),
        Route.of_one("/api/tasks/<int:task_id>/", _detail, _change, _delete),
    ),
)
