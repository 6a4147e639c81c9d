"""What a change does beyond its fields, what it must wait for, and what kinds split or add. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from lsops.engine.planning.differ import Differences
from lsops.engine.planning.own import Owned
from lsops.engine.planning.scope import Request
from lsops.engine.planning.turns import taken_in_turn
from lsops.errors import ManifestError
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
    changes, findings = taken_in_turn(pairs, found.changes, request, facts.edition)
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
        at: kind.describe(change, facts)
        if isinstance(kind := kinds[change.kind], Describes) and not change.part_of
        else change
        for at, change in changes.items()
    }


def _beside_what_is_there(changes: Changes, owned: Owned) -> list[str]:
    """The addresses of the creates, where some of them may be what is live already."""
    creates = [change for change in changes.values() if change.action == "create"]
    has_old_name = any(change.after and change.after.lifecycle.renamed_from is not None for change in creates)
    return [change.address for change in creates] if owned.left or owned.deletes or has_old_name else []
