"""What is shown of one field of a change, whatever the form: its name, its values, and a text diff beneath.

Every text here is fit to stand in a line (`safe`); a form adds only its own signs around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lsops.masking import mask_urls
from lsops.model.address import split
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import MASK, UNSET
from lsops.render.safe import line, lines, pair, value
from lsops.render.textdiff import SIDES, diff_rows
from lsops.render.values import Nested, entries_that_differ, in_words, nested
from lsops.schema import Field, kinds

LONG = 100
"""Characters of two nested values from which on their inner differences are told, too."""

LISTED = 20
"""Controls of a new label config that are listed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field, ready to be shown.

    `said` holds one text, or the value before and the one after, or nothing where `rows` say it all. `inner` holds
    name, before and after of what differs within a nested value, such as `filters/items/0/operator`. `rows` are those
    of a unified diff, or of a new text in full, each with the diff's sign. `place` is file and line in the manifest, or
    empty.
    """

    name: str
    said: tuple[str, ...]
    place: str = ""
    inner: tuple[tuple[str, str, str], ...] = ()
    rows: tuple[str, ...] = ()
    is_new: bool = False

    def since(self, before: str) -> Shown:
        """The field with another name of the old side, where its rows are a diff."""
        return replace(self, rows=(f"--- {before}", *self.rows[1:])) if self.rows[:2] == SIDES else self


def shown_fields(change: Change, *, verbose: bool = False, prefix: str = "") -> Iterator[Shown]:
    """The fields of a change; a new label config is shown in full only when verbose."""
    for field in change.fields:
        if field.path not in change.secrets:
            yield from _shown(change, field, verbose=verbose, prefix=prefix)


@dataclass(frozen=True, slots=True)
class Sent:
    """A secret that is sent: of one that is compared, as a URL is, what may be seen of it; `***` of any other."""

    name: str
    said: tuple[str, ...]
    reference: str


def shown_secrets(change: Change) -> Iterator[Sent]:
    """The secrets that a change sends."""
    compared = {field.path: field for field in change.fields}
    for path, reference in change.secrets.items():
        field = compared.get(path)
        said: tuple[str, ...] = (MASK,)
        if field is not None:
            said = (value(field.after),) if field.before is UNSET else pair(field.before, field.after)
        yield Sent(field_name(path), said, reference)


def field_name(path: str) -> str:
    """A pointer below a resource as a field's name: `review_settings/instruction`."""
    return line("/".join(split(path)))


def _shown(change: Change, field: FieldChange, *, verbose: bool, prefix: str) -> Iterator[Shown]:
    name, place, schema = field_name(field.path), _place(field, prefix), _schema(change, field)
    is_new = field.before is UNSET and change.action == "create"
    if schema.compare == "xml":
        yield _label_config(field, name, place, full=verbose)
    elif (told := in_words(schema.shown, field.before, field.after, is_new=is_new)) is not None:
        yield Shown(name, told.said, place, rows=told.rows, is_new=is_new)
    elif found := nested(field.before, field.after, is_new=is_new):
        yield from _leaf_by_leaf(field, found, place, full=verbose, is_new=is_new)
    elif is_new:
        yield Shown(name, (value(field.after),), is_new=True)
    elif isinstance(field.before, str) and isinstance(field.after, str) and _is_long(field.before, field.after):
        yield Shown(name, (), place, rows=diff_rows(mask_urls(field.before), mask_urls(field.after), full=verbose))
    elif (listed := entries_that_differ(field.before, field.after)) is not None:
        yield Shown(name, listed.said, place, rows=listed.rows)
    else:
        yield Shown(name, pair(field.before, field.after), place, tuple(_inner(field)))


def _leaf_by_leaf(
    field: FieldChange, found: Sequence[Nested], place: str, *, full: bool, is_new: bool
) -> Iterator[Shown]:
    """What differs within a map, each leaf by its own name; of many only the first ones, unless all are wanted."""
    some = found if full or len(found) <= LISTED else found[: LISTED - 1]
    for path, before, after in some:
        part = FieldChange(field.path + path, before, after)
        said = (value(after),) if is_new else pair(before, after)
        yield Shown(field_name(part.path), said, place, () if is_new else tuple(_inner(part)), is_new=is_new)
    if len(some) < len(found):
        yield Shown(
            field_name(field.path), (f"and {len(found) - len(some)} more, -v shows them",), place, is_new=is_new
        )


def _place(field: FieldChange, prefix: str) -> str:
    return (
        f"{line(prefix + field.source.file)}:{field.source.line}" if field.source and field.before is not UNSET else ""
    )


def _is_long(before: str, after: str) -> bool:
    return "\n" in f"{before}{after}".strip()


def _inner(field: FieldChange) -> Iterator[tuple[str, str, str]]:
    """What differs inside a long nested value."""
    if not isinstance(field.before, (dict, list)) or len(value(field.before)) + len(value(field.after)) < LONG:
        return
    from lsops.difference import inner_differences

    for path, before, after in inner_differences(field.before, field.after):
        yield (field_name(field.path + path), *pair(before, after))


def _label_config(field: FieldChange, name: str, place: str, *, full: bool) -> Shown:
    from lsops.labelconfig import pretty, summarise

    before = mask_urls(field.before) if isinstance(field.before, str) else ""
    after = str(mask_urls(field.after))
    if not before:
        rows = tuple(f"+ {text}" for text in lines(pretty(after).rstrip())) if full else ()
        return Shown(name, (line("; ".join(_some(_contents(after))) or "empty"),), rows=rows, is_new=True)
    rows = diff_rows(pretty(before).rstrip(), pretty(after).rstrip(), full=full)
    return Shown(name, (line("; ".join(summarise(before, after))),), place, rows=rows)


def _contents(config: str) -> Iterator[str]:
    from lsops.labelconfig import LabelConfigError, controls

    try:
        found = controls(config)
    except LabelConfigError:
        return
    for name, control in found.items():
        labels = ", ".join(control.labels[:8]) + (", …" if len(control.labels) > 8 else "")
        yield f'{control.type} "{name}"' + (f" ({labels})" if labels else "")


def _some(texts: Iterable[str]) -> list[str]:
    """The first of some texts, and how many more there are."""
    found = list(texts)
    return found if len(found) <= LISTED else [*found[: LISTED - 1], f"and {len(found) - LISTED + 1} more"]


def _schema(change: Change, field: FieldChange) -> Field:
    known = kinds().get(change.kind)
    name = split(field.path)[0]
    variants = known.variants.values() if known else ()
    return next((fields[name] for fields in variants if name in fields), Field(name=name))
