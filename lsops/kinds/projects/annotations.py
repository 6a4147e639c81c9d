"""Reading what annotations of a project hold, a page of tasks at a time; this module holds no kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lsops.kinds.reader import Row
from lsops.server.forms import ID, LIST, Form, OrNull, held_rows, is_whole

if TYPE_CHECKING:
    from lsops.labelconfig import Renaming
    from lsops.server.session import Session

AT_ONCE = 30
"""Tasks of a page: each comes with all of its annotations, and an answer has a bound."""
ANNOTATION = Form(needed={"id": ID, "result": OrNull(LIST)})
_PLAIN = re.compile(r"[ !#-\[\]-~]+")
"""What stands in the JSON of a result as it is."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """What annotations have of one renamed label: `labels` of that name in `annotations` of them.

    `others` are annotations that have the new name already, `drafts` what goes away with saving.
    """

    labels: int = 0
    annotations: int = 0
    others: int = 0
    drafts: int = 0

    def with_one(self, renaming: Renaming, result: Sequence[Any]) -> Annotated:
        """The same with the result of one annotation more."""
        from lsops.labelconfig import holding

        number = holding(renaming, result, renaming.old)
        has_new = holding(renaming, result, renaming.new) > 0
        return Annotated(self.labels + number, self.annotations + bool(number), self.others + has_new, self.drafts)

    def losing(self, drafts: int) -> Annotated:
        """The same with so many drafts more."""
        return replace(self, drafts=self.drafts + drafts)


def annotated_tasks(session: Session, number: int, sought: str = "") -> Iterator[Row]:
    """The tasks of a project with their annotations, skipped ones too, by their ids; a task may come or go meanwhile.

    Tasks without an annotation that holds the text `sought` may be left out.

    Raises: ServerError.
    """
    from lsops.kinds.projects.task_pages import TaskQuery, tasks_after

    query = TaskQuery(number, AT_ONCE, {"fields": "all"}, _filters(sought))
    return tasks_after(session, query)


def _filters(sought: str) -> tuple[Mapping[str, Any], ...]:
    if not _PLAIN.fullmatch(sought):
        return ()
    named = {"operator": "contains", "type": "String", "value": sought}
    return ({"filter": "filter:tasks:annotations_results", **named},)


def annotations_of(task: Row) -> list[dict[str, Any]]:
    """The annotations of a task that was read with them, each with a list for its result. Raises: Malformed."""
    rows = held_rows(task.get("annotations") or [], ANNOTATION, "GET /api/tasks/")
    return [{**row, "result": row["result"] or []} for row in rows]


def draft_count(session: Session, task: int, annotations: Collection[int]) -> int:
    """How many drafts of a task belong to these annotations, whoever made them. Raises: ServerError."""
    drafts = session.array(f"/api/tasks/{task}/drafts")
    return sum(is_whole(one.get("annotation")) and one["annotation"] in annotations for one in drafts)
