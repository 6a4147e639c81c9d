"""Syncs: of declared storages when somebody asks, and of those that an apply made or changed when their entry does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event as Stop

from lsops.engine.syncing import DEED, Job, sync
from lsops.errors import UsageError
from lsops.kinds import Where
from lsops.kinds.capabilities import Syncs
from lsops.manifest import Manifest
from lsops.model.errand import Errand, Errands
from lsops.model.report import Report
from lsops.model.resource import Resource
from lsops.operations.chosen import declared_with, is_chosen, live_ones, refuse_unmet
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import EVERYTHING, PlanRequest
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
    facts, live = live_ones(manifest, session, wanted, request.plan, interaction, "LS651")
    jobs = [Job(item, Where(live[item.address].id, live[item.address].type)) for item in wanted]
    with interaction.writing(len(jobs)) as stop:
        items = sync(jobs, session, request.seconds, interaction.listen, stop)
    return Errands(DEED, facts, items, interrupted=stop.is_set())


def sync_after(report: Report, session: Session, interaction: Interaction, stop: Stop) -> tuple[Errand, ...]:
    """Sync what an apply made or changed where its entry wants that, and wait for it."""
    ids = {one.address: one.id for one in report.outcomes if one.outcome == "done"}
    jobs = [
        Job(change.after, Where(ids[change.address], change.after.type), fresh=change.action != "update")
        for change in report.plan.changes
        if DEED in change.then and change.after is not None and change.address in ids
    ]
    return sync(jobs, session, WAIT, interaction.listen, stop) if jobs else ()


def _wanted(manifest: Manifest, addresses: Sequence[str]) -> list[Resource]:
    """Raises: UsageError, where an address covers nothing of it."""
    there = declared_with(manifest, Syncs)
    if not there:
        raise UsageError.of("the manifest declares nothing that can be synced", code="LS650")
    refuse_unmet(addresses, [item.address for item in there], "LS650", what="nothing that can be synced")
    return [item for item in there if is_chosen(item.address, addresses)]
