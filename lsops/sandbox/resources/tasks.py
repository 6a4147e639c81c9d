"""`/api/tasks/` and the import of tasks: enough to give projects something to lose.

Facts: community-api 2.5 to 2.7; data must have the keys that the label config shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.sandbox.envelope import Bare, Crash, Invalid, Missing
from lsops.sandbox.fields import Bad, Field, anything, read
from lsops.sandbox.fieldtypes import flag, now, number
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.annotations import show_annotation
from lsops.sandbox.resources.drafts import drafts_of
from lsops.sandbox.resources.projects import found, permitted, summary
from lsops.sandbox.resources.users import initials, show_briefly
from lsops.sandbox.resources.views import opening
from lsops.sandbox.store import Column, Document, Table
from lsops.sandbox.taskcheck import check_task

_NO_PROJECT = {"detail": "Neither project nor view id specified"}
_NO_DIGITS = 'Incorrect value in key "{}" = "{}". It should be digit string.'
_PAGE = 100
_FIELDS = {
    "data": Field(anything, required=True),
    "meta": Field(anything, default={}, null=True),
    "overlap": Field(number()),
    "inner_id": Field(number(), null=True),
    "is_labeled": Field(flag()),
}
_NO_COMMENTS = {
    "comment_count": 0,
    "unresolved_comment_count": 0,
    "last_comment_updated_at": None,
}
_NO_MODEL = {**dict.fromkeys(("cluster", "model", "model_run", "neighbors")), "mislabeling": 0.0}
_ENTERPRISE: dict[str, Any] = {
    **dict.fromkeys(("agreement", "agreement_selected", "allow_skip", "annotation_time", "precomputed_agreement")),
    **dict.fromkeys(("review_time", "reviewed_at", "submission")),
    **dict.fromkeys(("annotators_count", "comment_authors_count", "reviewers_count"), 0),
    **dict.fromkeys(("reviews_accepted", "reviews_rejected"), 0),
    **dict.fromkeys(("ground_truth", "reviewed"), False),
    "comments": "",
    "reviewers": [],
    "state": "CREATED",
}
_TALLY = """
    SELECT COUNT(CASE WHEN was_cancelled = 0 THEN 1 END), COUNT(CASE WHEN was_cancelled = 1 THEN 1 END)
    FROM annotation WHERE task = ?
"""


def _listing(call: Call) -> Answer:
    """A page of tasks; beyond the last page there are just none. A view is opened, and shows all of them."""
    project = _project_asked(call)["id"]
    size = _number(call, "page_size", _PAGE)
    offset = (_number(call, "page", 1) - 1) * size
    tasks = call.store.find("task", "project = ?", (project, size, offset), limit="LIMIT ? OFFSET ?")
    return Answer(
        {
            "total_annotations": call.store.count("annotation", "project = ? AND was_cancelled = 0", (project,)),
            "total_predictions": call.store.count("prediction", "project = ?", (project,)),
            "total": call.store.count("task", "project = ?", (project,)),
            "tasks": [_show_row(call, task) for task in tasks],
        }
    )


def _project_asked(call: Call) -> Document:
    """The project that the query names."""
    for name in ("view", "project"):
        if name in call.query and not call.query[name].removeprefix("-").isdecimal():
            raise Invalid({name: _NO_DIGITS.format(name, call.query[name])})
    view = call.found("view", int(call.query["view"]), "View") if int(call.query.get("view", 0)) else None
    key = int(call.query.get("project", 0)) or (view["project"] if view else 0)
    if not key:
        raise Bare(404, _NO_PROJECT)
    project = permitted(call, key)
    if view:
        opening.check(view, tasks=call.store.count("task", "project = ?", (key,)) > 0, enterprise=call.enterprise)
    return project


def _create(call: Call) -> Answer:
    """The project is looked up before anything is checked."""
    body = call.body
    if not isinstance(body, dict):
        raise Crash(f"'{type(body).__name__}' object has no attribute 'get'")
    project = _project_of(call, body.get("project"))
    given = read(_FIELDS, body, partial=False)
    if project is None:
        raise Invalid({"project": ["This field is required."]})
    try:
        check_task(project, given)
    except Bad as bad:
        raise Invalid(list(bad.error)) from bad
    task = add_task(call, project, given, first=2)
    summary.add_columns(call.store, project["id"], [task["data"]])
    if call.enterprise:
        return Answer(_show_fully(call, task), 201)
    return Answer({**_show(call, task), "updated_by": None}, 201)


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
    return Answer(_show_fully(call, task_of(call, task_id)))


def _delete(call: Call, task_id: int) -> Answer:
    task = task_of(call, task_id)
    call.store.delete("task", task["id"])
    summary.drop_columns(call.store, task["project"], task["data"])
    return Answer(status=204)


def task_of(call: Call, task_id: int) -> Document:
    """The task, or 404; one of a project that the caller does not see does not exist."""
    task = call.found("task", task_id, "Task")
    try:
        found(call, task["project"])
    except Missing:
        raise Missing.of("Task") from None
    return task


def add_task(call: Call, project: Document, given: Mapping[str, Any], *, first: int = 1) -> Document:
    """A new task at the end of the project, to be done as often as its overlap says.

    `first` is the number of a project's first task: 2 if it was created alone, as the server has it.
    """
    ((last,),) = call.store.rows(
        "SELECT COALESCE(MAX(inner_id), ?) FROM task WHERE project = ?", (first - 1, project["id"])
    )
    usual = project["maximum_annotations"] if project["overlap_cohort_percentage"] >= 100 else 1
    task = {
        "data": given["data"],
        "meta": given.get("meta", {}),
        "project": project["id"],
        "inner_id": given.get("inner_id") or last + 1,
        "is_labeled": given.get("is_labeled", False),
        "overlap": given.get("overlap", usual),
        "created_at": now(),
        "updated_at": now(),
        "updated_by": None,
    }
    return call.store.insert("task", task)


def _number(call: Call, name: str, default: int) -> int:
    given = call.query.get(name, "")
    return int(given) if given.isdecimal() else default


def _show(call: Call, task: Document) -> dict[str, Any]:
    ((kept, cancelled),) = call.store.rows(_TALLY, (task["id"],))
    own = (
        "id",
        "data",
        "meta",
        "created_at",
        "updated_at",
        "is_labeled",
        "overlap",
        "inner_id",
        "project",
    )
    return {
        **{name: task[name] for name in own},
        "total_annotations": kept,
        "cancelled_annotations": cancelled,
        "total_predictions": call.store.count("prediction", "task = ?", (task["id"],)),
        **_NO_COMMENTS,
        "file_upload": None,
        "comment_authors": [],
        **(_ENTERPRISE if call.enterprise else {}),
    }


def _show_row(call: Call, task: Document) -> dict[str, Any]:
    """A task as the Data Manager shows it."""
    annotations = call.store.find("annotation", "task = ? AND imported = 0", (task["id"],))
    editors = {item["updated_by"] for item in annotations if item["updated_by"]}
    return {
        **_show(call, task),
        "drafts": [],
        "annotators": sorted({item["completed_by"] for item in annotations}),
        "annotations_results": "",
        "predictions_results": "",
        "storage_filename": None,
        "annotations_ids": "",
        "predictions_model_versions": "",
        "updated_by": [{"user_id": editor} for editor in sorted(editors)],
    }


def _show_fully(call: Call, task: Document) -> dict[str, Any]:
    """A task with its annotations and predictions."""
    here = call.store.find("annotation", "task = ?", (task["id"],))
    drafts = drafts_of(call, task["id"])
    return {
        **_show_row(call, task),
        "annotations": [{**show_annotation(call, item), "completed_by": _author(call, item)} for item in here],
        "annotations_ids": ",".join(str(item["id"]) for item in here),
        "predictions": [_show_prediction(item) for item in call.store.find("prediction", "task = ?", (task["id"],))],
        "completed_at": here[-1]["created_at"] if task["is_labeled"] and here else None,
        "predictions_score": None,
        "avg_lead_time": None,
        "drafts": drafts,
        "draft_exists": bool(drafts),
    }


def _show_prediction(prediction: Document) -> dict[str, Any]:
    return {**prediction, **_NO_MODEL, "created_ago": "0\xa0minutes"}


def _author(call: Call, annotation: Document) -> dict[str, Any]:
    """Who made an annotation, as the labelling screen needs it."""
    user = call.found("user", annotation["completed_by"], "User")
    return {**(show_briefly(call, user["id"]) or {}), "initials": initials(user)}


RESOURCE = Resource(
    "tasks",
    tables=(
        Table(
            "task",
            (
                Column("project", references="project"),
                Column("inner_id"),
                Column("is_labeled"),
                Column("overlap"),
            ),
        ),
        Table(
            "prediction",
            (
                Column("project", references="project"),
                Column("task", references="task"),
                Column("model_version"),
            ),
        ),
    ),
    routes=(
        Route("/api/tasks/", {"GET": _listing, "POST": _create}),
        Route("/api/tasks/<int:task_id>/", {"GET": _detail, "DELETE": _delete}),
    ),
)
