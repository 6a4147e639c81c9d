"""Actions that make something for the selected tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lsops.sandbox import task_completion
from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.annotations.rows import add_annotation
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.store import Document

_MADE = {"imported": False, "updated_by": None}
_EXPRESSION = "Undefined expression"


def retrieve_predictions(_call: Call, _project: Document, ids: Sequence[int]) -> Document:
    """Ask the ML backends; without one nothing is done, and counted all the same."""
    return {"processed_items": len(ids), "detail": f"Retrieved {len(ids)} predictions"}


def predictions_to_annotations(call: Call, project: Document, ids: Sequence[int]) -> Document:
    """An annotation by the caller for each prediction of one model version: the named one, or the project's."""
    wanted = call.body.get("model_version") or project["model_version"]
    versions = wanted if isinstance(wanted, list) else [wanted]
    made = 0
    for key in ids:
        for prediction in call.store.find("prediction", "task = ?", (key,)):
            if not wanted or prediction["model_version"] in versions:
                _make(call, key, prediction["result"], {"parent_prediction": prediction["id"]})
                made += 1
    return _created(call, project, made)


def copy_annotation(call: Call, project: Document, ids: Sequence[int]) -> Document:
    """The source annotation for each other task."""
    source = call.body.get("source_annotation_id")
    annotation = call.store.get("annotation", source) if isinstance(source, int) else None
    if annotation is None or annotation["project"] != project["id"]:
        raise Crash(f"Source annotation {source} not found in the current project")
    others = [key for key in ids if key != annotation["task"]]
    for key in others:
        _make(call, key, annotation["result"], {"parent_annotation": annotation["id"]})
    return _created(call, project, len(others))


def add_data_field(call: Call, project: Document, ids: Sequence[int]) -> Document:
    """One value under a name of the data of every task; expressions are not understood here."""
    name, kind, value = (call.body.get(part) for part in ("value_name", "value_type", "value"))
    if kind not in ("String", "Number"):
        raise Invalid([_EXPRESSION])
    made: Any = float(value) if kind == "Number" else str(value)
    for key in ids:
        task = call.found("task", key, "Task")
        call.store.replace("task", {**task, "data": {**task["data"], name: made}})
    if ids:
        summary.add_columns(call.store, project["id"], [call.found("task", ids[0], "Task")["data"]])
    return {"detail": f"Updated {len(ids)} tasks"}


def _make(call: Call, task_id: int, result: Any, parent: Document) -> None:
    task = call.found("task", task_id, "Task")
    add_annotation(call, task, {"result": result, **parent, **_MADE}, imported=False)
    task_completion.touch(call.store, task_id, call.user["id"])


def _created(call: Call, project: Document, made: int) -> Document:
    task_completion.refresh(call.store, project)
    return {"detail": f"Created {made} annotations"}
