"""Tasks as they are kept: made, found, and deleted with what counts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lsops.sandbox import task_completion
from lsops.sandbox.envelope import Missing
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects import found, summary
from lsops.sandbox.store import Document


def task_of(call: Call, task_id: int) -> Document:
    """The task, or 404; one of a project that the caller does not see does not exist."""
    task = call.found("task", task_id, "Task")
    try:
        found(call, task["project"])
    except Missing:
        raise Missing.of("Task") from None
    return task


def next_number(call: Call, project: Document, *, first: int = 1) -> int:
    """The number that the next task of a project gets. It looks at all of them: ask once for many."""
    ((last,),) = call.store.rows(
        "SELECT COALESCE(MAX(inner_id), ?) FROM task WHERE project = ?", (first - 1, project["id"])
    )
    return int(last) + 1


def add_task(call: Call, project: Document, given: Mapping[str, Any], *, first: int = 1) -> Document:
    """A new task at the end of the project, to be done as often as its overlap says.

    `first` is the number of a project's first task: 2 if it was created alone, as the server has it.
    """
    usual = project["maximum_annotations"] if project["overlap_cohort_percentage"] >= 100 else 1
    moment = now()
    task = {
        "data": given["data"],
        "meta": given.get("meta", {}),
        "project": project["id"],
        "inner_id": given.get("inner_id") or next_number(call, project, first=first),
        "is_labeled": given.get("is_labeled", False),
        "overlap": given.get("overlap", usual),
        "created_at": moment,
        "updated_at": moment,
        "updated_by": None,
        "file_upload": given.get("file_upload_id"),
        "allow_skip": given.get("allow_skip", True),
    }
    return call.store.insert("task", task)


def delete_tasks(call: Call, project: Document, ids: Sequence[int]) -> None:
    """Delete tasks of a project with all that belongs to them, and count them back."""
    if len(ids) == call.store.count("task", "project = ?", (project["id"],)):
        call.store.run("DELETE FROM task WHERE project = ?", (project["id"],))
        summary.reset(call.store, project["id"], columns=True)
        return
    for key in ids:
        task = call.found("task", key, "Task")
        for annotation in call.store.find("annotation", "task = ?", (key,)):
            summary.drop_annotation(call.store, project["id"], annotation["result"])
        call.store.delete("task", key)
        summary.drop_columns(call.store, project["id"], task["data"])
    task_completion.refresh(call.store, project)
