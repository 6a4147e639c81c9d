"""Which live resource each declared one is (the design's section 4): the only match. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from lsops.engine.planning.pairing import paired
from lsops.identity import NO_KEYS, Keys, referred, referring
from lsops.kinds import Kind, registry
from lsops.model.desired import Desired, in_collections
from lsops.model.live import Collection, Live
from lsops.model.pairs import Group, Pair, Pairs
from lsops.model.resource import Resource
from lsops.schema import kinds


def identify(desired: Desired, live: Live | Pairs, keys: Keys = NO_KEYS) -> Pairs:
    """The pairs of all collections that a manifest writes. `keys` knows those keys that are secrets.

    What was identified while it was read is not matched again.
    """
    if isinstance(live, Pairs):
        is_done = live.desired is desired and live.keys == keys
        return live if is_done else identify(desired, live.live, keys)
    table = Identification(desired, keys)
    for kind, address in table.places:
        table.add(kind, address, live.at(address, kind.name))
    return table.pairs(live)


def in_order(desired: Desired) -> Iterator[tuple[Kind, str]]:
    """The collections that a manifest writes, kinds in the order of their phases, then in that of the manifest."""
    places: dict[str, list[str]] = {}
    for address in desired.written:
        places.setdefault(_pattern(address), []).append(address)
    for kind in registry().values():
        singletons = (item.address for item in desired.of(kind.name))
        yield from (
            (kind, at) for at in (singletons if kind.schema.singleton else places.get(kind.schema.collection, ()))
        )


def _pattern(address: str) -> str:
    """The path of a collection's kind: `projects/*/webhooks`."""
    first, *rest = address[1:].split("/")
    return "/".join((first, *("*" if number % 2 == 0 else part for number, part in enumerate(rest))))


@dataclass
class Identification:
    """Pairs while the live side is read: collections are added parents first. `places` are all of them, in order."""

    desired: Desired
    keys: Keys = NO_KEYS
    groups: dict[str, Group] = field(default_factory=dict)
    names: dict[str, dict[str, int]] = field(default_factory=dict)
    called: dict[tuple[str, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = tuple(in_order(self.desired))
        self._ids: dict[str, int] = {}
        self._planned, self._outside = in_collections(self.desired.resources), in_collections(self.desired.others)

    def add(self, kind: Kind, address: str, collection: Collection) -> Group:
        """The pairs of one more collection."""
        mine, others = self._planned.get(address, ()), self._outside.get(address, ())
        if collection.error is not None:
            group = Group(address, kind.name, tuple(map(Pair, mine)), tuple(map(Pair, others)), error=collection.error)
        else:
            held = with_declared_names(self.called, kind, collection)
            group = paired(address, mine, others, kind, held, self.keys)
            self._note_names(kind, group)
        self.groups[address] = group
        return group

    def id_of(self, address: str) -> int | None:
        """The id of the live resource of a planned one, as far as it was added."""
        return self._ids.get(address)

    def pairs(self, live: Live) -> Pairs:
        """The table of all that was added, kinds in their order."""
        ordered = {at: self.groups[at] for _, at in self.places if at in self.groups}
        named = live.names.keys() | self.names.keys()
        names = {kind: _with_own_names(live.names.get(kind, {}), self.names.get(kind, {})) for kind in named}
        return Pairs(self.desired, live, ordered, names, self.keys)

    def _note_names(self, kind: Kind, group: Group) -> None:
        own, named_as = self.names.setdefault(kind.name, {}) if group.pairs else {}, referring(kind.schema)
        for item, live, _ in group.pairs:
            if live is not None and live.id is not None:
                own[named_as(item)] = self._ids[item.address] = live.id
                self.called[kind.name, live.id] = referred(item)[1]


def _with_own_names(live: Mapping[str, int], own: Mapping[str, int]) -> dict[str, int]:
    claimed = set(own.values())
    return {**{name: number for name, number in live.items() if number not in claimed and name not in own}, **own}


@cache
def _references(kind: str) -> Mapping[str, str]:
    """The fields that name another resource, in any variant of a kind, each with the kind of what it names."""
    return {name: one.ref for fields in kinds()[kind].variants.values() for name, one in fields.items() if one.ref}


def with_declared_names(called: Mapping[tuple[str, int], str], kind: Kind, collection: Collection) -> Collection:
    """The live side with the declared names of what its fields refer to: a renamed workspace is still the same."""
    refs = _references(kind.name) if called else {}
    if not refs:
        return collection

    def renamed(live: Resource) -> Resource:
        keys = {(ref, number): name for name, ref in refs.items() if isinstance(number := live.raw.get(name), int)}
        changed = {name: called[found] for found, name in keys.items() if found in called}
        differ = {name: text for name, text in changed.items() if live.values.get(name) != text}
        return replace(live, values={**live.values, **differ}) if differ else live

    return replace(collection, resources=tuple(map(renamed, collection.resources)))
