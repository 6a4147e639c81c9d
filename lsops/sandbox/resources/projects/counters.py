"""The counters of projects: one query per table for a whole page (community-api 2.1).

`total_annotations_number` leaves skipped ones out and counts ground truths; `finished_task_number`
counts tasks with as many annotators as their overlap; the queue is the caller's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lsops.sandbox.store import Store

Counts = Mapping[int, Mapping[str, int]]

COUNTERS = (
    "task_number",
    "finished_task_number",
    "total_predictions_number",
    "total_annotations_number",
    "num_tasks_with_annotations",
    "useful_annotation_number",
    "ground_truth_number",
    "skipped_annotations_number",
)
ENTERPRISE_COUNTERS = {
    **dict.fromkeys(
        ("queue_done", "queue_left", "queue_total", "rejected", "review_total_tasks", "reviewed_number"), 0
    ),
    "duplication_status": "",
}
"""What Enterprise counts besides, where nobody reviews."""

_TASKS = "SELECT project, COUNT(*), SUM(is_labeled) FROM task WHERE project IN ({ids}) GROUP BY project"
_PREDICTIONS = "SELECT project, COUNT(*) FROM prediction WHERE project IN ({ids}) GROUP BY project"
_ANNOTATIONS = """
    SELECT project, SUM(was_cancelled = 0), COUNT(DISTINCT CASE WHEN was_cancelled + ground_truth = 0 THEN task END),
           SUM(was_cancelled + ground_truth = 0), SUM(ground_truth), SUM(was_cancelled)
    FROM annotation WHERE project IN ({ids}) GROUP BY project
"""
_QUEUE = """
    SELECT task.project, COUNT(DISTINCT CASE WHEN own.id IS NOT NULL OR NOT is_labeled THEN task.id END),
           COUNT(DISTINCT own.task),
           COUNT(DISTINCT CASE WHEN own.was_cancelled = 0 THEN own.task END)
    FROM task LEFT JOIN annotation AS own ON own.task = task.id AND own.completed_by = {user}
    WHERE task.project IN ({ids}) GROUP BY task.project
"""


def counters(store: Store, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The eight counters per project, zeros for an empty one."""
    listed = ",".join(map(str, ids))
    found: dict[int, dict[str, int]] = {key: dict.fromkeys(COUNTERS, 0) for key in ids}
    for sql, names in (
        (_TASKS, COUNTERS[:2]),
        (_PREDICTIONS, COUNTERS[2:3]),
        (_ANNOTATIONS, COUNTERS[3:]),
    ):
        for project, *numbers in store.rows(sql.format(ids=listed)):
            found[project].update(zip(names, numbers, strict=True))
    return found


def queues(store: Store, projects: Sequence[Mapping[str, Any]], user: int) -> dict[int, dict[str, int]]:
    """`queue_total` and `queue_done` of the caller; a skip counts as done unless it comes back to them."""
    comes_back = {project["id"]: project["skip_queue"] == "REQUEUE_FOR_ME" for project in projects}
    listed = ",".join(str(key) for key in comes_back)
    found = {key: {"queue_total": 0, "queue_done": 0} for key in comes_back}
    for project, total, done, kept in store.rows(_QUEUE.format(ids=listed, user=int(user))):
        found[project] = {
            "queue_total": total,
            "queue_done": kept if comes_back[project] else done,
        }
    return found
