"""Which part of a manifest one of several runs plans (`--shard i/n`): the last step of the scope. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lsops.engine.planning.scope import Selection, parents_of
from lsops.errors import Finding
from lsops.model.address import nearest_of, parent, split
from lsops.model.resource import Resource
from lsops.model.shard import Shard
from lsops.schema import KindSchema, by_collection, kinds


@dataclass(frozen=True, slots=True)
class Division:
    """What of one manifest a shard plans. `homes` says of each resource that is divided whether it is this one's."""

    shard: Shard
    homes: Mapping[str, bool]

    @classmethod
    def of(cls, shard: Shard, declared: Iterable[Resource]) -> Division:
        """For a manifest that declares these."""
        divided = (item for item in declared if kinds()[item.kind].shards)
        return cls(shard, {item.address: shard.takes(item.key) for item in divided})

    def has(self, address: str) -> bool:
        """Whether something declared, or a collection in it, is this shard's: as what it stands below, if that is
        divided, and else the first one's.
        """
        above = address
        while above:
            if above in self.homes:
                return self.homes[above]
            above = parent(above)
        return self.shard.is_first


def sharded(selection: Selection, shard: Shard | None) -> Selection:
    """As much of a selection as a shard plans.

    What it names of other shards is looked up and not planned. What is divided is so by its key alone, so that nothing
    moves from one shard to another when something is added.
    """
    if shard is None:
        return selection
    desired = selection.desired
    declared = (*desired.resources, *desired.others)
    division = Division.of(shard, declared)
    mine = {item.address for item in desired.resources if division.has(item.address)}
    _, borrowed = parents_of(desired, mine, set())
    planned = mine | borrowed
    places = {parent(address) for address in borrowed}
    part = replace(
        desired,
        resources=tuple(item for item in desired.resources if item.address in planned),
        others=(*desired.others, *(item for item in desired.resources if item.address not in planned)),
        written={
            at: source for at, source in desired.written.items() if division.has(at) or at in places or _is_divided(at)
        },
        elsewhere=frozenset(item.address for item in declared if not division.has(item.address)),
    )
    parents, named = selection.parents & mine, selection.named & mine
    return replace(selection, desired=part, parents=parents | borrowed, named=named, shard=shard)


def _is_divided(collection: str) -> bool:
    schema = by_collection().get("/".join(split(collection)))
    return schema is not None and schema.shards


@dataclass(frozen=True, slots=True)
class Away:
    """What of a plan other shards tell: all that is about these addresses, or about what lies below them."""

    addresses: frozenset[str] = frozenset()

    def less(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """The addresses, less those."""
        return tuple(address for address in addresses if address not in self.addresses)

    def less_about(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings, less those."""
        return tuple(one for one in findings if not (self.addresses and self._covers(one.address)))

    def with_found(self, of_manifest: Sequence[Finding], found: Iterable[Finding]) -> tuple[Finding, ...]:
        """What a manifest was warned of, less those, and what was found besides."""
        known = set(of_manifest)
        return (*self.less_about(of_manifest), *(one for one in found if one not in known))

    def _covers(self, address: str) -> bool:
        return nearest_of(address, self.addresses) != ""


def takes_live(shard: Shard | None, kind: KindSchema, live: Resource) -> bool:
    """Whether something live that no manifest declares is a shard's, in a collection that this shard reads."""
    if shard is None:
        return True
    if kind.shards:
        return shard.takes(live.key)
    return shard.is_first or _stands_below_divided(kind)


def _stands_below_divided(kind: KindSchema) -> bool:
    above = by_collection().get(kind.collection.partition("/")[0])
    return above is not None and above.shards
