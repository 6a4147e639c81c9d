"""A key that one resource gives up and another takes in the same plan: who goes first. Pure."""

from __future__ import annotations

from lsops.identity import Keys, folding
from lsops.kinds import Kind
from lsops.model.address import join
from lsops.model.claims import circles
from lsops.model.pairs import Group
from lsops.model.resource import Resource


def handed_over(group: Group, kind: Kind, keys: Keys) -> dict[str, str]:
    """The entries that take a key which another entry's live resource gives up, with the address of that entry.

    The key must be given up first. Whose key is a secret that is not set takes no part. Of those that swap their keys
    in a circle none waits for another.
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
    in_circles = circles(waiting)
    return {address: first for address, first in waiting.items() if address not in in_circles}


def _keeps_key(item: Resource, key: str) -> bool:
    return join(key) in item.lifecycle.ignore or item.lifecycle.absent
