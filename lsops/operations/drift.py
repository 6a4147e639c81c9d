"""Drift: a plan that reads managed collections whole, and is read as what differs."""

from __future__ import annotations

from dataclasses import replace

from lsops.engine.drift import Drift
from lsops.manifest import Manifest
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import EVERYTHING, PlanRequest, plan_manifest
from lsops.server import Session


def find_drift(
    manifest: Manifest,
    session: Session,
    request: PlanRequest = EVERYTHING,
    interaction: Interaction = SILENT,
    *,
    strict: bool = False,
) -> Drift:
    """What differs from a manifest, and what is live unmanaged, which counts as drift, too, if it is `strict`.

    Failed reads are in `Drift.plan.failures`. Raises: what `plan_manifest` does.
    """
    return Drift(plan_manifest(manifest, session, replace(request, whole=True), interaction).plan, strict)
