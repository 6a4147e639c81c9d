"""`POST /api/projects/{id}/import`: tasks with annotations and predictions.

Imported annotations are ground truth and are not seen by the config checks; imported predictions
name the project's `model_version` if it has none (community-api 2.5, 2.6, 9). Enterprise answers
with the id of an import job; here it is done by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.envelope import Crash, Invalid, Missing
from lsops.sandbox.fields import Bad, Convert, Form, attempt
from lsops.sandbox.fieldtypes import flag, now, real
from lsops.sandbox.release import RELEASES
from lsops.sandbox.resource import Answer, Call, Handler, Resource, Route, Upload
from lsops.sandbox.resources.annotations import add_annotation
from lsops.sandbox.resources.predictions import UNDEFINED, add_prediction, results
from lsops.sandbox.resources.projects import found, summary
from lsops.sandbox.resources.tasks.rows import add_task, next_number
from lsops.sandbox.resources.uploads.preannotated import with_predictions
from lsops.sandbox.resources.uploads.reading import could_be_lists, keep_all, tasks_in
from lsops.sandbox.store import Column, Document, Table
from lsops.sandbox.taskcheck import author, check_tasks

_NO_DATA = "load_tasks: No data found in DATA or in FILES"
_NO_URL = '"url" is not found in request data'
_NO_TASKS = "load_tasks: No tasks added"
_BROKEN = "'BaseTaskSerializerBulk' object has no attribute 'db_predictions'"
_NO_BOOLEAN = "['“{}” value must be either True or False.']"
_NO_NUMBER = "Field 'lead_time' expected a number but got {!r}."
_TAKEN = ("data", "meta", "file_upload_id", "allow_skip")
"""What an imported task brings for itself; all else is the project's to say."""
_FALSE = ("0", "false", "no")


def _run(call: Call, project_id: int) -> Answer:
    """Predictions that are none crash the server when the tasks are there already."""
    project = found(call, project_id)
    if project["organization"] is None:
        raise Crash.of_nothing("created_by")
    taken = _taken(call, project)
    if call.query.get("commit_to_project", "true").lower() in _FALSE:
        return _answer(call, taken, _Done((), None, None, call.enterprise))
    done = commit(call, project, with_predictions(call, project, taken.tasks))
    if done is None:
        return Answer(Crash(_BROKEN).body(RELEASES[call.edition]), Crash.status)
    return _answer(call, taken, done)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a request brought: tasks, and of the files that they came in which they are, their kinds and their keys."""

    tasks: list[Any]
    uploads: Sequence[Document] = ()
    kinds: Any = ()
    keys: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Done:
    """What an import made."""

    tasks: Sequence[Document]
    annotations: int | None
    predictions: int | None
    job: bool = False


def commit(call: Call, project: Document, items: list[Any]) -> _Done | None:
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
    return _Done(tasks, sum(map(len, authors)), len(versions))


def _again(call: Call, project_id: int) -> Answer:
    """The tasks of uploaded files anew, in place of those that came from them before."""
    project = found(call, project_id)
    body = call.body
    ids = body.get("file_upload_ids")
    if not ids:
        return Answer(_shown(_Taken([], (), {}), _Done((), 0, 0), also=False))
    uploads = [upload for upload in _uploads_of(call, project) if upload["id"] in ids]
    rows = str(body.get("files_as_tasks_list", True)).lower() not in _FALSE
    tasks, kinds, keys = tasks_in(call, project, uploads, rows=rows)
    marks = ",".join("?" for _ in ids)
    where = f"project = ? AND json_extract(doc, '$.file_upload') IN ({marks})"
    call.store.run(f"DELETE FROM task WHERE {where}", (project_id, *ids))  # noqa: S608  # values are bound
    done = commit(call, project, tasks)
    if done is None:
        return Answer(Crash(_BROKEN).body(RELEASES[call.edition]), Crash.status)
    if call.enterprise:
        return Answer({"reimport": _job(call, "project_reimport", project, done)}, 201)
    return Answer(_shown(_Taken(tasks, uploads, kinds, keys), done, also=False), 201)


def _uploads_of(call: Call, project: Document) -> list[Document]:
    return call.store.find("file_upload", "project = ?", (project["id"],))


def _finish(call: Call, project: Document, tasks: list[Document], authors: list[list[int]]) -> None:
    """An imported task is done if enough people annotated it, or skipped it."""
    for task, people in zip(tasks, authors, strict=True):
        if people and len(set(people)) >= project["maximum_annotations"]:
            call.store.replace("task", {**task, "is_labeled": True})


def _taken(call: Call, project: Document) -> _Taken:
    """The tasks of a request, from files, from a text in a form, or from its body."""
    if call.payload.files:
        return _filed(call, project, list(call.payload.files.values()))
    body = call.body
    if isinstance(body, Form) and "urlencoded" in call.payload.media:
        url = body.get("url")
        if not url:
            raise Invalid([_NO_URL])
        return _filed(call, project, [Upload("inplace.json", url.replace("'", '"').encode())])
    if isinstance(body, Form):
        raise Invalid([_NO_DATA])
    return _Taken(_items(call))


def _filed(call: Call, project: Document, sent: Sequence[Upload]) -> _Taken:
    """Files stay, whatever becomes of their tasks."""
    with call.kept():
        uploads = keep_all(call, project, sent)
    tasks, kinds, keys = tasks_in(call, project, uploads)
    if not tasks:
        raise Invalid([_NO_TASKS])
    return _Taken(tasks, uploads, kinds, keys)


def _items(call: Call) -> list[Any]:
    """The tasks of a body; what cannot be looked into crashes the server before it checks anything."""
    body = call.body
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


def _answer(call: Call, taken: _Taken, done: _Done) -> Answer:
    if call.enterprise:
        project = {"id": done.tasks[0]["project"]} if done.tasks else {"id": None}
        return Answer({"import": _job(call, "project_import", project, done)}, 201)
    wanted = call.query.get("return_task_ids", "").lower() in ("true", "1")
    ids = {"task_ids": [task["id"] for task in done.tasks]} if wanted and done.tasks else {}
    return Answer({**_shown(taken, done), **ids}, 201)


def _shown(taken: _Taken, done: _Done, *, also: bool = True) -> dict[str, Any]:
    lists = {"could_be_tasks_list": could_be_lists(taken.uploads)} if also else {}
    return {
        "task_count": len(taken.tasks),
        "annotation_count": done.annotations,
        "prediction_count": done.predictions,
        "duration": 0.0,
        "file_upload_ids": [upload["id"] for upload in taken.uploads],
        **lists,
        "found_formats": taken.kinds or ([] if also else {}),
        "data_columns": list(taken.keys),
    }


def _job(call: Call, table: str, project: Document, done: _Done) -> int:
    """Enterprise answers with the id of a job; here it is done by then."""
    job = {
        "project": project["id"],
        "status": "completed",
        "task_count": len(done.tasks),
        "annotation_count": done.annotations or 0,
        "prediction_count": done.predictions or 0,
        "task_ids": [task["id"] for task in done.tasks],
        "created_at": now(),
    }
    return int(call.store.insert(table, job)["id"])


def _state(table: str, model: str) -> Handler:
    def detail(call: Call, project_id: int, job_id: int) -> Answer:
        job = call.found(table, job_id, model)
        if job["project"] != found(call, project_id)["id"]:
            raise Missing.of(model)
        unknown = {"error": None, "traceback": None, "duration": 0, "finished_at": job["created_at"]}
        return Answer({**job, **unknown, "preannotated_from_fields": None, "commit_to_project": True})

    return detail


_JOBS = {"import": ("project_import", "ProjectImport"), "reimport": ("project_reimport", "ProjectReimport")}
RESOURCE = Resource(
    "imports",
    tables=tuple(Table(table, (Column("project", references="project"),)) for table, _ in _JOBS.values()),
    routes=(
        Route("/api/projects/<int:project_id>/import", {"POST": _run}),
        Route("/api/projects/<int:project_id>/tasks/bulk/", {"POST": _run}),
        Route("/api/projects/<int:project_id>/reimport", {"POST": _again}),
        *(
            Route(f"/api/projects/<int:project_id>/{name}s/<int:job_id>/", {"GET": _state(*job)})
            for name, job in _JOBS.items()
        ),
    ),
)
