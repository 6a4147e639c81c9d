"""What rows and parameters give to the values of an entry: `${each:NAME}` and `${param:NAME}`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lsops.manifest.findings import Findings, quote
from lsops.manifest.positions import Map, Mark, Seq, source_of

NAMED = re.compile(r"\$(\$\{(?:each|param):)|\$\{(each|param):([^{}]*)\}")
"""An escaped beginning, or a reference to what a row or a parameter gives: its scheme and its name."""
BEGINNING = re.compile(r"\$\{(?:var|env|file|template|param|each):")
"""How each of our references begins."""
FILE = "${template:"
ROWS = "for_each"
"""What an entry has that stands for several."""


def mentions_reuse(texts: Iterable[str]) -> bool:
    """Whether any file may hold a word of reuse: the cheap look that spares all others the walk."""
    return any(word in text for text in texts for word in ("template", ROWS, "with:"))


class Given(str):
    """Text of a row or a parameter: never scanned again, and converted where the schema wants a number or boolean."""

    __slots__ = ()


class WithFile(str):
    """Text with a `${template:PATH}`, and what the file may refer to."""

    __slots__ = ("scope",)
    scope: Scope


class Value(NamedTuple):
    """What a name stands for, and where that is written."""

    value: Any
    mark: Mark


class Spot(NamedTuple):
    """A place in a file that is no YAML, counted from 0."""

    name: str
    line: int
    column: int


class Cell(NamedTuple):
    """The place of a value that a row or a parameter gave, as `each:lang` or `param:lang`."""

    name: str
    line: int
    column: int
    by: str


Scope = Mapping[tuple[str, str], Value]
"""By scheme and name: what may stand in an entry."""


class Binder:
    """Puts what rows and parameters give into the trees of one manifest; what has no such name is shared, unvisited."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._mentions: dict[int, bool] = {}
        self._kept: list[Any] = []

    def bound(self, value: Any, scope: Scope, mark: Mark, address: str) -> Value:
        """A value with its names replaced, as far as the scope knows them, and where it then stands.

        A string that is exactly one name gives that value with its type and its place.
        """
        if isinstance(value, str):
            scanned = "${" in value and value.__class__ is not Given
            return self._text(value, scope, mark, address) if scanned else Value(value, mark)
        if not isinstance(value, (Map, Seq)) or not self._mentions_any(value):
            return Value(value, mark)
        if isinstance(value, Map):
            return Value(self._map(value, scope, address), mark)
        result = value.clone()
        for index, inner in enumerate(value):
            result[index], result.marks[index] = self.bound(inner, scope, value.marks[index], address)
        return Value(result, mark)

    def _map(self, value: Map, scope: Scope, address: str) -> Map:
        """Of keys, only that of an entry with rows may hold a name."""
        result = Map()
        for key, inner in value.items():
            at, mark = value.places[key]
            name = str(self.bound(key, scope, at, address).value) if isinstance(inner, Map) and ROWS in inner else key
            new = self.bound(inner, scope, mark, address)
            result.put(name, new.value, (at, new.mark))
        return result

    def _mentions_any(self, value: Map | Seq) -> bool:
        known = self._mentions.get(id(value))
        if known is None:
            self._kept.append(value)  # or another one could have its identity
            inner = value.values() if isinstance(value, Map) else value
            known = (isinstance(value, Map) and ROWS in value) or any(
                ("${" in one) if isinstance(one, str) else isinstance(one, (Map, Seq)) and self._mentions_any(one)
                for one in inner
            )
            self._mentions[id(value)] = known
        return known

    def _text(self, text: str, scope: Scope, mark: Mark, address: str) -> Value:
        whole = NAMED.fullmatch(text)
        if whole and whole[2]:
            found = scope.get((whole[2], whole[3]))
            if found is None:
                return Value(text, mark)
            at = found.mark
            return Value(as_given(found.value), Cell(at.name, at.line, at.column, f"{whole[2]}:{whole[3]}"))
        pieces: list[str] = []
        end = 0
        for name in NAMED.finditer(text):
            pieces += (text[end : name.start()], self._piece(name, scope, mark, address))
            end = name.end()
        joined = "".join((*pieces, text[end:])) if pieces else text
        if FILE not in joined:
            return Value(joined, mark)
        held = WithFile(joined)
        held.scope = scope
        return Value(held, mark)

    def _piece(self, name: re.Match[str], scope: Scope, mark: Mark, address: str) -> str:
        found = None if name[1] else scope.get((name[2], name[3]))
        if found is None:
            return name[0]
        text = as_text(found.value)
        if text is None:
            message = f"{name[0]} is {shape_of(found.value)} and cannot stand inside text"
            self._findings.error("LS407", message, source=source_of(mark), address=address)
            return ""
        return unscanned(text)


def as_given(value: Any) -> Any:
    """What a row or parameter gives, so that nothing in it counts as a reference."""
    if isinstance(value, str):
        return Given(value)
    if not isinstance(value, (Map, Seq)):
        return value
    result: Any = value
    for place, inner in value.items() if isinstance(value, Map) else enumerate(value):
        new = as_given(inner)
        if new is not inner:
            result = value.clone() if result is value else result
            result[place] = new
    return result


def as_text(value: Any) -> str | None:
    """A value inside text; None where it cannot stand there."""
    if isinstance(value, str):
        return str(value)
    return None if value is None or isinstance(value, (Map, Seq)) else json.dumps(value)


def shape_of(value: Any) -> str:
    """What messages call a value that cannot stand inside text."""
    return "null" if value is None else "a list" if isinstance(value, Seq) else "a map"


def unscanned(text: str) -> str:
    """Text that stands in a value as it is."""
    return BEGINNING.sub(r"$\g<0>", text) if "${" in text else text


def mentioned(
    value: Any, scheme: str, mark: Mark, *, below: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Mark]]:
    """The names of a scheme in a value, each with its place; maps that have one of the keys `below` are left out."""
    if isinstance(value, str):
        if "${" in value:
            yield from ((name[3], mark) for name in NAMED.finditer(value) if name[2] == scheme)
    elif isinstance(value, Map) and below.isdisjoint(value):
        for key, inner in value.items():
            yield from mentioned(inner, scheme, value.places[key][1], below=below)
    elif isinstance(value, Seq):
        for inner, at in zip(value, value.marks, strict=True):
            yield from mentioned(inner, scheme, at, below=below)


def unknown_name(scheme: str, name: str) -> str:
    """The message for a name that nothing gives."""
    return f"{quote(f'${{{scheme}:{name}}}')} stands for nothing here"
