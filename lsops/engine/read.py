"""Reading the live side: only what the manifest manages, parents before their children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lsops.engine.planning.identify import Identification
from lsops.identity import NO_KEYS, Keys
from lsops.kinds import Kind, Query, Reader, registry
from lsops.model.address import parent
from lsops.model.desired import Desired, in_kinds
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.server.session import Session


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is read. `whole` is every row of each collection that is written, to list what no entry names.

    `also` declares what has to be known, too, in the same collections. `only` says that nothing else matters, so that
    what stands in a long list may be asked for by its key.
    """

    whole: bool = False
    also: tuple[Resource, ...] = ()
    only: bool = False


PLAIN = Extent()


def read(desired: Desired, session: Session, facts: Facts, extent: Extent = PLAIN, *, keys: Keys = NO_KEYS) -> Pairs:
    """The live side of every collection that the manifest writes, with what of it each declared resource is.

    A failed read stands in its collection. `keys` knows those keys that are secrets.
    """
    reader, found = Reader(session, facts), Identification(desired, keys)
    places: dict[str, list[str]] = {}
    for kind, address in found.places:
        places.setdefault(kind.name, []).append(address)
    collections: dict[str, Collection] = {}
    also = in_kinds(extent.also)
    kinds = [kind for kind in registry().values() if kind.name in places and facts.edition in kind.schema.editions]
    for kind in sorted(kinds, key=lambda item: item.schema.depth):
        collections.update(kind.read(reader, _query(kind, found, places[kind.name], also.get(kind.name, ()), extent)))
        for address in places[kind.name]:
            found.add(kind, address, collections.get(address) or Collection(kind.name))
    return found.pairs(Live(collections, {name: dict(ids) for name, ids in reader.names.items()}))


def _query(
    kind: Kind, found: Identification, places: Sequence[str], also: tuple[Resource, ...], extent: Extent
) -> Query:
    """What to read of a kind. What is declared stands last, so that of two with one key it counts."""
    desired = found.desired
    declared = (*also, *desired.of(kind.name))
    among = len(desired.declared(kind.name)) if extent.only else 0
    pruned = _whole(kind, desired, places)
    if kind.schema.depth == 0:
        return Query(declared, {"": 0}, pruned if extent.only else frozenset(), among)
    ids = ((parent(address), found.id_of(parent(address))) for address in places)
    parents = {address: number for address, number in ids if number is not None}
    resources = tuple(item for item in declared if item.parent in parents)
    return Query(resources, parents, frozenset(parents) if extent.whole else pruned, among)


def _whole(kind: Kind, desired: Desired, places: Sequence[str]) -> frozenset[str]:
    """The parents in whose collection every row matters, because what is not declared is deleted."""
    return frozenset(parent(at) for at in places if desired.is_pruned(kind.schema.collection, at))
