"""Tasks of a project, a page after the other by their ids, and imports that end later; this module holds no kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lsops.errors import Finding, Malformed, NotFound, ResultUnknown, ServerFault
from lsops.kinds.reader import Row
from lsops.server.forms import COUNT, ID, LIST, Form, held_rows
from lsops.server.waiting import looks

if TYPE_CHECKING:
    from lsops.server.session import Session

TASKS: Final = "/api/tasks/"
MARKS: Final = 1000
"""Tasks of a page that have their id and `meta` alone: Community cuts no page of tasks, Enterprise may, and either is
followed; the server reads its rows anew for each page.
"""
JOB_SECONDS: Final = 600.0
"""How long a job of the server is waited for."""
_PAGE: Final = Form(needed={"tasks": LIST}, known={"total": COUNT})
_TASK: Final = Form(needed={"id": ID})


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Which tasks of a project, with what of them: `params` say the latter, `filters` are of the Data Manager.

    A page has `size` tasks at most.
    """

    project: int
    size: int
    params: Mapping[str, str]
    filters: tuple[Mapping[str, Any], ...] = ()

    def page(self, after: int) -> dict[str, Any]:
        """The parameters of the page of the tasks with higher ids."""
        higher = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": after}
        query = {"filters": {"conjunction": "and", "items": [higher, *self.filters]}, "ordering": ["tasks:id"]}
        return {"project": self.project, **self.params, "page_size": self.size, "query": json.dumps(query)}


def tasks_after(session: Session, query: TaskQuery, after: int = 0) -> Iterator[Row]:
    """The tasks with higher ids, by id; one may come or go meanwhile.

    Raises: Malformed, too, where the server ignores the filter of ids; ServerError.
    """
    while True:
        answer = session.get(TASKS, query.page(after), form=_PAGE)
        rows = held_rows(answer["tasks"], _TASK, f"GET {TASKS}")
        if any(row["id"] <= after for row in rows):
            raise Malformed.of(f"GET {TASKS}: the server ignores the filter of ids")
        yield from rows
        if not rows or len(rows) == answer.get("total"):  # it counts what the filter lets through
            return
        after = max(row["id"] for row in rows)


def marked_tasks(session: Session, project: int, after: int = 0) -> Iterator[Row]:
    """Id and `meta` of the tasks with higher ids, by id. Raises: ServerError."""
    return tasks_after(session, TaskQuery(project, MARKS, {"include": "id,meta"}), after)


def await_import(session: Session, project: int, job: int) -> None:
    """Wait for the job in which Enterprise imports tasks (openapi `/api/projects/{id}/imports/{import_pk}/`).

    Raises: ServerFault, where it failed, of which some tasks may be there; ResultUnknown, where it takes too long.
    """
    path = f"/api/projects/{project}/imports/{job}/"
    for _ in looks(JOB_SECONDS):
        try:
            state = session.get(path)
        except NotFound:
            continue  # a replica of the database may lag behind
        status = state.get("status") if isinstance(state, dict) else None
        if status == "completed":
            return
        if status == "failed":
            message = f"the server could not import them: {state.get('error') or 'no reason'}"
            raise ServerFault([Finding("LS683", message)])
    raise ResultUnknown.of(f"the import {job} is not over after {JOB_SECONDS:g} s; run again when it is")
