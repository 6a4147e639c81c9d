"""Labels that get another name in annotations before the new label config is sent; this module holds no kind.

What the server's own action does not rename is renamed in the annotations, one by one; both have been measured on
Community 1.23.2 (`lsops.labelconfig.relabelling` says what the action leaves). Both save the annotation, with which the
server deletes drafts that belong to it; a PATCH also marks it as updated by the caller. Drafts that belong to no
annotation and predictions keep the old name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lsops.errors import Finding, LsopsError, NotFound, ServerError
from lsops.kinds.projects.annotations import ANNOTATION, Annotated, annotated_tasks, annotations_of, draft_count
from lsops.kinds.projects.labels_in_use import config_change, count
from lsops.kinds.reader import Row
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.relabel import Relabel
from lsops.model.resource import Resource

if TYPE_CHECKING:
    from lsops.labelconfig import Renaming
    from lsops.server.session import Session

FIELD = "label_config"
CENSUS = "relabelling"
"""Where a project's row keeps what was counted for it."""
ACTION = "rename_labels"
ROUNDS = 3
"""How often annotations are read for some that were made meanwhile."""
_AGAIN = "run again: it goes on where it stopped"


class Unmoved(LsopsError):
    """Annotations still have an old label, so that the change was not made."""

    code = "LS518"


# ---- which ---------------------------------------------------------------------------------------


def renamings_of(item: Resource, held: object) -> tuple[Renaming, ...]:
    """What of a declared project's `renamed_labels` is to be done where the live label config is this."""
    from lsops.labelconfig import LabelConfigError, renamings

    wanted = item.values.get(FIELD)
    ignored = FIELD in item.lifecycle.ignored_fields
    if not item.lifecycle.renamed_labels or ignored or not isinstance(held, str) or not isinstance(wanted, str):
        return ()
    try:
        return renamings(held, wanted, item.lifecycle.renamed_labels)
    except LabelConfigError:
        return ()


def renamings_in(change: Change) -> tuple[Renaming, ...]:
    """The same of a change; none where it leaves the label config."""
    field = config_change(change)
    return () if field is None or change.after is None else renamings_of(change.after, field.before)


def refusals_offline(projects: Sequence[Resource]) -> Iterator[Finding]:
    """What is wrong with the `renamed_labels` of entries, by their own label configs."""
    for item in projects:
        if item.lifecycle.renamed_labels and not item.lifecycle.absent:
            yield from _wrong(item)


def _wrong(item: Resource) -> Iterator[Finding]:
    from lsops.labelconfig import LabelConfigError, label_choices, unrenamable_controls

    config = item.values.get(FIELD)
    if FIELD not in item.values or FIELD in item.lifecycle.ignored_fields:
        yield _finding("LS505", item, "there is no label_config beside it that renames them", "write both, or neither")
    if not isinstance(config, str):
        return
    try:
        known, reasons = label_choices(config), unrenamable_controls(config)
    except LabelConfigError:
        return
    olds = {(control, old) for control, old, _ in item.lifecycle.renamed_labels}
    for control, old, new in item.lifecycle.renamed_labels:
        labels = known.get(control)
        if control not in known:
            yield _finding("LS514", item, f'the label config has no control "{control}"')
        elif reason := reasons.get(control):
            yield _refused(item, control, old, reason)
        elif labels is not None and old in labels:
            hint = (
                "take the old name out, or this line"
                if (control, new) not in olds
                else "a chain or a swap takes two applies"
            )
            yield _finding("LS516", item, f'"{control}" still has the label "{old}" in the label config', hint)
        elif labels is not None and new not in labels:
            hint = "once no annotation has the old name any more, this line may go"
            yield _finding("LS515", item, f'"{control}" has no label "{new}" in the label config', hint)


def refusals_against(pairs: Pairs, kind: str, *, is_enterprise: bool) -> Iterator[Finding]:
    """What cannot be renamed on this server, before anything is written."""
    for item, live, _ in pairs.of(kind):
        for one in renamings_of(item, live.values.get(FIELD)) if live is not None else ():
            reason = one.refusal
            if one.by_hand and is_enterprise:
                reason = f"{one.by_hand}, and on Enterprise annotations are not changed one by one: they have reviews"
            if reason:
                yield _refused(item, one.control, one.old, reason)


def _refused(item: Resource, control: str, old: str, reason: str) -> Finding:
    return _finding("LS517", item, f'"{old}" of "{control}" cannot be renamed in annotations: {reason}')


def _finding(code: str, item: Resource, message: str, hint: str = "") -> Finding:
    return Finding(
        code, f"renamed_labels: {message}", item.address, item.lifecycle.renaming_source or item.place(FIELD), hint
    )


# ---- how many ------------------------------------------------------------------------------------


def census(session: Session, number: int, found: Sequence[Renaming]) -> tuple[Annotated, ...]:
    """What annotations of a project have of each label, counted one by one. Raises: ServerError."""
    counts = [Annotated() for _ in found]
    for task in annotated_tasks(session, number, _named(found)):
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


def _named(found: Sequence[Renaming]) -> Sequence[str]:
    """The controls that every result in question names; none where others may hold the labels, too."""
    return () if any(one.carriers for one in found) else [one.control for one in found]


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


def losses(found: Sequence[Renaming], counts: Sequence[Annotated]) -> Iterator[str]:
    """What people lose though every label moves along."""
    together: dict[tuple[str, str], list[str]] = {}
    for one, some in zip(found, counts, strict=True):
        if some.labels:
            together.setdefault((one.control, one.new), []).append(one.old)
    for one, some in zip(found, counts, strict=True):
        if one.merges and some.labels and some.others:
            yield f'label "{one.old}" of "{one.control}" merges into "{one.new}", which {_using(some.others)} already'
    for (control, new), olds in together.items():
        if len(olds) > 1:
            names = ", ".join(f'"{old}"' for old in olds)
            yield f'labels {names} of "{control}" merge into "{new}": nobody can tell them apart after that'
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
    return f'saves each annotation with "{one.old}" by a request of its own'


def _using(number: int) -> str:
    return "1 annotation uses" if number == 1 else f"{number} annotations use"


def _drafts(number: int) -> str:
    return "1 draft goes away" if number == 1 else f"{number} drafts go away"


# ---- doing it ------------------------------------------------------------------------------------


def move_labels(session: Session, number: int, found: Sequence[Renaming], is_stopped: Callable[[], bool]) -> None:
    """Rename the labels in all annotations of a project; again, until none is left that was made meanwhile.

    Raises:
        ServerError: the server refused something.
        Unmoved: some are left.
    """
    for one in found:
        if one.key != "taxonomy":
            _by_action(session, number, one)
    for _ in range(ROUNDS):
        if not _one_by_one(session, number, found, is_stopped):
            return
    raise _left(found, census(session, number, found))


def _by_action(session: Session, number: int, one: Renaming) -> None:
    body = {
        "project": number,
        "selectedItems": {"all": True, "excluded": []},
        "control_tag": one.control,
        "old_label_name": one.old,
        "new_label_name": one.new,
    }
    session.post(f"/api/dm/actions/?id={ACTION}&project={number}", body)


def _one_by_one(session: Session, number: int, found: Sequence[Renaming], is_stopped: Callable[[], bool]) -> bool:
    """Rename what is left; whether anything was. Raises: ServerError, Unmoved."""
    from lsops.labelconfig import relabelled

    was_left = False
    for task in annotated_tasks(session, number, _named(found)):
        for row in annotations_of(task):
            if relabelled(row["result"], found) == row["result"]:
                continue
            if session.edition == "enterprise":
                raise _left(found, census(session, number, found))
            if is_stopped():
                raise Unmoved.of("interrupted while labels were renamed: the label config was not sent", hint=_AGAIN)
            was_left = True
            _save(session, row["id"], found)
    return was_left


def _save(session: Session, annotation: int, found: Sequence[Renaming]) -> None:
    """Read once more what somebody may have changed since, and save it renamed. One that is gone is nobody's."""
    from lsops.labelconfig import relabelled

    path = f"/api/annotations/{annotation}/"
    try:
        now = session.get(path, form=ANNOTATION)
    except NotFound:
        return
    if (renamed := relabelled(now["result"] or [], found)) != now["result"]:
        session.patch(path, {"result": renamed})


def _left(found: Sequence[Renaming], counts: Sequence[Annotated]) -> Unmoved:
    still = [(one, some.annotations) for one, some in zip(found, counts, strict=True) if some.annotations]
    told = [f'{_having(number)} the label "{one.old}" of "{one.control}"' for one, number in still]
    return Unmoved.of(f"{' and '.join(told) or 'annotations change'}: the label config was not sent", hint=_AGAIN)


def _having(number: int) -> str:
    return "1 annotation still has" if number == 1 else f"{number} annotations still have"
