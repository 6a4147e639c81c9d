"""Which labels get another name in annotations before a new label config is sent; this module holds no kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsops.errors import Finding
from lsops.kinds.projects.labels_in_use import FIELD, config_change, shown_name
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource

if TYPE_CHECKING:
    from lsops.labelconfig import Renaming

_SWAPPED = "a chain or a swap takes two applies"


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
            yield _finding("LS514", item, f'the label config has no control "{shown_name(control)}"')
        elif reason := reasons.get(control):
            yield _refused(item, control, old, reason)
        elif labels is not None and old in labels:
            hint = _SWAPPED if (control, new) in olds else "take the old name out, or this line"
            told = f'"{shown_name(control)}" still has the label "{shown_name(old)}" in the label config'
            yield _finding("LS516", item, told, hint)
        elif labels is not None and new not in labels:
            told = f'"{shown_name(control)}" has no label "{shown_name(new)}" in the label config'
            yield _finding("LS515", item, told, "once no annotation has the old name any more, this line may go")


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
    return _finding("LS517", item, f"{label_name(old, control)} cannot be renamed in annotations: {reason}")


def label_name(label: str, control: str) -> str:
    """A label with its control, each cut where it is long."""
    return f'"{shown_name(label)}" of "{shown_name(control)}"'


def _finding(code: str, item: Resource, message: str, hint: str = "") -> Finding:
    place = item.lifecycle.renaming_source or item.place(FIELD)
    return Finding(code, f"renamed_labels: {message}", item.address, place, hint)
