"""Maps and lists that know where in which file each of their keys and values stands.

The position is carried by the value itself, so that composing (includes, overlays, defaults) cannot lose it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Protocol

from lsops.errors import Source


class Mark(Protocol):
    """A place as the YAML parser gives it: line and column count from 0, `name` is the file as shown."""

    @property
    def name(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What the YAML parser counts as the end of a line."""

Place = tuple[Mark, Mark]
"""Where a key and its value begin."""


def source_of(mark: Mark) -> Source:
    """The mark as the rest of lsops knows places, counted from 1."""
    return Source(mark.name, mark.line + 1, mark.column + 1)


class Map(dict[str, Any]):
    """A dict that carries the place of each of its keys; `put` and `drop` keep both in step.

    Copied with `copy` or pickled it becomes a plain dict: places do not travel.
    """

    __slots__ = ("places",)

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}

    def put(self, key: str, value: Any, place: Place | None) -> None:
        """Set a key together with its place."""
        self[key] = value
        if place is not None:
            self.places[key] = place

    def drop(self, key: str) -> None:
        """Remove a key if it is there."""
        self.pop(key, None)
        self.places.pop(key, None)

    def clone(self) -> Map:
        """A shallow copy with the same places."""
        result = Map()
        result.update(self)
        result.places.update(self.places)
        return result

    def joined(self, key: str, value: Any) -> Map:
        """A shallow copy with one more key, which has no place of its own; it shares the places of the others."""
        result = Map.__new__(Map)
        dict.__init__(result, self)
        result.places = self.places
        result[key] = value
        return result

    def only(self, keys: Iterable[str]) -> Map:
        """A shallow copy of some keys."""
        result = Map()
        for key in keys:
            result.put(key, self[key], self.places.get(key))
        return result

    def key_source(self, key: str) -> Source | None:
        """Where the key is written."""
        place = self.places.get(key)
        return source_of(place[0]) if place else None

    def value_source(self, key: str) -> Source | None:
        """Where the key's value begins."""
        place = self.places.get(key)
        return source_of(place[1]) if place else None

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


def weight(value: Any) -> int:
    """How many values there are in a value, itself included, each alias counted."""
    inner = value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ()
    return 1 + sum(map(weight, inner))


class Seq(list[Any]):
    """A list that carries the place of each of its items; copied or pickled it becomes a plain list."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []

    def put(self, value: Any, mark: Mark) -> None:
        """Append a value together with its place."""
        self.append(value)
        self.marks.append(mark)

    def clone(self) -> Seq:
        """A shallow copy with the same places."""
        result = Seq()
        result.extend(self)
        result.marks.extend(self.marks)
        return result

    def value_source(self, index: int) -> Source | None:
        """Where the item begins."""
        return source_of(self.marks[index]) if index < len(self.marks) else None

    key_source = value_source

    def __reduce__(self) -> tuple[type[list[Any]], tuple[list[Any]]]:
        return list, (list(self),)
