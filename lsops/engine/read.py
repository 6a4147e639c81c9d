"""Reading the live side: only what the manifest manages, parents before their children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from lsops.engine.planning.identify import Identification
from lsops.identity import NO_KEYS, Keys
from lsops.kinds import Kind, Query, Reader, registry
from lsops.model.address import below, join, parent
from lsops.model.desired import Desired, in_kinds
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.references import kinds_named_by
from lsops.schema import of_server
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
    for kind in _beside(desired, places, facts):
        collections.update(kind.read(reader, Query((), {"": 0})))
    names = {name: dict(ids) for name, ids in reader.names.items()}
    return found.pairs(Live(collections, names, flags=dict(reader.flags)))


def _beside(desired: Desired, places: Mapping[str, Sequence[str]], facts: Facts) -> Iterator[Kind]:
    """The settings that are not declared and may name what prune would delete."""
    pruned = {name for name, at in places.items() if _whole(registry()[name], desired, at)}
    for kind in registry().values() if pruned else ():
        is_there = facts.edition in kind.schema.editions and kind.name not in places
        if is_there and kind.schema.singleton and kinds_named_by(kind.name) & pruned:
            yield kind


def _query(
    kind: Kind, found: Identification, places: Sequence[str], also: tuple[Resource, ...], extent: Extent
) -> Query:
    """What to read of a kind. What is declared stands last, so that of two with one key it counts."""
    desired = found.desired
    declared = (*also, *desired.of(kind.name))
    among = len(desired.declared(kind.name)) if extent.only else 0
    pruned = _whole(kind, desired, places)
    if kind.schema.depth == 0:
        return Query(declared, {"": 0}, pruned if extent.only else frozenset(), among, pruned=pruned)
    ids = ((parent(address), found.id_of(parent(address))) for address in places)
    parents = {address: number for address, number in ids if number is not None}
    resources = tuple(item for item in declared if item.parent in parents)
    return Query(resources, parents, frozenset(parents) if extent.whole else pruned, among, pruned=pruned)


def _whole(kind: Kind, desired: Desired, places: Sequence[str]) -> frozenset[str]:
    """The parents in whose collection every row matters, because what is not declared is deleted."""
    return frozenset(parent(at) for at in places if desired.is_pruned(kind.schema.collection, at))


BESIDE = 8
"""Reads at a time from which on kinds are read beside each other: Community takes two, and more only hurt it."""


# ---- all of it -----------------------------------------------------------------------------------


class Survey(Protocol):
    """What of an organisation is read that no manifest names, and by which addresses its resources are known."""

    def wants(self, collection: str) -> bool:
        """Whether a collection is read, by its address."""

    def named(self, kind: Kind, live: Sequence[Resource], collection: str) -> Sequence[Resource]:
        """The resources of the collection at an address, less those that nobody wants; each with one of its own."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The live side without a manifest: `places` are the collections that were read, parents first, with their kinds.

    `hidden` says by address why something was left alone.
    """

    live: Live
    places: Mapping[str, str]
    hidden: Mapping[str, str]


def take_inventory(session: Session, facts: Facts, survey: Survey) -> Inventory:
    """Every collection that a survey wants, whatever is in it. A failed read stands in its collection.

    What stands below other resources is read kind beside kind, so that those which are read a few at a time hold up
    nobody else.
    """
    reader, places = Reader(session, facts), dict[str, str]()
    collections: dict[str, Collection] = {}
    above: dict[str, list[Resource]] = {}
    kinds = [kind for kind in registry().values() if facts.edition in kind.schema.editions]
    for depth in sorted({kind.schema.depth for kind in kinds}):
        todo = [(kind, _parents(kind, above, survey)) for kind in kinds if kind.schema.depth == depth]
        queries = [(kind, Query((), at, frozenset(at), wanted=_wanted(kind, facts))) for kind, at in todo if at]
        for (kind, query), found in zip(queries, _answers(reader, queries, depth), strict=True):
            for address in (below(place, kind.schema.name) for place in query.parents):
                held = found.get(address) or Collection(kind.name)
                named = tuple(survey.named(kind, held.resources, address))
                collections[address] = Collection(kind.name, named, held.error, _less(held.resources, named))
                places[address] = kind.name
                above.setdefault(kind.schema.collection, []).extend(named)
            collections.update({at: one for at, one in found.items() if at not in collections})
    names = {name: dict(ids) for name, ids in reader.names.items()}
    return Inventory(Live(collections, names), places, dict(reader.hidden))


def _less(every: Iterable[Resource], named: Iterable[Resource]) -> tuple[Resource, ...]:
    there = {one.identity for one in named}
    return tuple(one for one in every if one.identity not in there)


def _answers(reader: Reader, queries: Sequence[tuple[Kind, Query]], depth: int) -> Iterable[Mapping[str, Collection]]:
    """What is live by kind; at the top one after the other, because the later name the earlier."""
    if depth == 0 or reader.session.concurrency < BESIDE:
        return (kind.read(reader, query) for kind, query in queries)
    threads = ThreadPoolExecutor(max(1, len(queries)), thread_name_prefix="lsops-kind")
    try:
        return list(threads.map(lambda one: one[0].read(reader, one[1]), queries))
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _parents(kind: Kind, above: Mapping[str, Sequence[Resource]], survey: Survey) -> Mapping[str, int]:
    """Under what collections of a kind are read, with the ids."""
    if kind.schema.depth == 0:
        return {"": 0} if survey.wants(join(kind.schema.name)) else {}
    places = above.get(kind.schema.parent_collection, ())
    return {
        one.address: one.id
        for one in places
        if one.id is not None and survey.wants(below(one.address, kind.schema.name))
    }


def _wanted(kind: Kind, facts: Facts) -> frozenset[str]:
    """The fields that a manifest may write on that edition, of any variant."""
    every = (fields for variant in kind.schema.variants for fields in [of_server(kind.schema.fields(variant))])
    return frozenset(name for fields in every for name, one in fields.items() if facts.edition in one.editions)
