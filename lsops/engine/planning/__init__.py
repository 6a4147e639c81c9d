"""`plan(desired, live, facts) -> Plan`: pure. Nothing is read or asked here; what a plan needs is passed in.

One line per pass. Each takes values and returns values, and the table of pairs is made once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lsops.engine.planning.amend import amend
from lsops.engine.planning.differ import differ
from lsops.engine.planning.identify import identify
from lsops.engine.planning.judge import doubts, judge
from lsops.engine.planning.order import ordered
from lsops.engine.planning.own import Owned, own
from lsops.engine.planning.scope import Request, in_scope
from lsops.engine.planning.wait import Waiting, wait
from lsops.errors import Finding, ManifestError
from lsops.model.desired import Desired
from lsops.model.live import Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change, Context, Plan
from lsops.tally import told

__all__ = ["Request", "plan"]


def plan(desired: Desired, live: Live | Pairs, facts: Facts, request: Request | None = None) -> Plan:
    """The changes that make `live` as `desired` declares, parents first, deletes last and in reverse.

    Raises:
        ManifestError: the manifest cannot be carried out on this server; every reason is in it.
    """
    request = request or Request()
    scope = in_scope(desired, request)
    pairs = identify(scope, live, request.keys)
    _refuse(judge(pairs, facts))
    owned = own(pairs, facts, request)
    waiting = wait(pairs, owned, facts, request.keys)
    found = differ(waiting.todo, request)
    amended = amend(pairs, found, owned, facts, keys=request.keys, parents=request.parents)
    _refuse(amended.findings)
    changes = ordered(amended.kinds)
    return Plan(
        facts=facts,
        changes=changes,
        unchanged=_unchanged(pairs, changes, owned, waiting),
        pending=waiting.pending,
        unmanaged=tuple(one.address for one in owned.unmanaged),
        unmanaged_live=owned.unmanaged,
        unreadable=found.unreadable,
        warnings=(*desired.warnings, *pairs.live.findings, *waiting.not_compared, *told(_doubts(pairs, owned))),
        failures=waiting.failures,
        left_out=(
            *(item.address for item in pairs.desired.others),
            *chain.from_iterable(one.out_of_scope for one in amended.kinds),
        ),
        not_compared=tuple(one.address for one in waiting.not_compared),
        context=_context(pairs, waiting),
    )


def _refuse(findings: tuple[Finding, ...]) -> None:
    if findings:
        raise ManifestError(told(findings))


def _doubts(pairs: Pairs, owned: Owned) -> Iterator[Finding]:
    yield from doubts(pairs.desired)
    if owned.gone and owned.left:
        from lsops.engine.planning.near_names import of_nothing_to_delete

        for group in pairs.groups.values():
            yield from of_nothing_to_delete(group, tuple(owned.left.get(group.address, {}).values()))


def _unchanged(pairs: Pairs, changes: tuple[Change, ...], owned: Owned, waiting: Waiting) -> int:
    """How many declared resources match: an address counts once, also where a change of it is split."""
    touched = {change.part_of or change.address for change in changes}
    declared = {item.address for item in pairs.desired.resources}
    return len(declared - touched - waiting.unknown - owned.gone - set(waiting.pending))


def _context(pairs: Pairs, waiting: Waiting) -> Context:
    ids = {
        at: pair.live.id for at, pair in pairs.by_address.items() if pair.live is not None and pair.live.id is not None
    }
    known = {at: group.held for at, group in pairs.groups.items() if group.error is None}
    return Context(ids, pairs.names, known, waiting.invitations)
