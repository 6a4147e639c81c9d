"""One change as lines: its symbol and address, then every field.

Every line that holds foreign text begins with a sign of our own: a CI runner takes commands from its log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lsops.engine.words import called, counted
from lsops.model.deed import Deed
from lsops.model.plan import Change
from lsops.model.relabel import Relabel
from lsops.render.fields import Shown
from lsops.render.lines import BAR, Line
from lsops.render.parts import Entry, EntryGroup
from lsops.render.safe import line

DIFF_STYLES = {"+": "create", "-": "delete"}
CUT_TO = 40
"""Lines beneath a field where not all are shown: a log has an end."""
WHOLE = 50
"""Lines of which all are shown: it takes more to be worth a cut."""


def group_lines(group: EntryGroup) -> Iterator[Line]:
    """What holds others, by its own change or by its name alone, and all that changes below it, indented."""
    if not group.address:
        for entry in group.entries:
            yield from entry_lines(entry)
        return
    yield from entry_lines(group.head) if group.head else (Line(f"{BAR} {line(group.address)}"),)
    for entry in group.entries:
        yield from (Line(f"{BAR}   {one.text}", one.style) for one in entry_lines(entry))


def call_lines(calls: Sequence[Change]) -> Iterator[Line]:
    """The order in which changes are made."""
    width = len(str(len(calls)))
    yield Line("Order of the calls:", "note")
    for number, change in enumerate(calls, 1):
        yield Line(f"{BAR}   {number:{width}}. {change.symbol} {line(called(change))}", "note")


def entry_lines(entry: Entry) -> Iterator[Line]:
    """A change with its place; long texts in full only when verbose."""
    change, prefix = entry.change, entry.look.prefix
    style = "update" if change.symbol == "!" else change.action
    origin = f" {entry.origin}" if entry.origin else ""
    place = f"   {line(f'{prefix}{change.source.file}:{change.source.line}')}" if change.source else ""
    yield Line(f"{change.symbol} {line(called(change))}{origin}{place}", style)
    if entry.remark:
        yield Line(f"{BAR}   {entry.remark}", style)
    for field in entry.fields():
        yield from _field_lines(field, whole=entry.look.verbose)
    for secret in entry.secrets():
        yield Line(f"{BAR}   {secret.name}: {' -> '.join(secret.said)}  (sent, {line(secret.reference)})", style)
    yield from (Line(f"{BAR}   {item.label} {item.text}", item.style) for item in entry.remarks())


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be known of a change beyond its fields; `text` is fit to stand in a line."""

    label: str
    text: str
    style: str = "warning"


def change_remarks(change: Change) -> Iterator[Remark]:
    """What the change destroys, orphans and causes, and what speaks against it."""
    if change.destroys:
        counts = ", ".join(counted(number, what) for what, number in change.destroys.items())
        yield Remark("destroys", line(counts), "delete")
    yield from (Remark("happened:", line(words), "note") for words in change.happened)
    yield from (Remark("labels:", line(words), "note") for words in relabel_words(change.relabels))
    yield from (Remark("warning:", line(orphan)) for orphan in change.orphans)
    if change.protected:
        yield Remark("protected:", "apply will refuse this")
    if change.looks_like:
        yield Remark("look-alike:", "apply will refuse this until the manifest says which one is meant")
    yield from (Remark("effect:", line(effect), "note") for effect in change.effects)
    yield from (Remark("then:", line(deed), "note") for deed in change.then)
    yield from (Remark("warning:", line(warning)) for warning in change.warnings)


def relabel_words(relabels: tuple[Relabel, ...]) -> Iterator[str]:
    """What is renamed in annotations; nothing of labels that none uses."""
    for item in relabels:
        names = f'"{item.old}" => "{item.new}" of "{item.control}"'
        if item.labels is None or item.annotations is None:
            yield f"{names}: an unknown number of labels move along"
        elif item.labels:
            held = f"{counted(item.labels, 'labels')} in {counted(item.annotations, 'annotations')}"
            yield f"{names}: {held} {'moves' if item.labels == 1 else 'move'} along"


def deed_remarks(deeds: tuple[Deed, ...] | None) -> Iterator[Remark]:
    """Who last touched it; nothing where nobody looked."""
    for deed in deeds or ():
        label = "who:" if deed.is_certain else "perhaps:"
        yield Remark(label, line(f"{deed.email}, {deed.time}, {deed.method} {deed.path} ({deed.status})"), "note")
    if deeds == ():
        yield Remark("who:", "nobody in the part of the activity log that was read", "note")


def _field_lines(field: Shown, *, whole: bool) -> Iterator[Line]:
    place = f"   {field.place}" if field.place else ""
    said = " " + " -> ".join(field.said) if field.said else ""
    yield Line(f"{BAR}   {field.name}:{said}{place}", "create" if field.is_new else "update")
    below = [*(Line(f"{path}: {old} -> {new}", "update") for path, old, new in field.inner)]
    below += [Line(row, _row_style(row, is_new=field.is_new)) for row in field.rows]
    shown = below if whole or len(below) <= WHOLE else below[:CUT_TO]
    yield from (Line(f"{BAR}     {item.text}", item.style) for item in shown)
    if len(shown) < len(below):
        yield Line(f"{BAR}     ... {len(below) - len(shown):,} lines more, -v shows them", "note")


def _row_style(row: str, *, is_new: bool) -> str:
    is_head = row.startswith(("---", "+++", "@@")) and not is_new
    return "note" if is_head else DIFF_STYLES.get(row[:1], "")
