"""Tasks with annotations and predictions, made of what an import brought.

Imported annotations are ground truth and are not seen by the config checks; imported predictions name the project's
`model_version` if it has none (community-api 2.5, 2.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.envelope import Crash
from lsops.sandbox.fields import Bad, Convert, attempt
from lsops.sandbox.fieldtypes import flag, real
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.annotations.rows import add_annotation
from lsops.sandbox.resources.predictions import UNDEFINED, add_prediction, results
from lsops.sandbox.resources.projects import summary
from lsops.sandbox.resources.tasks.rows import add_task, next_number
from lsops.sandbox.store import Document
from lsops.sandbox.taskcheck import author, check_tasks

_NO_BOOLEAN = "['“{}” value must be either True or False.']"
_NO_NUMBER = "Field 'lead_time' expected a number but got {!r}."
_TAKEN = ("data", "meta", "file_upload_id", "allow_skip")
"""What an imported task brings for itself; all else is the project's to say."""


@dataclass(frozen=True, slots=True)
class ImportedTasks:
    """What an import made."""

    tasks: Sequence[Document]
    annotations: int | None
    predictions: int | None
    job: bool = False


def commit(call: Call, project: Document, items: list[Any]) -> ImportedTasks | None:
    """Make the tasks; None where predictions break the server, after all else is there."""
    checked = check_tasks(project, items)
    authors = [[_author(call, annotation) for annotation in item.get("annotations", [])] for item in checked]
    own = [{name: item[name] for name in _TAKEN if name in item} for item in checked]
    first = next_number(call, project)
    tasks = [add_task(call, project, {**given, "inner_id": number}) for number, given in enumerate(own, first)]
    for task, item, people in zip(tasks, checked, authors, strict=True):
        _annotate(call, task, item, people)
    if not all(_is_prediction(prediction) for item in checked for prediction in item.get("predictions", [])):
        return None
    versions = [
        version for task, item in zip(tasks, checked, strict=True) for version in _predict(call, project, task, item)
    ]
    if versions and versions[-1] is not None and not project["model_version"]:
        call.store.replace("project", {**project, "model_version": versions[-1]})
    summary.add_columns(call.store, project["id"], [task["data"] for task in tasks])
    _finish(call, project, tasks, authors)
    return ImportedTasks(tasks, sum(map(len, authors)), len(versions))


def _finish(call: Call, project: Document, tasks: list[Document], authors: list[list[int]]) -> None:
    """An imported task is done if enough people annotated it, or skipped it."""
    for task, people in zip(tasks, authors, strict=True):
        if people and len(set(people)) >= project["maximum_annotations"]:
            call.store.replace("task", {**task, "is_labeled": True})


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


def _predict(call: Call, project: Document, task: Document, item: Document) -> list[str | None]:
    versions: list[str | None] = []
    for prediction in item.get("predictions", []):
        version = prediction.get("model_version", UNDEFINED)
        versions.append(None if version is None else str(version))
        score, _ = attempt(real, prediction.get("score"))
        own = {"result": results(prediction["result"], project), "score": score, "model_version": versions[-1]}
        add_prediction(call, task, own)
    return versions


def _is_prediction(prediction: Any) -> bool:
    """Whether its result is a list of objects, one object, or a text for the only control."""
    result = prediction["result"] if isinstance(prediction, dict) else None
    if isinstance(result, list):
        return all(isinstance(item, dict) for item in result)
    return isinstance(result, (dict, str))
