"""Two manifests side by side: which entry of the one is which of the other, and which of them differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lsops.difference import same
from lsops.engine.planning.identify import in_order
from lsops.identity import comparable
from lsops.model.claims import claims_by_name
from lsops.model.desired import Desired, in_collections
from lsops.model.resource import UNSET, Resource
from lsops.references import renamed_in
from lsops.schema import kinds, referred

Moves = Mapping[str, str]
"""Addresses with those where the same is."""


def follow(base: Desired, desired: Desired) -> Desired:
    """The base with each entry at the address at which the other manifest has the same one.

    It is the same where it pins the same id, or says that it was renamed, or has the same key. What fields of the base
    name by an old key they name by the new one.
    """
    moves = _moves(base, desired)
    if not moves:
        return base
    keys = {item.address: referred(item)[1] for item in desired.resources}
    names = {referred(item): keys[moves[item.address]] for item in base.resources if item.address in moves}
    return replace(
        base,
        resources=tuple(_followed(item, moves, names) for item in base.resources),
        written={moved(address, moves): source for address, source in base.written.items()},
        prune=tuple(moved(place, moves) for place in base.prune),
    )


def moved(address: str, moves: Moves) -> str:
    """Where an address is, that or what stands above it being elsewhere."""
    above, below = address, ""
    while above and above not in moves:
        above, _, last = above.rpartition("/")
        below = f"/{last}{below}"
    return moves[above] + below if above else address


def _followed(item: Resource, moves: Moves, names: Mapping[tuple[str, str], str]) -> Resource:
    address = moved(item.address, moves)
    fields = kinds()[item.kind].fields(item.type)
    named = renamed_in(item.values, fields, lambda name: names.get(name, name[1]))
    if address == item.address and not named:
        return item
    above = moved(item.parent, moves)
    return replace(item, address=address, parent=above, values={**item.values, **named} if named else item.values)


def _moves(base: Desired, desired: Desired) -> Moves:
    """The addresses in the base of what stands elsewhere in the other manifest, with those there; parents first."""
    old, new = in_collections(base.resources), in_collections(desired.resources)
    moves: dict[str, str] = {}
    back: dict[str, str] = {}
    for place in sorted(new, key=lambda one: one.count("/")):
        rows = old.get(moved(place, back), ())
        for item, row in _matched(new[place], rows) if rows and not _are_alike(new[place], rows) else ():
            below = moved(row.address, moves)
            if below != item.address:
                moves[row.address], back[item.address] = item.address, row.address
    return moves


def _are_alike(items: Sequence[Resource], rows: Sequence[Resource]) -> bool:
    """Whether nobody need look: all entries of the one stand at the last part of their addresses in the other."""
    there = {_last(row): (row.key, row.lifecycle) for row in rows}
    return all(there.get(_last(item)) == (item.key, item.lifecycle) for item in items)


def _last(item: Resource) -> str:
    return item.address.rpartition("/")[2]


def _matched(items: Sequence[Resource], rows: Sequence[Resource]) -> Iterator[tuple[Resource, Resource]]:
    """The entries of a collection with those of the base that they are."""
    schema = kinds()[items[0].kind]
    keyed: dict[object, list[Resource]] = {}
    for row in rows:
        keyed.setdefault(comparable(schema, row.key), []).append(row)
    pins = {(row.type, row.lifecycle.id): row for row in rows if row.lifecycle.id is not None}
    found = {item.address: pins[pin] for item in items if (pin := (item.type, item.lifecycle.id)) in pins}
    renamed = [item for item in items if claims_by_name(item.lifecycle) and item.address not in found]
    claims = {one.address: _one(keyed.get(comparable(schema, one.lifecycle.renamed_from)), one) for one in renamed}
    claimed = {row.address for row in claims.values() if row is not None}
    for item in renamed:
        old, own = claims[item.address], _one(keyed.get(comparable(schema, item.key)), item)
        if old is not None and (own is None or own.address in claimed):
            found[item.address] = old
    taken = {row.address for row in found.values()}
    for item in items:
        free = [row for row in keyed.get(comparable(schema, item.key), ()) if row.address not in taken]
        same_one = found.get(item.address) or _one(free, item)
        if same_one is not None:
            taken.add(same_one.address)
            yield item, same_one


def _one(rows: Sequence[Resource] | None, item: Resource) -> Resource | None:
    """Of several of one key the one that is meant: at the same place, or equal in what sets two of one key apart."""
    if not rows or len(rows) == 1:
        return rows[0] if rows else None
    apart = kinds()[item.kind].apart
    wanted = (item.type, item.values.get(apart, UNSET))
    at_place = [row for row in rows if _last(row) == _last(item)]
    equal = [row for row in rows if (row.type, row.values.get(apart, UNSET)) == wanted]
    return next(iter(at_place or equal), None)


# ---- what differs ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """Where two manifests differ: the addresses of entries that the new one has and the base has not, or not so; and
    by pruned collection those of which entries are gone, or None where the whole collection is pruned now and was not.
    """

    entries: frozenset[str]
    gone: Mapping[str, frozenset[str] | None] = field(default_factory=dict)


def changed(base: Desired, desired: Desired) -> Changed:
    """Where a manifest differs from a base that follows it."""
    old = {item.address: item for item in base.resources}
    entries = {item.address for item in desired.resources if not _equal(item, old.get(item.address))}
    declared = {item.address for item in desired.resources}
    left: dict[str, set[str]] = {}
    for address in old.keys() - declared:
        left.setdefault(old[address].collection, set()).add(address)
    gone: dict[str, frozenset[str] | None] = {}
    before = _pruned(base)
    for address in _pruned(desired):
        if address not in before:
            gone[address] = None
        elif address in left:
            gone[address] = frozenset(left[address])
    return Changed(frozenset(entries), gone)


def _pruned(desired: Desired) -> set[str]:
    if not desired.prune:
        return set()
    return {address for kind, address in in_order(desired) if desired.is_pruned(kind.schema.collection, address)}


def _equal(item: Resource, old: Resource | None) -> bool:
    """Whether two entries say the same, in whatever order; 1 is not true."""
    if old is None or (item.key, item.type, item.lifecycle) != (old.key, old.type, old.lifecycle):
        return False
    if item.values.keys() != old.values.keys():
        return False
    return all(same(old.values.get(name, UNSET), value) for name, value in item.values.items())


def unmanaged_fields(item: Resource, old: Resource) -> Iterator[str]:
    """The fields, as pointers, that an entry no longer has."""
    for name in old.values:
        if name not in item.values:
            yield name
    if old.lifecycle.protect and not item.lifecycle.protect:
        yield "lifecycle/protect"
