"""Short forms that a kind's schema allows (`x-lsops.short`), written out.

`{"scalar": "role"}`: an entry that is a scalar stands for `{role: scalar}`; where the field is a list, so does one that
is a list. `{"list": true}`: a collection that is a list of keys stands for a map of empty entries. `{"inside":
"data"}`: fields may stand in the field `data`, as the API has them, instead of beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lsops.errors import Finding
from lsops.manifest.findings import Findings, quote
from lsops.manifest.positions import Map, Mark, Seq, source_of
from lsops.schema import KindSchema

Children = Callable[[str], Mapping[str, KindSchema]]
"""The kinds directly below a collection, as `lsops.schema.children` gives them."""


class Shorthand:
    """Expands short forms; what has none is returned as it is, unvisited."""

    def __init__(self, children: Children, findings: Findings) -> None:
        self._children = children
        self._findings = findings
        self._concerned: dict[str, bool] = {}

    def tree(self, tree: Map) -> Map:
        """A whole file: its collections, and the entries of its `defaults`."""
        result = self._members(tree, "")
        defaults = result.get("defaults")
        if isinstance(defaults, Map):
            kinds = self._by_collection("")
            convert = {path: partial(self._entry, kind) for path, kind in kinds.items() if self._has_any(kind)}
            result = written_out(result, {"defaults": lambda value, _: written_out(value, convert)})
        templates = result.get("templates")
        if isinstance(templates, Map):
            result = result.clone() if result is tree else result
            result["templates"] = written_out(templates, dict.fromkeys(templates, self._template))
        return result

    def _template(self, value: Any, _mark: Mark) -> Any:
        """A template, with the entry that it holds."""
        if not isinstance(value, Map):
            return value
        kinds = self._by_collection("").values()
        return written_out(value, {kind.kind: partial(self._entry, kind) for kind in kinds if self._has_any(kind)})

    def _by_collection(self, above: str) -> dict[str, KindSchema]:
        found = {}
        for kind in self._children(above).values():
            found.update({kind.collection: kind, **self._by_collection(kind.collection)})
        return found

    def _has_any(self, kind: KindSchema) -> bool:
        """Whether the kind or one below it has a short form."""
        known = self._concerned.get(kind.collection)
        if known is None:
            below = self._children(kind.collection).values()
            known = bool(kind.shorthand()) or any(self._has_any(child) for child in below)
            self._concerned[kind.collection] = known
        return known

    def _members(self, owner: Map, above: str) -> Map:
        """The collections that stand in an entry, or at the top."""
        kinds = self._children(above)
        convert = {name: partial(self._collection, kind) for name, kind in kinds.items() if self._has_any(kind)}
        return written_out(owner, convert)

    def _collection(self, kind: KindSchema, value: Any, mark: Mark) -> Any:
        if kind.singleton:
            return self._entry(kind, value, mark)
        if isinstance(value, Seq) and kind.shorthand().get("list"):
            value = self._from_list(value)
        if not isinstance(value, Map):
            return value
        return written_out(value, dict.fromkeys(value, partial(self._entry, kind)))

    def _entry(self, kind: KindSchema, value: Any, mark: Mark) -> Any:
        field = kind.shorthand().get("scalar")
        if field and _is_one_value(value, kind, field):
            return single(field, value, mark)
        if not isinstance(value, Map):
            return value
        inside: str = kind.shorthand().get("inside", "")
        value = self._lifted(kind, value, inside) if isinstance(value.get(inside), Map) else value
        return self._members(value, kind.collection)

    def _lifted(self, kind: KindSchema, entry: Map, inside: str) -> Map:
        """The entry with the fields that stand in one of its fields beside it; given twice is an error."""
        own, rest = entry.clone(), entry[inside].clone()
        for name in [name for name in rest if name in kind.fields() and name != inside]:
            if name in entry:
                first = entry.key_source(name)
                message = f"{quote(name)} is given twice: beside {inside}, at {first}, and in it"
                self._findings.add(Finding("LS205", message, source=rest.key_source(name), second=first))
            else:
                own.put(name, rest[name], rest.places.get(name))
            rest.drop(name)
        own[inside] = rest
        if not rest:
            own.drop(inside)
        return own

    def _from_list(self, items: Seq) -> Map:
        result = Map()
        for item, mark in zip(items, items.marks, strict=True):
            source = source_of(mark)
            if not isinstance(item, str):
                self._findings.error("LS206", "an item of this list is a key and must be a string", source=source)
            elif item in result:
                message = f"the key {quote(item)} is given twice"
                self._findings.twice("LS205", message, source, result.key_source(item))
            else:
                result.put(item, Map(), (mark, mark))
        return result


def _is_one_value(value: Any, kind: KindSchema, field: str) -> bool:
    """Whether an entry is no map of fields, but the value of one."""
    if isinstance(value, Seq):
        found = kind.fields().get(field)
        return found is not None and "array" in found.types
    return value is not None and not isinstance(value, Map)


def single(key: str, value: Any, mark: Mark) -> Map:
    """A map of one key that has the place of its value."""
    result = Map()
    result.put(key, value, (mark, mark))
    return result


def written_out(owner: Map, convert: Mapping[str, Callable[[Any, Mark], Any]]) -> Map:
    """The map with the values of some keys converted; the map itself where nothing changes."""
    result = owner
    for key in [key for key in owner if key in convert]:
        new = convert[key](owner[key], owner.places[key][1])
        if new is not owner[key]:
            result = owner.clone() if result is owner else result
            result[key] = new
    return result
