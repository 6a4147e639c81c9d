"""Saved interfaces that projects use, by title, and what only goes with them; this module holds no kind.

`source_interface` of a manifest is a title, and travels as `source_interface_id`; `collection_mode` is chosen when a
project is made (Enterprise facts 8.5 and 12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lsops.errors import Finding, NotFound, ServerError
from lsops.kinds.reader import Names, Query, Reader, Row
from lsops.kinds.titles import ids_by_name, ids_of, is_ambiguous, name_in
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.server.forms import ID, SWITCH, TEXT, Form, OrNull
from lsops.spelling import Near
from lsops.tally import Misspelt

NAME = "source_interface"
SENT = "source_interface_id"
MODE = "collection_mode"
KIND = "interface"
"""Under which name their ids stand among those of all that can be named."""

PATH = "/api/interfaces/"
SAVED = Form(needed={"id": ID, "title": OrNull(TEXT)}, known={"is_system": OrNull(SWITCH)})


def note_names(reader: Reader, query: Query) -> None:
    """Read their titles where any matters; those of HumanSignal itself are left out.

    Raises: ServerError, where an entry names one. A server that has no interfaces has no title.
    """
    if NAME not in query.needed():
        return
    try:
        rows = reader.pages_once(PATH, SAVED)
    except NotFound:
        rows = []
    except ServerError:
        if NAME in query.fields():
            raise
        return
    reader.names[KIND] = ids_by_name(row for row in rows if not row.get("is_system"))


def by_title(row: Row, names: Names) -> dict[str, Any]:
    """The row with the title of its interface beside the id, where titles were read."""
    if KIND not in names or SENT not in row:
        return dict(row)
    number = row[SENT]
    return {**row, NAME: None if number is None else name_in(names[KIND], number)}


def by_id(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A body with the id of the interface in place of its title. Raises: NotFound."""
    body = dict(values)
    if NAME not in body:
        return body
    title = body.pop(NAME)
    number = names.get(KIND, {}).get(title.strip()) if isinstance(title, str) else None
    if title is not None and number is None:
        raise NotFound.of(f'there is no interface "{title}" now')
    return {**body, SENT: number}


def condensed(held: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without the id, where the title says as much."""
    is_told = isinstance(held.get(NAME), str) and not held[NAME].startswith("#")
    dropped = SENT if is_told or held.get(SENT) is None else NAME
    return {name: value for name, value in held.items() if name != dropped}


def unfit_interfaces(pairs: Pairs, kind: str) -> Iterator[Finding]:
    """What of interfaces cannot be as it is declared: no such title, several of it, or another mode than at birth."""
    names = pairs.live.names.get(KIND, {})
    for item, live, _ in pairs.of(kind):
        title = item.values.get(NAME)
        if item.lifecycle.absent:
            continue
        if isinstance(title, str):
            yield from _of_title(item, title.strip(), names)
        if live is not None and _is_chosen(item, live):
            yield _of_mode(item, live)


def _of_title(item: Resource, title: str, names: Mapping[str, int]) -> Iterable[Finding]:
    place = item.place(NAME)
    if title not in names:
        near = Near(title, names, "save it in Label Studio first; those of HumanSignal itself cannot be named")
        yield Misspelt("LS504", f'there is no interface "{title}"', item.address, place, near=near)
    elif is_ambiguous(title, names):
        hint = f"write {SENT} instead, with one of them"
        message = f'several interfaces are called "{title}": ids {ids_of(title, names)}'
        yield Finding("LS502", message, item.address, place, hint)


def _is_chosen(item: Resource, live: Resource) -> bool:
    """Whether a mode is declared that a project which is there cannot get; one that shows none is left alone."""
    is_compared = MODE in item.values and MODE not in item.lifecycle.ignored_fields and MODE in live.values
    return is_compared and live.values[MODE] != item.values[MODE]


def _of_mode(item: Resource, live: Resource) -> Finding:
    held = live.values[MODE]
    was = f"with {held}" if held else "without one"
    message = f'{MODE} can be set only when a project is made; "{item.key}" was made {was}'
    hint = "take the field out, or make another project of another title"
    return Finding("LS145", message, item.address, item.place(MODE), hint)
