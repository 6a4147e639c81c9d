"""Which live resource each declared one is (the design's section 4): the only match. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from lsops.engine.planning.pairing import paired
from lsops.identity import NO_KEYS, Keys, referring
from lsops.kinds import Kind, registry
from lsops.model.desired import Desired, in_collections
from lsops.model.live import Collection, Live
from lsops.model.pairs import Group, Pair, Pairs
from lsops.model.resource import Resource
from lsops.references import Named, renamed_in, scope_of, scoped
from lsops.schema import Field, kinds, referred


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


@dataclass(frozen=True, slots=True)
class DeclaredNames:
    """What live resources are called in the manifest: by kind and id, and, where that is another name, by the live one.

    The second have the address of what they stand in, too: one name may mean another resource in each project.
    `left_out` are entries outside of the targets whose names are the manifest's own, by their kinds and keys: nobody
    looks which live resources they are, and others name them all the same.
    """

    by_id: dict[tuple[str, int], str] = field(default_factory=dict)
    by_name: dict[tuple[str, str, str], str] = field(default_factory=dict)
    left_out: dict[Named, str] = field(default_factory=dict)

    def of(self, address: str, named: Named) -> str:
        """What is named at an address, by its declared name."""
        kind, key = named
        return self.by_name.get((kind, scope_of(address, kind), key), key)


@dataclass
class Identification:
    """Pairs while the live side is read: collections are added parents first. `places` are all of them, in order."""

    desired: Desired
    keys: Keys = NO_KEYS
    groups: dict[str, Group] = field(default_factory=dict)
    names: dict[str, dict[str, int]] = field(default_factory=dict)
    called: DeclaredNames = field(default_factory=DeclaredNames)

    def __post_init__(self) -> None:
        self.places = tuple(in_order(self.desired))
        self._ids: dict[str, int] = {}
        self._planned, self._outside = in_collections(self.desired.resources), in_collections(self.desired.others)
        for item in self.desired.others:
            if kinds()[item.kind].is_composite and not item.lifecycle.absent:
                self._note_left_out(item)

    def add(self, kind: Kind, address: str, collection: Collection) -> Group:
        """The pairs of one more collection."""
        mine, others = self._planned.get(address, ()), self._outside.get(address, ())
        if collection.error is not None:
            group = Group(address, kind.name, tuple(map(Pair, mine)), tuple(map(Pair, others)), error=collection.error)
        else:
            held = with_declared_names(self.called, kind, address, collection)
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
        own = {kind: {**self._left_out_in(kind, live), **self.names.get(kind, {})} for kind in named}
        names = {kind: _with_own_names(live.names.get(kind, {}), own[kind]) for kind in named}
        return Pairs(self.desired, live, ordered, names, self.keys)

    def _note_left_out(self, item: Resource) -> None:
        kind, name = referred(item)
        self.called.left_out[kind, item.key] = name
        if item.lifecycle.id is not None:
            self.called.by_id[kind, item.lifecycle.id] = name
            self.names.setdefault(kind, {})[name] = item.lifecycle.id

    def _left_out_in(self, kind: str, live: Live) -> dict[str, int]:
        """The ids of what was left out and is live, by its name."""
        held, left_out = live.names.get(kind, {}), self.called.left_out.items()
        return {name: held[key] for (its, key), name in left_out if its == kind and key in held}

    def _note_names(self, kind: Kind, group: Group) -> None:
        own, named_as = self.names.setdefault(kind.name, {}) if group.pairs else {}, referring(kind.schema)
        for item, live, _ in group.pairs:
            if live is not None and live.id is not None:
                own[named_as(item)] = self._ids[item.address] = live.id
                name = referred(item)[1]
                self.called.by_id[kind.name, live.id] = name
                if live.key.strip() != name:
                    self.called.by_name[kind.name, scoped(item)[1], live.key.strip()] = name


def _with_own_names(live: Mapping[str, int], own: Mapping[str, int]) -> dict[str, int]:
    claimed = set(own.values())
    return {**{name: number for name, number in live.items() if number not in claimed and name not in own}, **own}


@cache
def _naming(kind: str) -> Mapping[str, Field]:
    """The fields that name other resources, in any variant of a kind."""
    fields = (field for fields in kinds()[kind].variants.values() for field in fields.items())
    return {name: one for name, one in fields if one.names_others}


def with_declared_names(names: DeclaredNames, kind: Kind, address: str, collection: Collection) -> Collection:
    """The live side with the declared names of what its fields refer to: a renamed workspace is still the same.

    A field that is an id on the server is told by that, whatever else has the name.
    """
    naming_fields = _naming(kind.name) if names.by_id or names.left_out else {}
    if not naming_fields:
        return collection

    def renamed(live: Resource) -> Resource:
        numbers = {name: live.raw.get(name) for name, one in naming_fields.items() if one.ref}
        known = {name: (naming_fields[name].ref, number) for name, number in numbers.items() if isinstance(number, int)}
        told = {name: names.by_id[found] for name, found in known.items() if found in names.by_id}
        left_out = {name: names.left_out.get((ref, str(live.values.get(name)))) for name, (ref, _) in known.items()}
        told = {**{name: new for name, new in left_out.items() if new is not None}, **told}
        others = {name: one for name, one in naming_fields.items() if name not in known}
        read = renamed_in(live.values, others, lambda named: names.of(address, named))
        differ = {name: text for name, text in {**read, **told}.items() if live.values.get(name) != text}
        return replace(live, values={**live.values, **differ}) if differ else live

    return replace(collection, resources=tuple(map(renamed, collection.resources)))
