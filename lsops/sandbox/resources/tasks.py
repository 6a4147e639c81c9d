"""`/api/tasks/` and the import of tasks: enough to give projects something to lose.

Facts: community-api 2.5 to 2.7; data must have the keys that the label config shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.sandbox.envelope import Bare, Invalid, Missing
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import anything, now
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.annotations import show_annotation
from lsops.sandbox.resources.drafts import drafts_of
from lsops.sandbox.resources.projects import found, permitted, summary
from lsops.sandbox.resources.users import initials, show_briefly
from lsops.sandbox.store import Column, Document, Table

_NO_PROJECT = {"detail": "Neither project nor view id specified"}
_PAGE = 100
_FIELDS = {
    "data": Field(anything, required=True),
    "meta": Field(anything, default={}, null=True),
}
_NO_COMMENTS = {
    "comment_count": 0,
    "unresolved_comment_count": 0,
    "last_comment_updated_at": None,
}
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
    """A page of tasks; beyond the last page there are just none."""
    if "project" not in call.query:
        raise Bare(404, _NO_PROJECT)
    project = permitted(call, _number(call, "project", 0))["id"]
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


def _create(call: Call) -> Answer:
    body = call.body
    given = read(_FIELDS, body, partial=False)
    if body.get("project") is None:
        raise Invalid({"project": ["This field is required."]})
    project = found(call, int(body["project"]))
    if problem := data_problem(project, given["data"]):
        raise Invalid([problem + ' [assume: item["data"] = task root with values]'])
    task = add_task(call, project, given, first=2)
    summary.add_columns(call.store, project["id"], [task["data"]])
    if call.enterprise:
        return Answer(_show_fully(call, task), 201)
    return Answer({**_show(call, task), "updated_by": None}, 201)


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
    task = {
        "data": given["data"],
        "meta": given.get("meta") or {},
        "project": project["id"],
        "inner_id": last + 1,
        "is_labeled": False,
        "overlap": project["maximum_annotations"] if project["overlap_cohort_percentage"] >= 100 else 1,
        "created_at": now(),
        "updated_at": now(),
        "updated_by": None,
    }
    return call.store.insert("task", task)


def data_problem(project: Document, data: Any) -> str:
    """What the label config needs and the data does not have."""
    for key in project["data_types"]:
        name = key.split("[")[0].split(".")[0]
        if name not in data:
            return f'"{name}" key is expected in task data'
    return ""


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
        "predictions": call.store.find("prediction", "task = ?", (task["id"],)),
        "completed_at": here[-1]["created_at"] if task["is_labeled"] and here else None,
        "predictions_score": None,
        "avg_lead_time": None,
        "drafts": drafts,
        "draft_exists": bool(drafts),
    }


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
