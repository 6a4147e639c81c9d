"""The order in which changes are made: phases up, each after what it requires; then deletes, phases down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from lsops.engine.planning.differ import Differences
from lsops.engine.planning.own import Owned
from lsops.engine.planning.sharding import Away
from lsops.engine.planning.wait import Waiting
from lsops.errors import Finding
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change, Plan
from lsops.model.view import Amendment, Phased
from lsops.tally import told


@dataclass(frozen=True, slots=True)
class Found:
    """What the passes before have found."""

    doubts: tuple[Finding, ...]
    owned: Owned
    waiting: Waiting
    differences: Differences
    amended: tuple[Amendment, ...]


def order(pairs: Pairs, facts: Facts, found: Found) -> Plan:
    """The plan: all changes in the order in which they are made, and what is to be known beside them."""
    made = in_turn(_by_phase(_after_required(chain.from_iterable(one.changes for one in found.amended))))
    leaving = _by_phase(chain.from_iterable(one.deletes for one in found.amended))
    owned, waiting = found.owned, found.waiting
    away = Away(pairs.desired.elsewhere | owned.apart)
    changes = tuple(change for change in (*made, *leaving[::-1]) if change.address not in away.addresses)
    doubts = told((*found.doubts, *_idle(pairs, owned)))
    findings = (*pairs.desired.warnings, *pairs.live.findings, *waiting.not_compared, *owned.spared, *doubts)
    return Plan(
        facts=facts,
        changes=changes,
        unchanged=_unchanged(pairs, changes, owned, waiting),
        pending=away.less(waiting.pending),
        unmanaged=tuple(one.address for one in owned.unmanaged),
        unmanaged_live=owned.unmanaged,
        unreadable=found.differences.unreadable,
        warnings=away.less_about(findings),
        failures=waiting.failures,
        left_out=(
            *away.less(item.address for item in pairs.desired.others),
            *chain.from_iterable(one.out_of_scope for one in found.amended),
        ),
        not_compared=tuple(one.address for one in waiting.not_compared),
        invitations={at: who for at, who in waiting.invitations.items() if at not in away.addresses},
        pairs=pairs,
    )


def _idle(pairs: Pairs, owned: Owned) -> Iterator[Finding]:
    """Entries of nothing that is there to be deleted, beside something that is called nearly so."""
    if owned.gone and owned.left:
        from lsops.engine.planning.near_names import of_nothing_to_delete

        for group in pairs.groups.values():
            yield from of_nothing_to_delete(group, tuple(owned.left.get(group.address, {}).values()))


def _unchanged(pairs: Pairs, changes: Iterable[Change], owned: Owned, waiting: Waiting) -> int:
    """How many declared resources match: an address counts once, also where a change of it is split."""
    touched = {change.part_of or change.address for change in changes}
    declared = {item.address for item in pairs.desired.resources}
    settled = declared - touched - waiting.unknown - owned.gone - set(waiting.pending)
    return len(settled - pairs.desired.elsewhere)


def _after_required(changes: Iterable[Phased]) -> list[Phased]:
    """Each change in its phase, or in that of what it requires where that is a later one: it is not pulled forward."""
    found = {change.address: (phase, change) for phase, change in changes}
    requiring: dict[str, list[str]] = {}
    for _, change in found.values():
        for one in change.requires:
            requiring.setdefault(one, []).append(change.address)
    todo = list(found)
    while todo:
        latest, required = found[todo.pop()]
        for address in requiring.get(required.address, ()):
            phase, change = found[address]
            if latest > phase:
                found[address] = latest, change
                todo.append(address)
    return list(found.values())


def _by_phase(changes: Iterable[Phased]) -> list[Change]:
    return [change for _, change in sorted(changes, key=lambda pair: pair[0])]


def in_turn(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes in their order, but each after those that it requires."""
    waiting = {change.address: change for change in changes}
    for address in tuple(waiting):
        path = {address: iter(waiting[address].requires)} if address in waiting else {}
        while path:
            last = next(reversed(path))
            before = next((one for one in path[last] if one in waiting and one not in path), None)
            if before is not None:
                path[before] = iter(waiting[before].requires)
            else:
                del path[last]
                yield waiting.pop(last)
