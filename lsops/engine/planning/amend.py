"""What a change does beyond its fields, what it must wait for, and what kinds split or add. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from lsops.engine.planning.differ import Differences
from lsops.engine.planning.own import Owned
from lsops.engine.planning.scope import Request
from lsops.errors import Finding, ManifestError
from lsops.kinds import registry
from lsops.kinds.capabilities import Amends, Describes
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.view import Amendment, PlanView
from lsops.tally import told

Changes = Mapping[str, Change]


def amend(pairs: Pairs, found: Differences, owned: Owned, facts: Facts, request: Request) -> tuple[Amendment, ...]:
    """All changes as their kinds want them to be made, each with its phase, and all that it does and depends on.

    Raises:
        ManifestError: something speaks against the plan as a whole; every reason is in it.
    """
    changes, findings = _in_turns(pairs, found.changes, request)
    doubtful = _beside_what_is_there(changes, owned)
    changes, deletes = _described(changes, facts), _described(owned.deletes, facts)
    if doubtful:
        from lsops.engine.planning.doubles import beside

        changes = beside(PlanView(pairs, changes, deletes, request.parents), doubtful, owned)
    view = PlanView(pairs, changes, deletes, request.parents)
    present = {*view.kinds, *(group.kind for group in pairs.groups.values())}
    kinds = (kind for name, kind in registry().items() if name in present)
    amended = tuple(kind.amend(view) if isinstance(kind, Amends) else view.as_it_is(kind.schema) for kind in kinds)
    found_at_last = (*found.findings, *findings, *chain.from_iterable(one.findings for one in amended))
    if found_at_last:
        raise ManifestError(told(found_at_last))
    return amended


def _described(changes: Changes, facts: Facts) -> Changes:
    """Each change with its effects, its warnings and what it destroys."""
    kinds = registry()
    return {
        at: kind.describe(change, facts) if isinstance(kind := kinds[change.kind], Describes) else change
        for at, change in changes.items()
    }


def _beside_what_is_there(changes: Changes, owned: Owned) -> list[str]:
    """The addresses of the creates, where some of them may be what is live already."""
    creates = [change for change in changes.values() if change.action == "create"]
    has_old_name = any(change.after and change.after.lifecycle.renamed_from is not None for change in creates)
    return [change.address for change in creates] if owned.left or owned.deletes or has_old_name else []


def _in_turns(pairs: Pairs, changes: Changes, request: Request) -> tuple[Changes, tuple[Finding, ...]]:
    """Who takes a key waits for the one who gives it up, or two of one key would be there, and nobody could tell."""
    from lsops.engine.planning.handover import handed_over

    others = pairs.desired.elsewhere
    findings: list[Finding] = []
    waiting: dict[str, Change] = {}
    for group in pairs.groups.values():
        if len(group.pairs) + len(group.outside) < 2 or not group.held:
            continue
        kind = registry()[group.kind]
        for address, first in handed_over(group, kind, request.keys).items():
            change = changes.get(address)
            if change is not None and (first in changes or (first in others and request.is_targeted(first))):
                waiting[address] = replace(change, requires=(*change.requires, first))
            elif change is not None:
                message = (
                    f"this takes the {kind.schema.key_words} that {first} gives up, which is left out of this plan"
                )
                hint = f"plan both: add -t {first}"
                findings.append(Finding("LS505", message, address, change.source, hint))
    return {**changes, **waiting} if waiting else changes, tuple(findings)
