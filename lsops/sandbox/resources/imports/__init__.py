"""`POST /api/projects/{id}/import` and `/reimport` (community-api 9).

Enterprise answers with the id of an import job; here it is done by then.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Crash, Missing
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.release import RELEASES
from lsops.sandbox.resource import Answer, Call, Handler, Resource, Route
from lsops.sandbox.resources.imports.making import ImportedTasks, commit
from lsops.sandbox.resources.imports.taking import BroughtTasks, brought
from lsops.sandbox.resources.projects import found
from lsops.sandbox.resources.uploads.preannotated import with_predictions
from lsops.sandbox.resources.uploads.reading import could_be_lists, tasks_in
from lsops.sandbox.store import Column, Document, Table

_BROKEN = "'BaseTaskSerializerBulk' object has no attribute 'db_predictions'"
_FALSE = ("0", "false", "no")


def _run(call: Call, project_id: int) -> Answer:
    """Predictions that are none crash the server when the tasks are there already."""
    project = found(call, project_id)
    if project["organization"] is None:
        raise Crash.of_nothing("created_by")
    taken = brought(call, project)
    if call.query.get("commit_to_project", "true").lower() in _FALSE:
        return _answer(call, taken, ImportedTasks((), None, None, call.enterprise))
    done = commit(call, project, with_predictions(call, project, taken.tasks))
    if done is None:
        return Answer(Crash(_BROKEN).body(RELEASES[call.edition]), Crash.status)
    return _answer(call, taken, done)


def _again(call: Call, project_id: int) -> Answer:
    """The tasks of uploaded files anew, in place of those that came from them before."""
    project = found(call, project_id)
    body = call.body
    ids = body.get("file_upload_ids")
    if not ids:
        return Answer(_shown(BroughtTasks([], (), {}), ImportedTasks((), 0, 0), also=False))
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
    return Answer(_shown(BroughtTasks(tasks, uploads, kinds, keys), done, also=False), 201)


def _uploads_of(call: Call, project: Document) -> list[Document]:
    return call.store.find("file_upload", "project = ?", (project["id"],))


def _answer(call: Call, taken: BroughtTasks, done: ImportedTasks) -> Answer:
    if call.enterprise:
        project = {"id": done.tasks[0]["project"]} if done.tasks else {"id": None}
        return Answer({"import": _job(call, "project_import", project, done)}, 201)
    wanted = call.query.get("return_task_ids", "").lower() in ("true", "1")
    ids = {"task_ids": [task["id"] for task in done.tasks]} if wanted and done.tasks else {}
    return Answer({**_shown(taken, done), **ids}, 201)


def _shown(taken: BroughtTasks, done: ImportedTasks, *, also: bool = True) -> dict[str, Any]:
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


def _job(call: Call, table: str, project: Document, done: ImportedTasks) -> int:
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
