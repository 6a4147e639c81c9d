"""Which other resources the values of one name by their keys: `ref` of the schema, at a field or anywhere inside one.

`ref` may stand on a field, on a property of an object, on the items of a list and on the values of a map. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lsops.model.resource import Resource
from lsops.schema import Field, kinds, referred

Named = tuple[str, str]
"""A kind, and a key as a field has it, without blanks at its ends."""


def names_in(item: Resource) -> Iterator[Named]:
    """What the fields of a resource name."""
    fields = kinds()[item.kind].fields(item.type)
    for name, value in item.values.items():
        yield from names_of(value, fields.get(name))


def names_of(value: Any, known: Field | None) -> Iterator[Named]:
    """What the value of a field names; nothing where the field is unknown."""
    if known is None or not known.names_others:
        return
    if not known.ref:
        for inner, field in _inside(value, known):
            yield from names_of(inner, field)
    elif isinstance(value, str):
        yield known.ref, value.strip()


def renamed_in(values: Mapping[str, Any], fields: Mapping[str, Field], new: Callable[[Named], str]) -> dict[str, Any]:
    """The fields in which something has another name than before, as they are with it; `new` gives each its name."""
    named = {name: value for name, value in values.items() if name in fields and fields[name].names_others}
    made = {name: _renamed(value, fields[name], new) for name, value in named.items()}
    return {name: value for name, value in made.items() if value != values[name]}


def scope_of(address: str, kind: str) -> str:
    """Below which address a resource of that kind must stand to be the one that a field at `address` names.

    What stands at the top of the manifest is named by everybody, and what belongs to a project only in that project.
    """
    parts = address.split("/")
    return "/".join(parts[: 1 + 2 * kinds()[kind].depth])


def scoped(item: Resource) -> tuple[str, str, str]:
    """Where a resource is looked up by those that name it: its kind, what it stands in, and its name."""
    kind, name = referred(item)
    return kind, item.parent if kinds()[kind].depth else "", name


def scoped_names(item: Resource) -> Iterator[tuple[str, str, str]]:
    """What the fields of a resource name, as `scoped` says it; what is to be deleted needs nobody."""
    if not item.lifecycle.absent:
        yield from ((kind, scope_of(item.address, kind), key) for kind, key in names_in(item))


def _inside(value: Any, known: Field) -> Iterator[tuple[Any, Field | None]]:
    if isinstance(value, Mapping):
        yield from ((inner, known.properties.get(name, known.values)) for name, inner in value.items())
    elif isinstance(value, (list, tuple)):
        yield from ((inner, known.items) for inner in value)


def _renamed(value: Any, known: Field | None, new: Callable[[Named], str]) -> Any:
    if known is None or not known.names_others:
        return value
    if known.ref:
        return new((known.ref, value.strip())) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {name: _renamed(inner, known.properties.get(name, known.values), new) for name, inner in value.items()}
    return [_renamed(inner, known.items, new) for inner in value] if isinstance(value, (list, tuple)) else value
