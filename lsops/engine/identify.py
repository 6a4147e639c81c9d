"""Which live resource every declared one is, over all collections that the manifest writes: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lsops.engine.groups import written
from lsops.engine.keys import NO_KEYS, Keys
from lsops.engine.match import Matches, match
from lsops.kinds import Kind, registry
from lsops.model import Collection, Desired, Live, Resource
from lsops.model.desired import in_collections

Called = Mapping[tuple[str, int], str]
"""Declared names of live objects, by kind and id."""


def identify(
    desired: Desired, live: Live, others: Iterable[Resource] = (), keys: Keys = NO_KEYS
) -> Mapping[str, Matches]:
    """The matches of each collection by its address, but of those that could not be read.

    `others` are declared and outside of the plan: what is theirs is nobody else's. `keys` knows those keys that are
    secrets; the matches hold live ones as they are, which nobody may see.
    """
    groups, outside = in_collections(desired.resources), in_collections(others)
    found: dict[str, Matches] = {}
    called: dict[tuple[str, int], str] = {}
    for kind in registry().values():
        for address in written(kind, desired):
            collection = live.at(address, kind.name)
            if collection.error is not None:
                continue
            mine = groups.get(address, ())
            declared = (*mine, *outside.get(address, ()))
            pairs = match(declared, with_declared_names(called, kind, collection), kind, keys)
            found[address] = pairs
            called.update(names_of(mine, pairs))
    return found


def names_of(declared: Iterable[Resource], pairs: Matches) -> Called:
    """The declared names of what is live."""
    both = ((item, pairs.found.get(item.address)) for item in declared)
    return {(item.kind, live.id): item.key for item, live in both if live is not None and live.id is not None}


def with_declared_names(called: Called, kind: Kind, collection: Collection) -> Collection:
    """The live side with the declared names of what its fields refer to: a renamed workspace is still the same."""
    refs = {n: f.ref for fields in kind.schema.variants.values() for n, f in fields.items() if f.ref}
    if not refs or not called:
        return collection

    def renamed(live: Resource) -> Resource:
        keys = {(ref, number): name for name, ref in refs.items() if isinstance(number := live.raw.get(name), int)}
        changed = {name: called[found] for found, name in keys.items() if found in called}
        return replace(live, values={**live.values, **changed}) if changed else live

    return replace(collection, resources=tuple(map(renamed, collection.resources)))
