"""One change as lines: its symbol and address, then every field.

Every line that holds foreign text begins with a sign of our own: a CI runner takes commands from its log.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from lsops.engine.consent import counted
from lsops.masking import mask_urls
from lsops.model import MASK, UNSET, Change, FieldChange, split
from lsops.render.lines import Line
from lsops.render.safe import line, lines, pair, value
from lsops.schema import Field, kinds

BAR = "|"
CONTEXT = 2
"""Unchanged lines around a change in a text diff."""


def change_lines(change: Change, *, verbose: bool = False, prefix: str = "") -> Iterator[Line]:
    """The change, with a create's long texts in full only when verbose."""
    style = "update" if change.symbol == "!" else change.action
    place = f"   {line(f'{prefix}{change.source.file}:{change.source.line}')}" if change.source else ""
    pinned = f" (id {line(str(change.live['id']))})" if change.live.get("id") is not None else ""
    yield Line(f"{change.symbol} {line(change.address)}{pinned}{place}", style)
    for field in change.fields:
        yield from _field_lines(change, field, verbose=verbose, prefix=prefix)
    for path in change.secrets:
        yield Line(f"{BAR}   {_name(path)}: {MASK}  (sent, {line(change.secrets[path])})", style)
    yield from _remarks(change)


def _remarks(change: Change) -> Iterator[Line]:
    if change.destroys:
        counts = ", ".join(counted(number, what) for what, number in change.destroys.items())
        yield Line(f"{BAR}   destroys {line(counts)}", "delete")
    for orphan in change.orphans:
        yield Line(f"{BAR}   warning: {line(orphan)}", "warning")
    if change.protected:
        yield Line(f"{BAR}   protected: apply will refuse this", "warning")
    for effect in change.effects:
        yield Line(f"{BAR}   effect: {line(effect)}", "note")
    for warning in change.warnings:
        yield Line(f"{BAR}   warning: {line(warning)}", "warning")


def _field_lines(change: Change, field: FieldChange, *, verbose: bool, prefix: str) -> Iterator[Line]:
    schema = _schema(change, field)
    place = (
        f"   {line(prefix + field.source.file)}:{field.source.line}"
        if field.source and field.before is not UNSET
        else ""
    )
    if schema.compare == "xml":
        yield from _label_config(field, place, full=verbose)
    elif field.before is UNSET and change.action == "create":
        yield Line(f"{BAR}   {_name(field.path)}: {value(field.after)}", "create")
    elif _is_text(field.before) and _is_text(field.after) and "\n" in f"{field.before}{field.after}".strip():
        yield Line(f"{BAR}   {_name(field.path)}:{place}", "update")
        yield from _diff(mask_urls(field.before), mask_urls(field.after))
    else:
        before, after = pair(field.before, field.after)
        yield Line(f"{BAR}   {_name(field.path)}: {before} -> {after}{place}", "update")
        yield from _inner(field)


def _inner(field: FieldChange) -> Iterator[Line]:
    """What differs inside a long nested value."""
    if not isinstance(field.before, (dict, list)) or len(value(field.before)) + len(value(field.after)) < 100:
        return
    from lsops.engine.diff import explain

    for path, before, after in explain(field.before, field.after):
        old, new = pair(before, after)
        yield Line(f"{BAR}     {line(path)}: {old} -> {new}", "update")


def _label_config(field: FieldChange, place: str, *, full: bool) -> Iterator[Line]:
    from lsops.labelconfig import pretty, summarise

    before = field.before if isinstance(field.before, str) else ""
    after = str(field.after)
    if not before:
        yield Line(f"{BAR}   {_name(field.path)}: {line('; '.join(_contents(after)) or 'empty')}", "create")
        if full:
            yield from (Line(f"{BAR}     + {text}", "create") for text in lines(pretty(after).rstrip()))
        return
    yield Line(f"{BAR}   {_name(field.path)}: {line('; '.join(summarise(before, after)))}{place}", "update")
    yield from _diff(pretty(before).rstrip(), pretty(after).rstrip())


def _contents(config: str) -> Iterator[str]:
    from lsops.labelconfig import LabelConfigError, controls

    try:
        found = controls(config)
    except LabelConfigError:
        return
    for name, control in found.items():
        labels = ", ".join(control.labels[:8]) + (", …" if len(control.labels) > 8 else "")
        yield f'{control.type} "{name}"' + (f" ({labels})" if labels else "")


def _diff(before: str, after: str) -> Iterator[Line]:
    styles = {"+": "create", "-": "delete"}
    rows = unified_diff(lines(before), lines(after), "live", "manifest", lineterm="", n=CONTEXT)
    for row in rows:
        yield Line(f"{BAR}     {row}", "note" if row.startswith(("---", "+++", "@@")) else styles.get(row[:1], ""))


def _name(path: str) -> str:
    return line("/".join(split(path)))


def _is_text(item: object) -> bool:
    return isinstance(item, str)


def _schema(change: Change, field: FieldChange) -> Field:
    known = kinds().get(change.kind)
    name = split(field.path)[0]
    variants = known.variants.values() if known else ()
    return next((fields[name] for fields in variants if name in fields), Field(name=name))
