"""Reading the live side: only what the manifest manages, parents before their children."""

from __future__ import annotations

from collections.abc import Sequence

from lsops.engine.planning.identify import Identification
from lsops.identity import NO_KEYS, Keys
from lsops.kinds import Kind, Query, Reader, registry
from lsops.model.address import parent
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.server.session import Session


def read(desired: Desired, session: Session, facts: Facts, *, whole: bool = False, keys: Keys = NO_KEYS) -> Pairs:
    """The live side of every collection that the manifest writes, with what of it each declared resource is.

    A failed read stands in its collection. `whole` reads every row of those collections, whatever the manifest names in
    them, to list what it does not. `keys` knows those keys that are secrets.
    """
    reader, found = Reader(session, facts), Identification(desired, keys)
    places: dict[str, list[str]] = {}
    for kind, address in found.places:
        places.setdefault(kind.name, []).append(address)
    collections: dict[str, Collection] = {}
    kinds = [kind for kind in registry().values() if kind.name in places and facts.edition in kind.schema.editions]
    for kind in sorted(kinds, key=lambda item: item.schema.depth):
        collections.update(kind.read(reader, _query(kind, desired, found, places[kind.name], whole=whole)))
        for address in places[kind.name]:
            found.add(kind, address, collections.get(address) or Collection(kind.name))
    return found.pairs(Live(collections, {name: dict(ids) for name, ids in reader.names.items()}))


def _query(kind: Kind, desired: Desired, found: Identification, places: Sequence[str], *, whole: bool) -> Query:
    if kind.schema.depth == 0:
        return Query(desired.of(kind.name), {"": 0})
    ids = ((parent(address), found.id_of(parent(address))) for address in places)
    parents = {address: number for address, number in ids if number is not None}
    resources = tuple(item for item in desired.of(kind.name) if item.parent in parents)
    return Query(resources, parents, frozenset(parents) if whole else _whole(kind, desired, places))


def _whole(kind: Kind, desired: Desired, places: Sequence[str]) -> frozenset[str]:
    """The parents in whose collection every row matters, because what is not declared is deleted."""
    return frozenset(parent(at) for at in places if desired.is_pruned(kind.schema.collection, at))
