"""Many live resources, of which those are sought that have most fields of an entry: pure, and once through all of them.

Each set of them is a number with a bit for each, so that what many entries have in common with many resources is
counted in a few steps for each entry, however many resources there are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from lsops.difference import differences
from lsops.engine.planning.likeness import Likeness, likeness
from lsops.model.resource import UNSET, Resource
from lsops.normalize import normal
from lsops.schema import Field, kinds

Row = tuple[str, Resource]
"""A live resource with its address."""


class Crowd:
    """Live resources of one kind and one type."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._holding: dict[str, dict[Hashable, int]] = {}
        self._told: dict[tuple[str, str], int] = {}

    def mostly_as(self, item: Resource, names: Sequence[str]) -> Iterator[tuple[str, Resource, Likeness]]:
        """Those that have more than half of the named fields as an entry has them, in their order."""
        fields = kinds()[item.kind].fields(item.type)
        at_least = [0] * len(names)  # those with one equal field or more, with two or more, …
        for name in names:
            equal = self._equal(name, item.values[name], fields[name])
            for number in range(len(names) - 1, 0, -1):
                at_least[number] |= at_least[number - 1] & equal
            at_least[0] |= equal
        found = at_least[len(names) // 2] if names else 0
        while found:
            first = found & -found
            found ^= first
            place, live = self._rows[first.bit_length() - 1]
            yield place, live, likeness(item, live, names)

    def _equal(self, name: str, value: Any, field: Field) -> int:
        """Those that hold an equal value."""
        wanted = _form(value, field)
        if wanted is not None and not field.secret:
            return self._by_form(name, field).get(wanted, 0)
        known = name, repr(value)
        if known not in self._told:
            equal = (not differences({name: value}, live.values, {name: field}) for _, live in self._rows)
            self._told[known] = _bits([number for number, is_equal in enumerate(equal) if is_equal])
        return self._told[known]

    def _by_form(self, name: str, field: Field) -> dict[Hashable, int]:
        if name not in self._holding:
            numbers: dict[Hashable, list[int]] = {}
            for number, (_, live) in enumerate(self._rows):
                numbers.setdefault(_form(live.values.get(name, UNSET), field), []).append(number)
            self._holding[name] = {form: _bits(held) for form, held in numbers.items() if form is not None}
        return self._holding[name]


def _bits(numbers: Sequence[int]) -> int:
    """Built from bytes: to set them one by one would copy all of them each time."""
    found = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        found[number // 8] |= 1 << number % 8
    return int.from_bytes(found, "little")


def _form(value: Any, field: Field) -> Hashable | None:
    """What two plain values have in common exactly where they are equal; None for others."""
    if value is UNSET:
        return None
    form = normal(field.compare, value)
    return (isinstance(form, bool), form) if form is None or isinstance(form, (str, int, float, Decimal)) else None
