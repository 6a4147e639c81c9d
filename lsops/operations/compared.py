"""Planning beside a base: where a change comes from, and what need not be looked at (the design's section 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lsops.engine.planning import Request, plan
from lsops.engine.planning.counterparts import Changed, changed, follow
from lsops.engine.planning.scope import Selection, matches, narrowed
from lsops.errors import Finding, ManifestError
from lsops.identity import Keys
from lsops.model.address import parent
from lsops.model.desired import Desired
from lsops.model.plan import Change, Origin, Plan
from lsops.operations.base import Base


@dataclass(frozen=True, slots=True)
class Beside:
    """What is planned of a manifest, and of the base the same: `desired` is as much of the base, `where` they differ.

    `where` is None where all is planned.
    """

    base: Base
    selection: Selection
    desired: Desired
    where: Changed | None = None


def set_beside(base: Base, manifest: Desired, selection: Selection, *, only_changed: bool) -> Beside:
    """A selection of a manifest beside the same of a base; of `only_changed` what differs from it."""
    followed = follow(base.manifest.desired, manifest)
    where = changed(followed, manifest) if only_changed else None
    kept = narrowed(selection, where) if where is not None else selection
    return Beside(base, kept, _as_selected(followed, kept, where), where)


def _as_selected(base: Desired, selection: Selection, where: Changed | None) -> Desired:
    """The part of a base that a selection covers: in collections that it reads, and there what it plans, too."""
    desired = selection.desired
    planned = {item.address for item in desired.resources}
    places = desired.written.keys() | planned
    left_out = {item.address for item in desired.others}
    gone = {address for rows in (where.gone.values() if where else ()) for address in rows or ()}

    def is_planned(address: str) -> bool:
        if address in planned or address in gone:
            return True
        is_reached = not selection.globs or any(matches(glob, address) for glob in selection.globs)
        return where is None and is_reached and address not in left_out

    here = [item for item in base.resources if item.collection in places]
    kept = tuple(item for item in here if is_planned(item.address))
    rest = tuple(item for item in here if not is_planned(item.address))
    written = {address: source for address, source in base.written.items() if address in places}
    return replace(base, resources=kept, written=written, others=rest)


def with_origins(made: Plan, by: Beside, how: Request, keys: Callable[[], Keys]) -> Plan:
    """The plan with where each change comes from: the base is planned against the same live side, nothing is asked.

    `keys` finds those keys of the base that are secrets. Where it cannot be planned there, that is a warning, and no
    change says where it comes from.
    """
    notes = by.base.notes
    try:
        other = plan(by.desired, made.pairs.live, made.facts, replace(how, keys=keys(), gone=_reach(by, made)))
    except ManifestError as problem:
        return replace(made, base=by.base.name, warnings=(*notes, _unplanned(by.base, problem), *made.warnings))
    there = {change.address: change for change in other.changes}
    changes = tuple(replace(one, origin=origin_of(one, there.get(one.address))) for one in made.changes)
    only = by.where is not None
    return replace(made, changes=changes, base=by.base.name, only_changed=only, warnings=(*notes, *made.warnings))


def _reach(by: Beside, made: Plan) -> Mapping[str, frozenset[str] | None] | None:
    """Where the base is to say what it would delete: at the changes' addresses; anywhere, where all is planned."""
    if by.where is None:
        return None
    places: dict[str, set[str]] = {}
    for change in made.changes:
        places.setdefault(parent(change.address), set()).add(change.address)
    return {place: frozenset(addresses) for place, addresses in places.items()}


def origin_of(change: Change, other: Change | None) -> Origin:
    """Where a change comes from, if the base has that other one, or none, at its address."""
    if other is None:
        return "branch"
    return "drift" if _said(change) == _said(other) else "both"


def _said(change: Change) -> tuple[object, ...]:
    return (change.action, dict(change.remote_id), change.fields, dict(change.secrets))


def _unplanned(base: Base, problem: ManifestError) -> Finding:
    first = problem.findings[0]
    more = f" (and {len(problem.findings) - 1} more)" if len(problem.findings) > 1 else ""
    place = f" at {base.manifest.display_prefix}{first.source}" if first.source else ""
    message = f"{base.name} cannot be planned against this server, so changes are not told from drift: {first.message}"
    return Finding("LS614", f"{message}{place}{more}", severity="warning")
