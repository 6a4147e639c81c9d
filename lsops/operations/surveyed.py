"""What was read of a server to be dumped: all of it at once, and of that the part of each entry."""

from __future__ import annotations

from collections.abc import Collection as Addresses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lsops.dumping.survey import KeyName, Surveyor
from lsops.dumping.values import LeftOut
from lsops.engine.read import Inventory, take_inventory
from lsops.globs import literal
from lsops.model.address import nearest_of, parent
from lsops.model.live import Collection, Facts
from lsops.model.resource import Resource
from lsops.server.session import Session


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Who chose and named what is live, and what was read."""

    surveyor: Surveyor
    inventory: Inventory

    def parts(self, roots: Addresses[str]) -> Mapping[str, Surveyed]:
        """What was read of each of these entries and below it, as if it had been read alone.

        An entry that is not there has a part without it.
        """
        found = {root: _Part() for root in roots}
        others: dict[str, Mapping[str, Resource]] = {}
        for at, held in self.inventory.live.collections.items():
            if root := nearest_of(at, found):
                found[root].collections[at] = held
            else:
                others[at] = {one.address: one for one in held.resources}
        for address, name in self.surveyor.names.items():
            if root := nearest_of(address, found):
                found[root].names[address] = name
        for one in self.surveyor.left_out:
            if root := nearest_of(one.address, found):
                found[root].left_out.append(one)
        for address, why in self.inventory.hidden.items():
            if root := nearest_of(address, found):
                found[root].hidden[address] = why
        return {root: self._alone(root, part, others) for root, part in found.items()}

    def _alone(self, root: str, part: _Part, others: Mapping[str, Mapping[str, Resource]]) -> Surveyed:
        """A part with the way to it, on which nothing else stands."""
        above: dict[str, Collection] = {}
        for at in _up(root):
            one = others.get(parent(at), {}).get(at)
            held = self.inventory.live.collections.get(parent(at))
            if held is not None:
                above = {parent(at): replace(held, resources=(one,) if one else (), beside=())} | above
        collections = above | part.collections
        surveyor = Surveyor(self.surveyor.facts, (literal(root),), names=part.names, left_out=part.left_out)
        places = {at: kind for at in collections if (kind := self.inventory.places.get(at))}
        return Surveyed(surveyor, Inventory(replace(self.inventory.live, collections=collections), places, part.hidden))


@dataclass(frozen=True, slots=True)
class _Part:
    """What was found at an address and below it."""

    collections: dict[str, Collection] = field(default_factory=dict)
    names: dict[str, KeyName] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)


def survey_server(session: Session, facts: Facts, targets: tuple[str, ...], rename: str = "") -> Surveyed:
    """Read what targets cover (all, where there are none), with another name for one that is to be a copy.

    Raises: ServerError.
    """
    surveyor = Surveyor(facts, targets, rename=rename)
    return Surveyed(surveyor, take_inventory(session, facts, surveyor))


def _up(address: str) -> Iterator[str]:
    """An entry, and those above it."""
    while address:
        yield address
        address = parent(parent(address))
