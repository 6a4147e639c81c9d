"""Who did it: the entries of an activity log that touched what differs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from lsops.engine.drift import Drift
from lsops.kinds import Where, registry
from lsops.kinds.capabilities import LeavesTraces
from lsops.model.deed import Deed
from lsops.model.plan import Change, Plan

NEWEST: Final = 3
"""Entries that are told of a difference."""

Traces = Mapping[str, bool]
"""Paths without a slash at their ends, and whether each names one object alone."""


def traced(drift: Drift, deeds: Iterable[Deed]) -> Drift:
    """The drift with the newest of the deeds that touched each difference whose live object is known."""
    by_path: dict[str, list[Deed]] = {}
    for deed in deeds:
        by_path.setdefault(_bare(deed.path), []).append(deed)
    known = {change.address: traces_of(change, drift.plan) for change in drift.differences if change.before is not None}
    return replace(drift, who={address: _newest(traces, by_path) for address, traces in known.items()})


def traces_of(change: Change, plan: Plan) -> Traces:
    """The paths of the requests that write the live object of a change."""
    live = change.before
    if live is None:
        return {}
    kind = registry()[change.kind]
    where = Where(live.id, live.type, plan.pairs.id_of(live.parent) or plan.facts.organization, live.key)
    found = kind.traces(where) if isinstance(kind, LeavesTraces) else {kind.item(where): True}
    return {_bare(path): is_certain for path, is_certain in found.items()}


def _newest(traces: Traces, by_path: Mapping[str, list[Deed]]) -> tuple[Deed, ...]:
    found = [
        replace(deed, is_certain=is_certain) for path, is_certain in traces.items() for deed in by_path.get(path, ())
    ]
    return tuple(sorted(found, key=lambda deed: deed.time, reverse=True)[:NEWEST])


def _bare(path: str) -> str:
    """A path from `/api/` on, for a server may stand in a folder; a slash at its end counts for nothing."""
    _, found, rest = path.partition("/api/")
    return f"/api/{rest}".rstrip("/") if found else path
