"""How many annotations have the labels that are to be renamed, and what is lost by it; this module holds no kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsops.errors import ServerError
from lsops.kinds.projects.annotations import Annotated, annotated_tasks, annotations_of, draft_count
from lsops.kinds.projects.labels_in_use import count, shown_name
from lsops.kinds.projects.relabelling import label_name, renamings_in
from lsops.kinds.reader import Row
from lsops.model.plan import Change
from lsops.model.relabel import Relabel

if TYPE_CHECKING:
    from lsops.labelconfig import Renaming
    from lsops.server.session import Session

CENSUS = "relabelling"
"""Where a project's row keeps what was counted for it."""


def census(session: Session, number: int, found: Sequence[Renaming]) -> tuple[Annotated, ...]:
    """What annotations of a project have of each label, counted one by one. Raises: ServerError."""
    counts = [Annotated() for _ in found]
    for task in annotated_tasks(session, number, sought_text(found)):
        for annotation in annotations_of(task):
            for place, one in enumerate(found):
                counts[place] = counts[place].with_one(one, annotation["result"])
        counts = _with_drafts(session, task, found, counts)
    return tuple(counts)


def census_or_nothing(session: Session, number: int, found: Sequence[Renaming]) -> tuple[Annotated, ...] | None:
    """The same for a plan, which says less without it."""
    try:
        return census(session, number, found)
    except ServerError:
        return None


def sought_text(found: Sequence[Renaming]) -> str:
    """A text that every annotation in question holds: the one old label, or the one control; empty for neither."""
    if len(found) == 1 and not found[0].merges:
        return found[0].old
    controls = {one.control for one in found}
    return "" if len(controls) > 1 or any(one.carriers for one in found) else min(controls)


def _with_drafts(
    session: Session, task: Row, found: Sequence[Renaming], counts: Sequence[Annotated]
) -> list[Annotated]:
    """The counts with the drafts that the server deletes when it saves annotations of a task."""
    from lsops.labelconfig import relabelled

    if not task.get("draft_exists"):
        return list(counts)
    changed = {row["id"] for row in annotations_of(task) if relabelled(row["result"], found) != row["result"]}
    lost = draft_count(session, task["id"], changed) if changed else 0
    return [counts[0].losing(lost), *counts[1:]]


def relabels(change: Change, row: Row) -> tuple[Relabel, ...]:
    """What the change renames, with its counts where these were made."""
    found, counts = renamings_in(change), row.get(CENSUS)
    nothing = count(row, "task_number") == 0
    told = counts or [Annotated() if nothing else None] * len(found)
    return tuple(
        Relabel(one.control, one.old, one.new, *((some.labels, some.annotations) if some else (None, None)))
        for one, some in zip(found, told, strict=True)
    )


def losses(found: Sequence[Renaming], counts: Sequence[Annotated] | None) -> Iterator[str]:
    """What people lose though every label moves along; nothing where nobody counted."""
    if counts is None:
        return
    together: dict[tuple[str, str], list[str]] = {}
    for one, some in zip(found, counts, strict=True):
        if some.labels:
            together.setdefault((one.control, one.new), []).append(one.old)
    for one, some in zip(found, counts, strict=True):
        if one.merges and some.labels and some.others:
            label = label_name(one.old, one.control)
            yield f'label {label} merges into "{shown_name(one.new)}", which {_using(some.others)} already'
    for (control, new), olds in together.items():
        if len(olds) > 1:
            names = ", ".join(f'"{shown_name(old)}"' for old in olds)
            yield f"labels {names} merge into {label_name(new, control)}: nobody can tell them apart after that"
    drafts = sum(some.drafts for some in counts)
    if drafts:
        yield f"{_drafts(drafts)} with annotations that are renamed, because the server saves these"


def remarks(found: Sequence[Renaming], told: Sequence[Relabel]) -> Iterator[str]:
    """How the labels move, and what does not."""
    moving = [one for one, item in zip(found, told, strict=True) if item.labels != 0]
    for one in moving:
        if one.by_hand:
            yield f"{_saved(one)}, as updated now: {one.by_hand}"
        elif not one.is_plain:
            yield f"{_saved(one)} where the server's own action misses it"
    if moving:
        yield "predictions, and drafts of no annotation, keep the old label"


def _saved(one: Renaming) -> str:
    return f'saves each annotation with "{shown_name(one.old)}" by a request of its own'


def _using(number: int) -> str:
    return "1 annotation uses" if number == 1 else f"{number} annotations use"


def _drafts(number: int) -> str:
    return "1 draft goes away" if number == 1 else f"{number} drafts go away"
