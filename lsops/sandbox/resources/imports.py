"""`POST /api/projects/{id}/import`: tasks with annotations and predictions.

Imported annotations are ground truth and are not seen by the config checks; imported predictions
name the project's `model_version` if it has none (community-api 2.5, 2.6, 9). Enterprise answers
with the id of an import job; here it is done by then.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.fields import Bad, Convert, Form, attempt
from lsops.sandbox.fieldtypes import flag, now, real
from lsops.sandbox.release import RELEASES
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.annotations import add_annotation
from lsops.sandbox.resources.projects import found, summary
from lsops.sandbox.resources.tasks import add_task
from lsops.sandbox.store import Document
from lsops.sandbox.taskcheck import author, check_tasks

_NO_DATA = "load_tasks: No data found in DATA or in FILES"
_NO_URL = '"url" is not found in request data'
_NO_TASKS = "load_tasks: No tasks added"
_BROKEN = "'BaseTaskSerializerBulk' object has no attribute 'db_predictions'"
_NO_BOOLEAN = "['“{}” value must be either True or False.']"
_NO_NUMBER = "Field 'lead_time' expected a number but got {!r}."
_UNDEFINED = "undefined"


def _run(call: Call, project_id: int) -> Answer:
    """Predictions that are none crash the server when the tasks are there already."""
    project = found(call, project_id)
    if project["organization"] is None:
        raise Crash.of_nothing("created_by")
    items = check_tasks(project, _items(call))
    authors = [[_author(call, annotation) for annotation in item.get("annotations", [])] for item in items]
    tasks = [add_task(call, project, item) for item in items]
    for task, item, people in zip(tasks, items, authors, strict=True):
        _annotate(call, task, item, people)
    if not all(_is_prediction(prediction) for item in items for prediction in item.get("predictions", [])):
        return Answer(Crash(_BROKEN).body(RELEASES[call.edition]), Crash.status)
    versions = [version for task, item in zip(tasks, items, strict=True) for version in _predict(call, task, item)]
    if versions and versions[-1] is not None and not project["model_version"]:
        call.store.replace("project", {**project, "model_version": versions[-1]})
    summary.add_columns(call.store, project_id, [task["data"] for task in tasks])
    _finish(call, project, tasks, authors)
    return _answer(call, tasks, sum(map(len, authors)), len(versions))


def _finish(call: Call, project: Document, tasks: list[Document], authors: list[list[int]]) -> None:
    """An imported task is done if enough people annotated it, or skipped it."""
    for task, people in zip(tasks, authors, strict=True):
        if people and len(set(people)) >= project["maximum_annotations"]:
            call.store.replace("task", {**task, "is_labeled": True})


def _items(call: Call) -> list[Any]:
    """The tasks of a body; what cannot be looked into crashes the server before it checks anything."""
    body = call.body
    if isinstance(body, Form):
        raise Invalid([_NO_URL if "urlencoded" in call.payload.media else _NO_DATA])
    items = body if isinstance(body, list) else [body]
    if not call.payload.data or not isinstance(body, (list, dict)):
        raise Invalid([_NO_DATA])
    if not items:
        raise Invalid([_NO_TASKS])
    for item in items:
        if not isinstance(item, (dict, list, str)):
            raise Crash(f"argument of type '{type(item).__name__}' is not iterable")
        predictions = item.get("predictions", []) if isinstance(item, dict) else []
        if not isinstance(predictions, (list, dict, str)):
            raise Crash(f"'{type(predictions).__name__}' object is not iterable")
    return items


def _author(call: Call, annotation: Any) -> int:
    def by_email(email: Any) -> int | None:
        return _member(call, "u.email = ?", email)

    def by_id(key: int) -> int | None:
        return _member(call, "u.id = ?", key)

    return author(annotation, by_email, by_id) or int(call.user["id"])


def _member(call: Call, where: str, value: Any) -> int | None:
    """A member, removed or not."""
    joined = f'SELECT u.id FROM "user" u JOIN membership m ON m."user" = u.id WHERE {where}'  # noqa: S608  # no client's text
    rows = call.store.rows(joined, (value,)) if isinstance(value, (int, str)) else []
    return int(rows[0][0]) if rows else None


def _annotate(call: Call, task: Document, item: Document, authors: list[int]) -> None:
    for annotation, completed_by in zip(item.get("annotations", []), authors, strict=True):
        kept = {
            "result": annotation["result"],
            "was_cancelled": _kept(annotation, "was_cancelled", False, flag(), _NO_BOOLEAN),
            "ground_truth": _kept(annotation, "ground_truth", True, flag(), _NO_BOOLEAN),
            "lead_time": _kept(annotation, "lead_time", None, real, _NO_NUMBER),
            "import_id": annotation.get("id"),
            "completed_by": completed_by,
        }
        add_annotation(call, task, kept, imported=True)


def _kept(annotation: Document, name: str, usual: Any, convert: Convert, words: str) -> Any:
    """A value as the server's database takes it, which nobody checked before."""
    value = annotation.get(name, usual)
    if value is None:
        return None
    try:
        return convert(value)
    except Bad as bad:
        raise Crash(words.format(value)) from bad


def _predict(call: Call, task: Document, item: Document) -> list[str | None]:
    versions: list[str | None] = []
    for prediction in item.get("predictions", []):
        version = prediction.get("model_version", _UNDEFINED)
        versions.append(None if version is None else str(version))
        score, _ = attempt(real, prediction.get("score"))
        own = {"result": prediction["result"], "score": score, "model_version": versions[-1]}
        stamps = {"created_at": now(), "updated_at": now()}
        call.store.insert("prediction", {**own, **stamps, "task": task["id"], "project": task["project"]})
    return versions


def _is_prediction(prediction: Any) -> bool:
    """Whether its result is a list of objects, one object, or a text for the only control."""
    result = prediction["result"] if isinstance(prediction, dict) else None
    if isinstance(result, list):
        return all(isinstance(item, dict) for item in result)
    return isinstance(result, (dict, str))


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
