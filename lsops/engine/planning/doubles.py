"""Creates beside what is live already: what may be an old name, a look-alike, or nearly the same name. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lsops.engine.planning.lookalikes import marked
from lsops.engine.planning.near_names import of_no_old_name
from lsops.engine.planning.own import Owned
from lsops.engine.planning.renames import RenameAdvice, suggested
from lsops.kinds import registry
from lsops.model.plan import Change
from lsops.model.view import PlanView


def beside(view: PlanView, creates: Sequence[str], owned: Owned) -> Mapping[str, Change]:
    """The changes, of which those creates are marked beside which something is live that may be the same."""
    changes = dict(view.changes)
    made = frozenset(creates)
    lent = view.pairs.desired.lent
    for group in view.pairs.groups.values():
        here = [changes[pair.desired.address] for pair in group.pairs if pair.desired.address in made]
        rows = owned.left.get(group.address, {})
        changes.update({one.address: one for one in of_no_old_name(here, tuple(rows.values()))})
        kind = registry()[group.kind]
        if here and rows and kind.is_renamable:
            advice = RenameAdvice.of(group.address, view)
            now = [changes[one.address] for one in here]
            changes.update({one.address: one for one in marked(now, rows, kind, advice, lent)})
    as_marked = PlanView(view.pairs, changes, view.deletes, view.parents)
    changes.update(dict(suggested(owned.candidates, as_marked, lent)))
    return changes
