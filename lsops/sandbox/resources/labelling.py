"""What the labelling screen asks for: the next task of the caller, and what they had before.

Facts: community-api 2.3 (`sampling`, `skip_queue`), and measured. Nobody holds a task against others here: it is a
sandbox of one.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from typing import Any

from lsops.sandbox.envelope import Missing
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.drafts import drafts_of
from lsops.sandbox.resources.projects import found
from lsops.sandbox.resources.tasks.listing import ids_chosen, view_asked
from lsops.sandbox.resources.tasks.show import show_simply
from lsops.sandbox.store import Column, Document, Table

_KEPT = 100
"""Tasks that a history remembers."""
_SOLVED = """
    SELECT task FROM annotation WHERE project = :project AND completed_by = :user
    UNION SELECT task FROM draft
    WHERE project = :project AND json_extract(doc, '$.user') = :user AND json_extract(doc, '$.was_postponed')
"""
_OPEN = f"SELECT id FROM task WHERE project = :project AND NOT is_labeled AND id NOT IN ({_SOLVED}) ORDER BY id"  # noqa: S608  # no client's text
_OWN = f"SELECT id FROM task WHERE project = :project AND id NOT IN ({_SOLVED})"  # noqa: S608  # no client's text
_SKIPPED = """
    SELECT task FROM annotation
    WHERE project = :project AND completed_by = :user AND was_cancelled
    AND task IN (SELECT id FROM task WHERE NOT is_labeled) ORDER BY json_extract(doc, '$.updated_at')
"""
_POSTPONED = """
    SELECT task FROM draft
    WHERE project = :project AND json_extract(doc, '$.user') = :user AND json_extract(doc, '$.was_postponed')
    AND task IN (SELECT id FROM task WHERE NOT is_labeled) ORDER BY json_extract(doc, '$.updated_at')
"""
_SCORED = """
    SELECT task FROM prediction WHERE project = :project AND model_version = :version
    ORDER BY json_extract(doc, '$.score')
"""


def next_task(call: Call, project: Document, ids: Sequence[int]) -> Document:
    """The caller's next task: what is not done yet, then what they skipped or put off. Raises: Missing."""
    chosen, queue = _chosen(call, project, ids)
    if chosen is None:
        raise Missing(f"There are no tasks for {call.user['email']}")
    _remember(call, project, chosen)
    return {**_shown(call, call.found("task", chosen, "Task")), "queue": queue}


def _shown(call: Call, task: Document) -> Document:
    """A task as it is given to somebody: with what they made of it before, and nobody else."""
    shown = show_simply(call, task)
    return {
        **shown,
        "annotations": [item for item in shown["annotations"] if item["completed_by"] == call.user["id"]],
        "drafts": [draft for draft in drafts_of(call, task["id"]) if draft["user"] == call.user["email"]],
        "updated_by": [{"user_id": task["updated_by"]}] if task["updated_by"] else [],
        "unique_lock_id": str(uuid.uuid4()),
    }


def _chosen(call: Call, project: Document, ids: Sequence[int]) -> tuple[int | None, str]:
    by_hand = isinstance(call.body, dict) and any(
        call.body.get(name) for name in ("filters", "ordering", "selectedItems")
    )
    if by_hand:
        open_ones = set(_rows(call, project, _OWN))
        return next((key for key in ids if key in open_ones), None), "Data manager queue"
    taken = set(ids)
    for queue, candidates in _queues(call, project):
        if kept := [key for key in candidates if key in taken]:
            return kept[0], queue
    return None, ""


def _queues(call: Call, project: Document) -> list[tuple[str, Sequence[int]]]:
    waiting = _rows(call, project, _OPEN)
    skipped = _rows(call, project, _SKIPPED) if project["skip_queue"] == "REQUEUE_FOR_ME" else []
    return [
        _sampled(call, project, waiting),
        ("Skipped queue", skipped),
        ("Postponed draft queue", _rows(call, project, _POSTPONED)),
    ]


def _sampled(call: Call, project: Document, waiting: Sequence[int]) -> tuple[str, Sequence[int]]:
    if project["sampling"] == "Sequential sampling":
        return "Sequence queue", waiting
    if project["sampling"] == "Uncertainty sampling":
        scored = [key for key in _rows(call, project, _SCORED) if key in set(waiting)]
        return "Active learning or random queue", scored or _shuffled(waiting)
    return "Uniform random queue", _shuffled(waiting)


def _shuffled(ids: Sequence[int]) -> list[int]:
    return random.sample(ids, len(ids))


def _rows(call: Call, project: Document, sql: str) -> list[int]:
    values: dict[str, Any] = {"project": project["id"], "user": call.user["id"], "version": project["model_version"]}
    return [key for (key,) in call.store.rows(sql, values)]


def _next(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    body = call.body if isinstance(call.body, dict) else {}
    return Answer(next_task(call, project, ids_chosen(call, project, view_asked(call, project, body))))


def _history(call: Call, project_id: int) -> Answer:
    """The tasks that the caller was given, each with what they made of it; a task that is gone is forgotten."""
    found(call, project_id)
    kept = _history_of(call, project_id)
    seen = [item for item in (kept["data"] if kept else []) if call.store.get("task", item["taskId"])]
    return Answer([{**item, "annotationId": _annotation(call, item["taskId"])} for item in seen])


def _annotation(call: Call, task: int) -> int | None:
    mine = call.store.find("annotation", "task = ? AND completed_by = ?", (task, call.user["id"]))
    return int(mine[-1]["id"]) if mine else None


def _remember(call: Call, project: Document, task: int) -> None:
    kept = _history_of(call, project["id"])
    if kept is None:
        first = [{"taskId": task, "annotationId": None}]
        call.store.insert("history", {"project": project["id"], "user": call.user["id"], "data": first})
    elif task not in (item["taskId"] for item in kept["data"]):
        data = [*kept["data"], {"taskId": task, "annotationId": None}][-_KEPT:]
        call.store.replace("history", {**kept, "data": data})


def _history_of(call: Call, project: int) -> Document | None:
    """What the caller had in a project."""
    rows = call.store.find("history", "project = ? AND user = ?", (project, call.user["id"]))
    return rows[0] if rows else None


RESOURCE = Resource(
    "labelling",
    tables=(Table("history", (Column("project", references="project", alike=10_000), Column("user", alike=10_000))),),
    routes=(
        Route("/api/projects/<int:project_id>/next/", {"GET": _next}),
        Route("/api/projects/<int:project_id>/label-stream-history/", {"GET": _history}),
    ),
)
