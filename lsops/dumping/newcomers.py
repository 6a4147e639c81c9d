"""What is live and not declared, as globs choose it, under the addresses that its entries in the manifest will have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lsops.dumping.names import Unique
from lsops.dumping.survey import KeyName, Surveyor, in_their_order, key_names, reaches
from lsops.dumping.values import LeftOut
from lsops.engine.planning.own import shown_as
from lsops.globs import exactly
from lsops.kinds import Kind
from lsops.kinds.capabilities import MayBeHidden
from lsops.model.address import below, parent, split
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource

Known = tuple[str, "int | str"]
"""A live resource: the address of its collection, and its id, or its key where it has none."""


@dataclass
class Newcomers(Surveyor):
    """Chooses what no entry declares. A glob means what it matches, and all below that; not what lies below an entry.

    `declared` are the addresses of the entries by their live resources, `unsure` the collections of which nobody knows
    which live resource an entry is. Afterwards `chosen` has what is adopted, by its address, with the one under which a
    plan lists it, and `roots` those of it that lie in nothing that is adopted; `met` are the entries that a glob
    matches, with that glob, `idle` the globs that chose nothing.
    """

    declared: Mapping[Known, str] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    chosen: dict[str, str] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    met: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._entries = frozenset(self.declared.values())
        self._keys: dict[str, set[str]] = {}
        for address in self._entries:
            self._keys.setdefault(parent(address), set()).add(split(address)[-1])

    @property
    def idle(self) -> list[str]:
        """The globs that chose nothing."""
        return [glob for glob in self.targets if glob not in self.used]

    def wants(self, collection: str) -> bool:
        owner = parent(collection)
        if owner in self.chosen:
            return True
        return any(self._looks_into(glob, collection) for glob in self.targets)

    def _looks_into(self, glob: str, collection: str) -> bool:
        """Whether a glob may match something in a collection or below it, and not only something above it."""
        long_enough = "**" in glob or glob.count("/") >= collection.count("/")
        return long_enough and reaches(glob, collection)

    def covers(self, address: str) -> bool:
        return self._is_below_chosen(address) or any(exactly(glob)(address) for glob in self.targets)

    def _is_below_chosen(self, address: str) -> bool:
        return any(at in self.chosen for at in _upwards(address))

    def is_whole(self, address: str) -> bool:
        return address in self.chosen

    def named(self, kind: Kind, live: Sequence[Resource], collection: str) -> Sequence[Resource]:
        """The entries, so that what lies below them is found, and what is chosen."""
        if isinstance(kind, MayBeHidden) and self.facts.is_enterprise and self.facts.role not in kind.sighted:
            self._leave(collection, f"what the token's owner, as {self.facts.role or 'nobody'}, does not see")
        kept = [one for one in live if not self._is_omitted(kind, one, collection)]
        names = [KeyName("")] * len(kept) if kind.schema.singleton else key_names(kind.schema, kept)
        new = [one for one in kept if self._entry(one, collection) is None]
        listed = {id(one): at for at, one in shown_as(collection, new, set(self._entries)).items()}
        found = []
        for one, key in zip(kept, names, strict=True):
            entry = self._entry(one, collection)
            if entry is not None:
                self._meet(entry)
                self.names[entry] = KeyName(split(entry)[-1])
                found.append(replace(one, address=entry, parent=parent(collection)))
            elif kind.schema.singleton:
                found += self._take(one, collection, collection, collection)
            elif key.name:
                key = self._free(key, collection)
                address = below(collection, key.name)
                found += (taken := self._take(one, address, listed[id(one)], collection))
                self.names.update(dict.fromkeys((each.address for each in taken), key))
            elif self._is_meant(listed[id(one)], "", collection):
                self._leave(listed[id(one)], "another one has this key, and the manifest cannot hold both")
        return in_their_order(kind, found)

    def _entry(self, one: Resource, collection: str) -> str | None:
        return self.declared.get((collection, one.key if one.id is None else one.id))

    def _meet(self, entry: str) -> None:
        for glob in self.targets:
            if exactly(glob)(entry) or exactly(glob)(parent(entry)):
                self.met[entry] = glob

    def _free(self, key: KeyName, collection: str) -> KeyName:
        """A key that no entry of the collection has."""
        name = Unique(self._keys.get(collection, ()), " ").of(key.name)
        return key if name == key.name else KeyName(name, written=not key.pinned, pinned=key.pinned)

    def _take(self, one: Resource, address: str, listed: str, collection: str) -> list[Resource]:
        """The resource under its address, where it is chosen or lies in what is."""
        self.seen.append(listed)
        is_inside = parent(collection) in self.chosen
        if not (is_inside or self._is_meant(listed, address, collection)):
            return []
        if collection in self.unsure:
            why = "an entry of its collection is known by a secret alone, which is not set here: it may be that one"
            self.left_out.append(LeftOut(listed, why))
            return []
        self.chosen[address] = listed
        if not is_inside:
            self.roots.append(address)
        return [replace(one, address=address, parent=parent(collection))]

    def _is_meant(self, listed: str, address: str, collection: str) -> bool:
        places = (listed, address, collection)
        globs = [glob for glob in self.targets if any(exactly(glob)(place) for place in places)]
        globs = globs or [glob for glob in self.targets if glob in places]
        self.used.update(globs)
        return bool(globs)


def known_live(pairs: Pairs) -> dict[Known, str]:
    """The addresses of the entries by the live resources that they are."""
    return {
        (group.address, pair.live.key if pair.live.id is None else pair.live.id): pair.desired.address
        for group in pairs.groups.values()
        for pair in (*group.pairs, *group.outside)
        if pair.live is not None
    }


def unsure_places(pairs: Pairs) -> frozenset[str]:
    """The collections with an entry of which nobody can tell here which live resource it is."""
    groups = pairs.groups.values()
    return frozenset(
        group.address for group in groups if not all(one.is_known for one in (*group.pairs, *group.outside))
    )


def _upwards(address: str) -> Iterator[str]:
    while address:
        yield address
        address = parent(address)
