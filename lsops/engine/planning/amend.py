"""What a change does beyond its fields, what it must wait for, and what kinds split or add. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from lsops.engine.planning.differ import Differences
from lsops.engine.planning.own import Owned
from lsops.errors import Finding
from lsops.identity import Keys
from lsops.kinds import registry
from lsops.kinds.planning import Amends, Describes
from lsops.model.live import Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.view import Amendment, PlanView

Changes = Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Amended:
    """All changes with their phases, as kinds want them to be made; and what speaks against the plan as a whole."""

    kinds: tuple[Amendment, ...] = ()
    findings: tuple[Finding, ...] = ()


def amend(
    pairs: Pairs, found: Differences, owned: Owned, facts: Facts, *, keys: Keys, parents: frozenset[str]
) -> Amended:
    """The changes of a plan with all that they do and depend on."""
    changes, deletes = described(found.changes, facts), described(owned.deletes, facts)
    changes, findings = _in_turns(pairs, changes, keys)
    changes = _beside_what_is_there(PlanView(pairs, changes, deletes, parents), owned)
    view = PlanView(pairs, changes, deletes, parents)
    amendments = tuple(_of_kinds(view))
    objections = chain.from_iterable(one.findings for one in amendments)
    return Amended(amendments, (*found.findings, *findings, *objections))


def described(changes: Changes, facts: Facts) -> Changes:
    """Each change with its effects, its warnings and what it destroys."""
    return {at: _described(change, facts) for at, change in changes.items()}


def _described(change: Change, facts: Facts) -> Change:
    kind = registry()[change.kind]
    return kind.describe(change, facts) if isinstance(kind, Describes) else change


def _in_turns(pairs: Pairs, changes: Changes, keys: Keys) -> tuple[Changes, tuple[Finding, ...]]:
    """Who takes a key waits for the one who gives it up, or two of one key would be there, and nobody could tell."""
    from lsops.engine.planning.handover import handed_over

    findings: list[Finding] = []
    waiting: dict[str, Change] = {}
    for group in pairs.groups.values():
        if len(group.pairs) + len(group.outside) < 2 or not group.held:
            continue
        kind = registry()[group.kind]
        for address, first in handed_over(group, kind, keys).items():
            change = changes.get(address)
            if change is not None and first in changes:
                waiting[address] = replace(change, requires=(*change.requires, first))
            elif change is not None:
                message = f"this takes the {kind.schema.key} that {first} gives up, which is left out of this plan"
                hint = f"plan both: add -t {first}"
                findings.append(Finding("LS505", message, address, change.source, hint))
    return {**changes, **waiting} if waiting else changes, tuple(findings)


def _beside_what_is_there(view: PlanView, owned: Owned) -> Changes:
    """The creates that may be what is live already, marked or with a warning."""
    creates = [change for change in view.changes.values() if change.action == "create"]
    if not creates or not (owned.left or owned.deletes or any(_names_an_old_one(change) for change in creates)):
        return view.changes
    from lsops.engine.planning.doubles import beside

    return beside(view, creates, owned)


def _names_an_old_one(change: Change) -> bool:
    return change.desired is not None and change.desired.lifecycle.renamed_from is not None


def _of_kinds(view: PlanView) -> Iterator[Amendment]:
    """The changes of each kind in the phase of its kind, or as the kind itself sees them."""
    of_kind: dict[str, list[Change]] = {}
    for change in (*view.changes.values(), *view.deletes.values()):
        of_kind.setdefault(change.kind, []).append(change)
    present = {group.kind for group in view.pairs.groups.values()}
    for name, kind in registry().items():
        if isinstance(kind, Amends) and name in present:
            yield kind.amend(view)
        elif name in of_kind:
            yield plain(view, name)


def plain(view: PlanView, name: str) -> Amendment:
    """The changes of a kind, all in its phase."""
    rank = registry()[name].schema.rank
    return Amendment(_all(rank, view.of(name)), _all(rank, view.leaving(name)))


def _all(rank: int, changes: Iterable[Change]) -> tuple[tuple[int, Change], ...]:
    return tuple((rank, change) for change in changes)
