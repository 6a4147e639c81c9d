"""`POST /api/projects/{id}/import`: tasks with annotations and predictions.

Imported annotations are ground truth and are not seen by the config checks; imported predictions
name the project's `model_version` if it has none (community-api 2.5, 2.6, 9). Enterprise answers
with the id of an import job; here it is done by then.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox import labelled
from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.annotations import add_annotation
from lsops.sandbox.resources.projects import found, summary
from lsops.sandbox.resources.tasks import add_task, data_problem
from lsops.sandbox.store import Document

_NO_TASK = 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'
_AS_DATA = ' [assume: item["data"] = task root with values]'
_AS_ROOT = " [assume: item as is = task root with values] "


def _run(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    if project["organization"] is None:
        raise Crash.of_nothing("created_by")
    body = call.body
    items = body if isinstance(body, list) else [body]
    if not items or items == [{}]:
        raise Invalid(["load_tasks: No tasks added"])
    _check(project, items)
    tasks = [add_task(call, project, item if "data" in item else {"data": item}) for item in items]
    summary.add_columns(call.store, project_id, [task["data"] for task in tasks])
    annotations = sum(_annotate(call, task, item) for task, item in zip(tasks, items, strict=True))
    versions = [version for task, item in zip(tasks, items, strict=True) for version in _predict(call, task, item)]
    if versions and not project["model_version"]:
        call.store.replace("project", {**project, "model_version": versions[-1]})
    labelled.refresh(call.store, project)
    return _answer(call, tasks, annotations, len(versions))


def _check(project: Document, items: list[Any]) -> None:
    problems = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise Invalid([f"Error at item {index}: {_NO_TASK} :: {item}"])
        problem = data_problem(project, item.get("data", item))
        if problem:
            problems.append(f"Error at item {index}: {problem}{_AS_DATA if 'data' in item else _AS_ROOT} :: {item}")
    if problems:
        raise Invalid(problems)


def _annotate(call: Call, task: Document, item: Document) -> int:
    annotations = item.get("annotations") or []
    for annotation in annotations:
        kept = {key: annotation[key] for key in ("result", "was_cancelled", "ground_truth") if key in annotation}
        add_annotation(call, task, kept, imported=True)
    return len(annotations)


def _predict(call: Call, task: Document, item: Document) -> list[str]:
    versions = []
    for prediction in item.get("predictions") or []:
        versions.append(str(prediction.get("model_version", "undefined")))
        own = {
            "result": prediction["result"],
            "score": prediction.get("score"),
            "model_version": versions[-1],
        }
        stamps = {"created_at": now(), "updated_at": now()}
        call.store.insert(
            "prediction",
            {**own, **stamps, "task": task["id"], "project": task["project"]},
        )
    return versions


def _answer(call: Call, tasks: list[Document], annotations: int, predictions: int) -> Answer:
    if call.enterprise:
        return Answer({"import": tasks[0]["id"]}, 201)
    done = {
        "task_count": len(tasks),
        "annotation_count": annotations,
        "prediction_count": predictions,
        "duration": 0.0,
        "file_upload_ids": [],
        "could_be_tasks_list": False,
        "found_formats": [],
        "data_columns": [],
    }
    if call.query.get("return_task_ids", "").lower() in ("true", "1"):
        done["task_ids"] = [task["id"] for task in tasks]
    return Answer(done, 201)


RESOURCE = Resource("imports", routes=(Route("/api/projects/<int:project_id>/import", {"POST": _run}),))
