"""A key that one resource gives up and another takes in the same plan: who goes first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lsops.engine.keys import Keys
from lsops.kinds import Kind
from lsops.kinds.identity import comparable
from lsops.manifest.claims import circles
from lsops.model import Change, Resource, join


def handed_over(
    desired: Sequence[Resource], found: Mapping[str, Resource | None], kind: Kind, keys: Keys
) -> dict[str, str]:
    """The entries that take a key which another entry's live resource gives up, with the address of that entry.

    The key must be given up first. Whose key is a secret that is not set takes no part. Of those that swap their keys
    in a circle none waits for another.
    """
    schema = kind.schema
    values = {item.address: keys.value(item) for item in desired}
    names = {address: comparable(schema, value) for address, value in values.items() if value is not None}
    known = [item for item in desired if item.address in names]
    held = {address: comparable(schema, one.key) for address, one in found.items() if one is not None}
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


def in_turn(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes in their order, but each after those that it requires."""
    waiting = {change.address: change for change in changes}
    for address in tuple(waiting):
        path = {address: None} if address in waiting else {}
        while path:
            last = next(reversed(path))
            before = next((one for one in waiting[last].requires if one in waiting and one not in path), None)
            if before is not None:
                path[before] = None
            else:
                del path[last]
                yield waiting.pop(last)
