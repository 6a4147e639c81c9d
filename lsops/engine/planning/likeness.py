"""How much a live resource is as a declared one: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lsops.difference import differences, is_all_secret, same
from lsops.errors import Source
from lsops.kinds import registry
from lsops.model.resource import Resource
from lsops.schema import Field, kinds


@dataclass(frozen=True, slots=True)
class Likeness:
    """How many fields were compared, and how many of them are equal."""

    equal: int = 0
    compared: int = 0

    @property
    def share(self) -> float:
        """The equal part; 0 where nothing was compared."""
        return self.equal / self.compared if self.compared else 0.0


def own_fields(item: Resource, shared: frozenset[Source]) -> tuple[str, ...]:
    """The fields that an entry wrote itself: neither `defaults`, at the places in `shared`, nor an anchor it merged.

    What stands at an anchor stands in the same file, and before the entry.
    """
    return tuple(name for name in item.values if not _is_lent(item.place(name), item.source, shared))


def _is_lent(place: Source | None, entry: Source | None, shared: frozenset[Source]) -> bool:
    if place is None or entry is None:
        return False
    is_before = place.file == entry.file and (place.line, place.column) < (entry.line, entry.column)
    return is_before or place in shared


def comparable_fields(item: Resource, shared: frozenset[Source]) -> tuple[str, ...]:
    """The own fields of an entry that can be compared with a live resource, its key and its type aside."""
    kind = registry()[item.kind]
    fields = kind.schema.fields(item.type)
    apart = {*kind.schema.keys, kind.schema.discriminator}
    return tuple(
        name
        for name in own_fields(item, shared)
        if name in fields and name not in apart and not (fields[name].write_only or is_all_secret(item.values[name]))
    )


def telling_fields(item: Resource, shared: frozenset[Source]) -> tuple[str, ...]:
    """Of those that can be compared the ones that tell something: no reference, and not what a new one has anyway."""
    fields = kinds()[item.kind].fields(item.type)
    return tuple(n for n in comparable_fields(item, shared) if _tells(item.values[n], fields[n]))


def _tells(value: Any, field: Field) -> bool:
    is_empty = value in ("", None) or (isinstance(value, (Mapping, list)) and not value)
    return not (is_empty or field.names_others or (field.has_default and same(field.default, value, field)))


def likeness(item: Resource, live: Resource, names: Iterable[str]) -> Likeness:
    """How many of the named fields are equal; none of another type's."""
    if item.type != live.type:
        return Likeness()
    fields = kinds()[item.kind].fields(item.type)
    found = [not differences({name: item.values[name]}, live.values, fields) for name in names]
    return Likeness(sum(found), len(found))
