"""What a lock holds after a plan, or after an apply: the live object of each declared resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lsops.engine.files import write_whole
from lsops.errors import Finding
from lsops.kinds import registry
from lsops.manifest.lock import LOCK, Lock
from lsops.model.plan import Plan
from lsops.model.report import Outcome
from lsops.model.resource import Resource

SHARED = 0o666
"""What who reads the manifest may have of its lock, too, as far as the process allows."""


def write_lock(lock: Lock) -> Finding | None:
    """Write the file, whole or not at all; a warning where it cannot be. One that is unusable stays as it is."""
    if lock.trouble is not None:
        return None
    try:
        write_whole(lock.path, lock.text(), mode=SHARED)
    except OSError as problem:
        message = f"{LOCK} cannot be written: {problem.strerror or problem}"
        return Finding("LS512", message, hint="run lsops pin where it can", severity="warning")
    return None


def pinned(plan: Plan, known: Mapping[str, int], outcomes: Iterable[Outcome] = ()) -> dict[str, int]:
    """The ids by address: those that were found, those that an apply made, and of what was left out those `known`."""
    desired = plan.pairs.desired
    there = {item.address for item in (*desired.resources, *desired.others) if not item.lifecycle.absent}
    found = dict(_found(plan))
    unread = {group.address for group in plan.pairs.groups.values() if group.error is not None}
    kept = {item.address for item in desired.others}
    kept |= {item.address for item in desired.resources if item.collection in unread}
    ids = {address: number for address, number in known.items() if address in kept} | found
    lockable = {item.address for item in desired.resources if _can_be_renamed(item)}
    for one in outcomes:
        if one.action in ("create", "replace") and one.id is not None and one.address in lockable:
            ids[one.address] = one.id
    return {address: number for address, number in ids.items() if address in there}


def _found(plan: Plan) -> Iterator[tuple[str, int]]:
    for group in plan.pairs.groups.values():
        for pair in (*group.pairs, *group.outside):
            if pair.live is not None and pair.live.id is not None and _can_be_renamed(pair.desired):
                yield pair.address, pair.live.id


def _can_be_renamed(item: Resource) -> bool:
    """Whether an id says more of a resource than its key: a person's e-mail stays what it is."""
    kind = registry()[item.kind]
    return kind.is_renamable and not kind.schema.singleton
