"""Syncs: of declared storages when somebody asks, and of those that an apply made or changed when their entry does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from threading import Event as Stop

from lsops.engine.planning.scope import matches
from lsops.engine.syncing import DEED, Job, sync
from lsops.errors import Finding, LsopsError, ManifestError, UsageError
from lsops.kinds import Where, registry
from lsops.kinds.capabilities import Syncs
from lsops.manifest import Manifest
from lsops.manifest.findings import listed, quote
from lsops.model.errand import Errand, Errands
from lsops.model.plan import Plan
from lsops.model.report import Report
from lsops.model.resource import Resource
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import EVERYTHING, PlanRequest, plan_manifest
from lsops.server.session import Session

WAIT = 600.0
"""Seconds that are waited for syncs where nobody says how long."""


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What to sync: `addresses` are globs, of which each covers what lies below it; none is all that is declared.

    All are waited for `seconds`; 0 only starts them. `plan` says how the manifest is read.
    """

    addresses: tuple[str, ...] = ()
    seconds: float = WAIT
    plan: PlanRequest = EVERYTHING


def sync_manifest(
    manifest: Manifest, session: Session, request: SyncRequest, interaction: Interaction = SILENT
) -> Errands:
    """Sync declared storages, and say how each ended.

    Raises:
        UsageError: an address covers nothing that can be synced.
        ManifestError: the manifest does not fit the server, or a storage is not there yet: nothing was started.
        LsopsError: not everything could be read.
    """
    wanted = _wanted(manifest, request.addresses)
    how = replace(request.plan, targets=tuple(item.address for item in wanted))
    plan = plan_manifest(manifest, session, how, _Quiet(interaction)).plan
    jobs = _jobs(plan, wanted)
    with interaction.writing(len(jobs)) as stop:
        items = sync(jobs, session, request.seconds, interaction.listen, stop)
    return Errands(DEED, plan.facts, items, interrupted=stop.is_set())


def sync_after(report: Report, session: Session, interaction: Interaction, stop: Stop) -> tuple[Errand, ...]:
    """Sync what an apply made or changed where its entry wants that, and wait for it."""
    ids = {one.address: one.id for one in report.outcomes if one.outcome == "done"}
    jobs = [
        Job(change.after, Where(ids[change.address], change.after.type), fresh=change.action != "update")
        for change in report.plan.changes
        if DEED in change.then and change.after is not None and change.address in ids
    ]
    return sync(jobs, session, WAIT, interaction.listen, stop) if jobs else ()


def _wanted(manifest: Manifest, addresses: Sequence[str]) -> tuple[Resource, ...]:
    """Raises: UsageError, where an address covers nothing of it."""
    kinds = [name for name, kind in registry().items() if isinstance(kind, Syncs)]
    there = [item for item in manifest.desired.resources if item.kind in kinds and not item.lifecycle.absent]
    if not there:
        raise UsageError.of("the manifest declares nothing that can be synced", code="LS650")
    if not addresses:
        return tuple(there)
    idle = [text for text in addresses if not any(matches(text, item.address) for item in there)]
    if idle:
        message = f"{listed(map(quote, idle))} covers nothing that can be synced"
        known = listed(item.address for item in there[:3]) + (" and more" if len(there) > 3 else "")
        raise UsageError.of(message, code="LS650", hint=f"declared: {known}")
    return tuple(item for item in there if any(matches(text, item.address) for text in addresses))


def _jobs(plan: Plan, wanted: Sequence[Resource]) -> list[Job]:
    """Raises: LsopsError, ManifestError."""
    if plan.failures:
        raise LsopsError(plan.failures)
    pairs = plan.pairs.by_address
    found = [(item, pairs[item.address].live if item.address in pairs else None) for item in wanted]
    missing = [
        Finding("LS651", "it is not there yet", item.address, item.source, "run lsops apply first")
        for item, live in found
        if live is None
    ]
    if missing:
        raise ManifestError(missing)
    return [Job(item, Where(live.id, live.type)) for item, live in found if live is not None]


class _Quiet(Interaction):
    """Somebody who is not told that what stands above a storage is read, too: nothing of it is compared."""

    def __init__(self, inner: Interaction) -> None:
        self._inner = inner

    def reading(self, session: Session) -> AbstractContextManager[None]:
        return self._inner.reading(session)
