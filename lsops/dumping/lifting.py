"""What most entries of a collection have in common, as the manifest's `defaults`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lsops.dumping.essence import NOTHING
from lsops.dumping.values import DumpedEntry, FileText
from lsops.model.leaves import as_plain
from lsops.model.resource import Secret
from lsops.schema import Field, by_collection, kinds, of_server

LEAST = 3
"""Entries from which on something can be common to most of them."""


def lift(entries: Iterable[DumpedEntry]) -> dict[str, dict[str, Any]]:
    """The defaults by collection. What they say is taken out of the entries; those that differ say it themselves.

    Only what is one value to every merge is lifted: scalars and lists, also those in a field with leaves of its own.
    """
    groups: dict[str, list[DumpedEntry]] = {}
    for entry in entries:
        if not entry.required:
            groups.setdefault(kinds()[entry.live.kind].collection, []).append(entry)
    found = {collection: _common(members) for collection, members in groups.items() if len(members) >= LEAST}
    order = list(by_collection())
    return {name: found[name] for name in sorted(found, key=order.index) if found[name]}


def _common(entries: Sequence[DumpedEntry]) -> dict[str, Any]:
    schema = kinds()[entries[0].live.kind]
    variants = {entry.live.type or "" for entry in entries}
    fields = schema.fields(entries[0].live.type)
    shared = [name for name in of_server(fields) if all(name in schema.fields(variant) for variant in variants)]
    result: dict[str, Any] = {}
    for name in shared:
        if name in (*schema.keys, schema.discriminator) or fields[name].compare == "xml" or fields[name].confidential:
            continue
        if fields[name].properties and fields[name].merge_deep:
            inner = {leaf: value for leaf in fields[name].properties if (value := _lifted(entries, fields[name], leaf))}
            result.update({name: {leaf: value[0] for leaf, value in inner.items()}} if inner else {})
        elif found := _lifted(entries, fields[name]):
            result[name] = found[0]
    return result


def _lifted(entries: Sequence[DumpedEntry], item: Field, leaf: str = "") -> list[Any]:
    """The value that most entries have, in a list of its own, taken out of them; nothing where there is none."""
    lacking = [entry for entry in entries if _get(entry, item.name, leaf) is NOTHING]
    held = [_get(entry, item.name, leaf) for entry in entries]
    counts = Counter(map(repr, (value for value in held if value is not NOTHING and _is_one(value))))
    if not counts:
        return []
    common, number = counts.most_common(1)[0]
    field = item.properties[leaf] if leaf else item
    if 2 * number <= len(entries) or number <= len(lacking) + 1 or (lacking and not field.has_default):
        return []
    value = next(one for one in held if repr(one) == common)
    for entry in lacking:
        _set(entry, item.name, leaf, as_plain(field.default))
    for entry in entries:
        if repr(_get(entry, item.name, leaf)) == common:
            _drop(entry, item.name, leaf)
    return [value]


def _is_one(value: Any) -> bool:
    return not isinstance(value, (Mapping, Secret, FileText))


def _get(entry: DumpedEntry, name: str, leaf: str) -> Any:
    value = entry.values.get(name, NOTHING)
    return value if not leaf or value is NOTHING else value.get(leaf, NOTHING)


def _set(entry: DumpedEntry, name: str, leaf: str, value: Any) -> None:
    if leaf:
        entry.values[name] = {**entry.values.get(name, {}), leaf: value}
    else:
        entry.values[name] = value


def _drop(entry: DumpedEntry, name: str, leaf: str) -> None:
    if leaf:
        entry.values[name] = {key: value for key, value in entry.values[name].items() if key != leaf}
    if not leaf or not entry.values[name]:
        del entry.values[name]
