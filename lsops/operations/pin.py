"""Pinning: `lsops.lock` as the server has it now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lsops.engine.locking import pinned, write_lock
from lsops.errors import LsopsError, ManifestError
from lsops.manifest import Manifest
from lsops.manifest.lock import Lock, read_lock
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import EVERYTHING, PlanRequest, plan_manifest
from lsops.server.session import Session


@dataclass(frozen=True, slots=True)
class Pinned:
    """The lock as it was written, what stands in it of this manifest, and what is declared and not live yet."""

    lock: Lock
    ids: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def pin_manifest(
    manifest: Manifest, session: Session, request: PlanRequest = EVERYTHING, interaction: Interaction = SILENT
) -> Pinned:
    """Write which live object each declared resource is. Nothing on the server changes.

    Raises:
        ManifestError: the lock that is there cannot be read, or the manifest fits no server as this one is.
        LsopsError: not everything could be read, or the lock cannot be written.
    """
    lock = read_lock(manifest.root)
    if lock.trouble is not None:
        raise ManifestError([replace(lock.trouble, severity="error")])
    plan = plan_manifest(manifest, session, request, interaction).plan
    if plan.failures:
        raise LsopsError(plan.failures)
    facts = plan.facts
    ids = pinned(plan, lock.of(facts.url, facts.environment))
    lock = lock.with_ids(facts.url, facts.environment, ids)
    trouble = write_lock(lock)
    if trouble is not None:
        raise LsopsError([replace(trouble, severity="error")])
    missing = tuple(change.address for change in plan.changes if change.action == "create")
    return Pinned(lock, ids, missing)
