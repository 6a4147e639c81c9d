"""Which tasks are done: as many different annotators as the task's overlap.

Facts: community-api 2.3 (a change of `maximum_annotations` or the cohort rewrites `overlap` of all
tasks). A skip counts as an annotation only where skipped tasks are ignored.
"""

from __future__ import annotations

from lsops.sandbox.fieldtypes import now
from lsops.sandbox.store import Document, Store

_REFRESH = """
    UPDATE task SET doc = json_set(
        doc,
        '$.is_labeled', json(CASE WHEN (
            SELECT COUNT(DISTINCT completed_by) FROM annotation WHERE task = task.id {counted}
        ) >= overlap THEN 'true' ELSE 'false' END)
    ) WHERE project = ?
"""
_SET_OVERLAP = "UPDATE task SET doc = json_set(doc, '$.overlap', ?) WHERE project = ?"
_COHORT = """
    UPDATE task SET doc = json_set(doc, '$.overlap', CASE WHEN id IN (
        SELECT task.id FROM task LEFT JOIN annotation ON annotation.task = task.id
        WHERE task.project = :project GROUP BY task.id ORDER BY COUNT(annotation.id) DESC, task.id LIMIT :chosen
    ) THEN :most ELSE 1 END) WHERE project = :project
"""


def refresh(store: Store, project: Document, task: int | None = None) -> None:
    """Decide for one task, or every task of the project, whether it is done."""
    counted = "" if project["skip_queue"] == "IGNORE_SKIPPED" else "AND was_cancelled = 0"
    sql = _REFRESH.format(counted=counted)
    if task is None:
        store.run(sql, (project["id"],))
    else:
        store.run(f"{sql} AND id = ?", (project["id"], task))


def touch(store: Store, task: int, user: int) -> None:
    """Note that somebody changed what belongs to the task just now."""
    store.run(
        "UPDATE task SET doc = json_set(doc, '$.updated_at', ?, '$.updated_by', ?) WHERE id = ?", (now(), user, task)
    )


def follow_settings(store: Store, before: Document, after: Document) -> None:
    """Rewrite the overlap of the tasks when the project's settings about it changed."""
    most, share = after["maximum_annotations"], after["overlap_cohort_percentage"]
    most_changed = before["maximum_annotations"] != most
    share_changed = before["overlap_cohort_percentage"] != share
    if most_changed and not share_changed:
        _set_most(store, after)
    elif share_changed and most != 1:
        _choose_cohort(store, after)
    elif share_changed and most_changed:
        store.run(_SET_OVERLAP, (1, after["id"]))
    if most_changed or share_changed or before["skip_queue"] != after["skip_queue"]:
        refresh(store, after)


def _set_most(store: Store, project: Document) -> None:
    """A chosen cohort stays chosen; without one everybody, or a share, gets the new overlap."""
    most = project["maximum_annotations"]
    has_cohort = store.count("task", "project = ? AND overlap > 1", (project["id"],))
    if most > 1 and has_cohort:
        store.run(f"{_SET_OVERLAP} AND overlap > 1", (most, project["id"]))
    elif most > 1 and project["overlap_cohort_percentage"] < 100:
        _choose_cohort(store, project)
    else:
        store.run(_SET_OVERLAP, (most, project["id"]))


def _choose_cohort(store: Store, project: Document) -> None:
    """The overlap goes to the given share of the tasks, those with annotations first."""
    tasks = store.count("task", "project = ?", (project["id"],))
    chosen = int(tasks * project["overlap_cohort_percentage"] / 100 + 0.5)
    named = {
        "project": project["id"],
        "chosen": max(chosen, 0),
        "most": project["maximum_annotations"],
    }
    store.run(_COHORT, named)
