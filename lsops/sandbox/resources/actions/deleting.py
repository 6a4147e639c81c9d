"""Actions that take something away from the selected tasks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lsops.sandbox import task_completion
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.drafts import drop as drop_draft
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.resources.tasks.rows import delete_tasks
from lsops.sandbox.store import Document


def delete_selected(call: Call, project: Document, ids: Sequence[int]) -> Document:
    """The tasks; where none is left, the tabs as well."""
    delete_tasks(call, project, ids)
    left = call.store.count("task", "project = ?", (project["id"],))
    if not left:
        call.store.run("DELETE FROM view WHERE project = ?", (project["id"],))
    return {"processed_items": len(ids), "reload": not left, "detail": f"Deleted {len(ids)} tasks"}


def delete_annotations(call: Call, project: Document, ids: Sequence[int]) -> Document:
    """Their annotations and drafts, of everybody or of one annotator."""
    annotator = call.body.get("annotator")
    found = [item for key in ids for item in _theirs(call, "annotation", key, "completed_by", annotator)]
    summary.drop_annotation(call.store, project["id"], [region for item in found for region in item["result"] or ()])
    for key in ids:
        for draft in _theirs(call, "draft", key, "user", annotator):
            drop_draft(call, draft)
    for annotation in found:
        call.store.delete("annotation", annotation["id"])
    for key in {annotation["task"] for annotation in found}:
        task_completion.touch(call.store, key, call.user["id"])
    task_completion.refresh(call.store, project)
    return {"processed_items": len(found), "detail": f"Deleted {len(found)} annotations"}


def delete_predictions(call: Call, _project: Document, ids: Sequence[int]) -> Document:
    """Their predictions."""
    found = [item for key in ids for item in call.store.find("prediction", "task = ?", (key,))]
    for prediction in found:
        call.store.delete("prediction", prediction["id"])
    return {"processed_items": len(found), "detail": f"Deleted {len(found)} predictions"}


def remove_duplicates(call: Call, project: Document, ids: Sequence[int]) -> Document:
    """Tasks with the same data but for the first one, which gets their annotations."""
    first: dict[str, int] = {}
    gone = []
    for key in ids:
        data = json.dumps(call.found("task", key, "Task")["data"], sort_keys=True)
        keeper = first.setdefault(data, key)
        if keeper != key:
            gone.append(key)
            for annotation in call.store.find("annotation", "task = ?", (key,)):
                call.store.replace("annotation", {**annotation, "task": keeper})
    if gone:
        delete_tasks(call, project, gone)
        task_completion.refresh(call.store, project)
    return {}


def _theirs(call: Call, table: str, task: int, column: str, person: Any) -> list[Document]:
    found = call.store.find(table, "task = ?", (task,))
    return [item for item in found if not person or item[column] == int(person)]
