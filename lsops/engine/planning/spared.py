"""What prune leaves alone because something that stays names it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lsops.errors import Finding
from lsops.kinds import registry
from lsops.model.address import parent
from lsops.model.pairs import Pair, Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.references import kinds_named_by, names_of, scope_of
from lsops.schema import kinds

Deletes = Mapping[str, Change]
Name = tuple[str, str, str]
"""A kind, what it stands in, and a key."""

ABSENT = "if it is to go, declare it with lifecycle: {absent: true}"
NOT_KNOWN = "LS704"
"""A server that has no such settings names nothing in them."""


@dataclass(frozen=True, slots=True)
class Spared:
    """The deletes without what stays, and by address why that stays.

    Where something that is changed before names a resource no longer, the delete waits for that.
    """

    deletes: Deletes = field(default_factory=dict)
    why: Mapping[str, Finding] = field(default_factory=dict)


def spared(pairs: Pairs, deletes: Deletes) -> Spared:
    """What of the deletes is made: not what prune would delete while another resource, declared or live, names it."""
    if not deletes:
        return Spared(deletes)
    staying = dict(_names_that_stay(pairs, deletes))
    leaving = dict(_names_that_go(pairs))
    unread = dict(_unread(pairs))
    why = {at: found for at, change in deletes.items() if (found := _reason(at, change, staying, unread)) is not None}
    made = {at: _after(change, leaving) for at, change in deletes.items() if at not in why}
    return Spared(made, why)


def _reason(address: str, change: Change, staying: Mapping[Name, str], unread: Mapping[str, Finding]) -> Finding | None:
    """Why prune leaves something alone; nothing where it does not, or where an entry says that it is to go."""
    if change.action != "delete" or change.after is not None or change.before is None:
        return None
    by = staying.get(_name(change.before))
    if by is not None:
        message = f"prune leaves it alone, because {by}"
        return Finding("LS530", message, address, change.source, ABSENT, "warning")
    error = unread.get(change.kind)
    if error is None:
        return None
    message = f"prune leaves it alone, because it is not known what {error.address} names: {error.message}"
    return Finding("LS530", message, address, change.source, ABSENT, "warning")


def _after(change: Change, leaving: Mapping[Name, str]) -> Change:
    by = leaving.get(_name(change.before)) if change.before is not None and change.action == "delete" else None
    return replace(change, requires=(*change.requires, by)) if by is not None else change


def _name(live: Resource) -> Name:
    return live.kind, live.parent if kinds()[live.kind].depth else "", live.key.strip()


def _names_that_stay(pairs: Pairs, deletes: Deletes) -> Iterator[tuple[Name, str]]:
    """What is named by what is there after the plan, with the words that say by whom."""
    gone = {change.before.address for change in deletes.values() if change.before is not None}
    for address, collection in pairs.live.collections.items():
        group = pairs.group(address)
        for live in group.unmatched if group is not None else collection.resources:
            if not {live.address, live.parent} & gone:
                yield from _named(live, live, set(live.values))
    for group in pairs.groups.values():
        for pair in (*group.pairs, *group.outside):
            if not (pair.desired.lifecycle.absent or {pair.address, parent(group.address)} & gone):
                yield from _named(pair.desired, pair.desired, _declared(pair))
                yield from _named(pair.desired, pair.live, _undeclared(pair))


def _names_that_go(pairs: Pairs) -> Iterator[tuple[Name, str]]:
    """What a live resource names in fields that are declared, with the address of the entry that changes them."""
    for group in pairs.groups.values():
        for pair in group.pairs:
            held = [name for name, _ in _named(pair.desired, pair.live, _declared(pair))]
            wanted = {name for name, _ in _named(pair.desired, pair.desired, _declared(pair))}
            yield from ((name, pair.address) for name in held if name not in wanted)


def _declared(pair: Pair) -> set[str]:
    return set(pair.desired.values) - pair.desired.lifecycle.ignored_fields


def _undeclared(pair: Pair) -> set[str]:
    return set(pair.live.values) - _declared(pair) if pair.live is not None else set()


def _named(shown: Resource, item: Resource | None, names: set[str]) -> Iterator[tuple[Name, str]]:
    """What some fields of an item name, and how that is said of the resource as it is `shown`."""
    if item is None or not kinds_named_by(item.kind):
        return
    fields = kinds()[item.kind].fields(item.type)
    for name in sorted(names & item.values.keys()):
        for kind, key in names_of(item.values[name], fields.get(name)):
            yield (kind, scope_of(item.address, kind), key), f"{shown.address.rstrip('/')} names it in {name}"


def _unread(pairs: Pairs) -> Iterator[tuple[str, Finding]]:
    """By kind, why it is not known whether something names one of it."""
    for address, collection in pairs.live.collections.items():
        error = collection.error
        is_beside = pairs.group(address) is None and registry()[collection.kind].schema.singleton
        if error is not None and error.code != NOT_KNOWN and is_beside:
            yield from ((kind, replace(error, address=address)) for kind in kinds_named_by(collection.kind))
