"""What the server does with a project's tasks and other fields because of a change; this module holds no kind."""

from __future__ import annotations

from collections.abc import Iterator

from lsops.kinds.projects.labels_in_use import count
from lsops.kinds.projects.model_versions import NAME as VERSION
from lsops.kinds.projects.model_versions import SHOWN
from lsops.kinds.reader import Row
from lsops.model.plan import Change

OVERLAP = frozenset({"/maximum_annotations", "/overlap_cohort_percentage"})
"""Fields whose change rewrites `overlap` in the tasks (Community facts 2.3)."""
SKIPPED = "/skip_queue"
"""Whether a skipped task counts as done."""


def effects(change: Change) -> Iterator[str]:
    """What an update does beyond the fields that it names."""
    if change.action != "update" or change.before is None:
        return
    row, paths = change.before.raw, {item.path for item in change.fields}
    tasks = count(row, "task_number")
    if tasks != 0 and paths & OVERLAP:
        yield f"rewrites the overlap of {_tasks(tasks)}, and so which of them are done"
    elif tasks != 0 and SKIPPED in paths:
        yield f"decides anew which of {_tasks(tasks)} are done"
    yield from _cleared(change, row, paths)


def _cleared(change: Change, row: Row, paths: set[str]) -> Iterator[str]:
    """Hiding predictions clears `model_version`, unless the same PATCH has one (Community facts 2.3 and 11)."""
    desired = change.after
    if desired is None or f"/{SHOWN}" not in paths or desired.values.get(SHOWN) is not False:
        return
    is_sent = VERSION in desired.values and not {VERSION, f"/{VERSION}"} & set(desired.lifecycle.ignore)
    if row.get(VERSION) and not is_sent:
        yield f'clears {VERSION}, which is "{row[VERSION]}" and not set here: write it in the manifest to keep it'


def _tasks(number: int | None) -> str:
    if number is None:
        return "the existing tasks"
    return "the existing task" if number == 1 else f"the {number} existing tasks"
