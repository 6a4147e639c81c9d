"""A key that one resource gives up and another takes in the same plan: who goes first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lsops.identity import Keys, folding
from lsops.kinds import Kind
from lsops.model.address import join
from lsops.model.claims import circles
from lsops.model.pairs import Group
from lsops.model.resource import Resource


@dataclass(frozen=True, slots=True)
class Handover:
    """Who takes a key that another entry's live resource gives up, by address, and whose it is.

    Where the keys go round in a circle, nobody can be the first: those stand in `circles`, each a mapping of its own.
    """

    waiting: Mapping[str, str]
    circles: tuple[Mapping[str, str], ...] = ()


def handed_over(group: Group, kind: Kind, keys: Keys) -> Handover:
    """The entries that take a key which another entry's live resource gives up.

    The key must be given up first. Whose key is a secret that is not set takes no part.
    """
    schema, desired, found, fold = kind.schema, group.declared, group.live, folding(kind.schema)
    values = {item.address: keys.value(item) for item in desired}
    names = {address: fold(value) for address, value in values.items() if value is not None}
    known = [item for item in desired if item.address in names]
    held = {address: fold(one.key) for address, one in found.items() if one is not None}
    leaving = {
        held[item.address]: item.address
        for item in known
        if held.get(item.address, names[item.address]) != names[item.address] and not _keeps_key(item, schema.key)
    }
    waiting = {
        item.address: leaving[names[item.address]]
        for item in known
        if names[item.address] in leaving
        and held.get(item.address) != names[item.address]
        and not _keeps_key(item, schema.key)
    }
    turning = circles(waiting)
    in_line = {address: first for address, first in waiting.items() if address not in turning}
    return Handover(in_line, tuple(_each(turning, waiting)))


def _each(turning: set[str], waiting: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The circles one by one."""
    left = dict.fromkeys(address for address in waiting if address in turning)
    while left:
        address, circle = next(iter(left)), dict[str, str]()
        while address not in circle:
            left.pop(address)
            circle[address] = waiting[address]
            address = waiting[address]
        yield circle


def _keeps_key(item: Resource, key: str) -> bool:
    return join(key) in item.lifecycle.ignore or item.lifecycle.absent
