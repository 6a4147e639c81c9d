"""What tasks, annotations and drafts of a project have to do with its label config; this module holds no kind.

The server lets most of it go without a word (Community facts 2.5). What it counts of labels and data fields stands in
the project's summary, which is one request more, made only for projects whose answer depends on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from lsops.errors import NotFound, ServerError
from lsops.kinds.reader import Row
from lsops.model.plan import Change, FieldChange
from lsops.server.forms import LIST, MAP, Form, OrNull

if TYPE_CHECKING:
    from lsops.labelconfig import Orphan
    from lsops.server.session import Session

FIELD = "label_config"
SUMMARY = "summary"
"""Where a project's row keeps its summary, if that was read."""
TOLD = 20
"""Labels and controls that are named one by one."""
_FORM = Form(
    known={
        "created_labels_drafts": OrNull(MAP),
        "all_data_columns": OrNull(MAP),
        "common_data_columns": OrNull(LIST),
    }
)
_SHOWN = 60
_WORD = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[^\W\d][\w-]*", re.IGNORECASE)
_UNNAMED = "$undefined$"
"""The field of tasks that came as plain lines: any config shows it."""


def needs_summary(row: Row, wanted: object) -> bool:
    """Whether a plan should know more of a project than its row says: it has tasks, and what they need is changed."""
    held = row.get(FIELD)
    if not isinstance(held, str) or not isinstance(wanted, str) or held.strip() == wanted.strip():
        return False
    if row.get("task_number") == 0:
        return False
    return bool(_new_fields(held, wanted)) or (annotation_count(row) == 0 and any(_lost(held, wanted)))


def read_summary(session: Session, path: str) -> Row:
    """The summary of the project at that path; empty where the server has none. Raises: ServerError."""
    try:
        return cast("Row", session.get(f"{path}{SUMMARY}/", form=_FORM))
    except NotFound:
        return {}


def summary_or_nothing(session: Session, path: str) -> Row:
    """The same for a plan, which says less without it."""
    try:
        return read_summary(session, path)
    except ServerError:
        return {}


def annotation_count(row: Row) -> int | None:
    """All annotations: the total is without the skipped ones. None where the server does not say."""
    total, skipped = count(row, "total_annotations_number"), count(row, "skipped_annotations_number")
    return None if total is None else total + (skipped or 0)


def count(row: Row, name: str) -> int | None:
    """A counter of a row; None where it has none."""
    value = row.get(name)
    return value if isinstance(value, int) else None


def config_change(change: Change) -> FieldChange | None:
    """The change of a live label config."""
    if change.action != "update":
        return None
    return next((item for item in change.fields if item.path == f"/{FIELD}"), None)


def orphaned(change: Change, row: Row) -> Iterator[str]:
    """What goes away though annotations or drafts use it, by the counts of a row and its summary."""
    field = config_change(change)
    if field is None or not isinstance(field.before, str) or not isinstance(field.after, str):
        return
    number = annotation_count(row)
    drafts = _Drafts(row.get(SUMMARY) or {}, field.before)
    uses = ((orphan, _use(number, drafts.of(orphan))) for orphan in _lost(field.before, field.after, _renamed(change)))
    told = ((orphan, use) for orphan, use in uses if use)
    for orphan, use in islice(told, TOLD):
        yield f"{_named(orphan)} goes away ({orphan.reason}) while {use}"
    more = sum(1 for _ in told)
    if more:
        yield f"{more} more labels or controls go away"


def may_orphan(change: Change) -> bool:
    """Whether annotations or drafts, if there are any, would lose something."""
    field = config_change(change)
    if field is None or not isinstance(field.before, str) or not isinstance(field.after, str):
        return False
    return any(_lost(field.before, field.after, _renamed(change)))


def likely_renamed(change: Change, row: Row) -> Iterator[str]:
    """The line of a manifest that keeps a label in annotations, where one goes and one like it comes."""
    from lsops.labelconfig import LabelConfigError, likely_renamings

    field = config_change(change)
    if field is None or not isinstance(field.before, str) or not isinstance(field.after, str):
        return
    if annotation_count(row) == 0:
        return
    try:
        found = likely_renamings(field.before, field.after)
    except LabelConfigError:
        return
    renamed = {triple[:2] for triple in _renamed(change)}
    for control, old, new in found:
        if (control, old) not in renamed:
            line = f"lifecycle: {{renamed_labels: {{{_key(control)}: {{{_key(old)}: {_key(new)}}}}}}}"
            yield f'if "{shown_name(new)}" is the new name of "{shown_name(old)}", this keeps it in annotations: {line}'


def _key(text: str) -> str:
    """A text as it stands in YAML, without quotes where it is a word."""
    return text if _WORD.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _renamed(change: Change) -> tuple[tuple[str, str, str], ...]:
    return change.after.lifecycle.renamed_labels if change.after is not None else ()


def lacking_data(change: Change, row: Row) -> Iterator[str]:
    """The fields that the new config reads and tasks do not have, with the number of these."""
    field, tasks = config_change(change), count(row, "task_number")
    columns = (row.get(SUMMARY) or {}).get("all_data_columns")
    if field is None or not tasks or not isinstance(columns, Mapping) or not columns:
        return
    common = (row.get(SUMMARY) or {}).get("common_data_columns") or ()
    for name in sorted(_new_fields(field.before, field.after)):
        if name not in common:
            yield from _lacking(name, tasks, _number(columns.get(name)) + _number(columns.get(_UNNAMED)))


def _lacking(name: str, tasks: int, holding: int) -> Iterator[str]:
    """The server's count of those that have a field may be too high: a deleted task can stay in it."""
    if not holding:
        yield f'{_counted(tasks, "task")} {"has" if tasks == 1 else "have"} no field "{name}"'
    elif holding < tasks:
        yield f'{tasks - holding} of {_counted(tasks, "task")} have no field "{name}"'


def _new_fields(before: object, after: object) -> frozenset[str]:
    from lsops.labelconfig import LabelConfigError, data_fields

    if not isinstance(before, str) or not isinstance(after, str):
        return frozenset()
    try:
        return data_fields(after) - data_fields(before)
    except LabelConfigError:
        return frozenset()


def _lost(before: str, after: str, renamed: tuple[tuple[str, str, str], ...] = ()) -> tuple[Orphan, ...]:
    """What a change takes away; all, where one side cannot be read."""
    from lsops.labelconfig import LabelConfigError, Orphan, orphans

    try:
        return orphans(before, after, renamed)
    except LabelConfigError as error:
        return (Orphan("any control", None, f"one side cannot be compared: {error.message}"),)


class _Drafts:
    """How many drafts use what, by a project's summary: `{control: {label: drafts}}`.

    A control that marks shapes has the labels of another one in its drafts, and one in a `Repeater` has another name
    in each. So what stands under a name without labels of its own counts for every control.
    """

    def __init__(self, summary: Row, config: str) -> None:
        found = summary.get("created_labels_drafts")
        self._used: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
        self._known = _labelled(config) if self._used else frozenset()

    def of(self, orphan: Orphan) -> int | None:
        """Drafts that use it; None where some do and nobody says how many."""
        used = [
            labels
            for name, labels in self._used.items()
            if name == orphan.control or (labels and name not in self._known)
        ]
        if orphan.value is None:
            return None if used else 0
        return sum(_number(labels.get(orphan.value)) for labels in used if isinstance(labels, Mapping))


def _labelled(config: str) -> frozenset[str]:
    from lsops.labelconfig import LabelConfigError, controls

    try:
        return frozenset(name for name, control in controls(config).items() if control.labels)
    except LabelConfigError:
        return frozenset()


def _use(held: int | None, drafts: int | None) -> str:
    """Who uses what goes away; empty for nobody."""
    told = [f"the project has {_annotations_of(held)}"] if held != 0 else []
    if drafts is None:
        told.append("drafts use it")
    elif drafts:
        told.append(f"{_counted(drafts, 'draft')} {'uses' if drafts == 1 else 'use'} it")
    return " and ".join(told)


def _named(orphan: Orphan) -> str:
    control = shown_name(orphan.control)
    return f'"{control}"' if orphan.label is None else f'label "{shown_name(orphan.label)}" of "{control}"'


def shown_name(text: str) -> str:
    """A name, cut in its middle: at its end a label of a taxonomy stands behind those above it."""
    return text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]}…{text[-_SHOWN:]}"


def _annotations_of(number: int | None) -> str:
    return "an unknown number of annotations" if number is None else _counted(number, "annotation")


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
