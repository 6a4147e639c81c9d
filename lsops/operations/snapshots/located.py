"""Declared resources with the live objects that they are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import cast

from lsops.errors import Finding, LsopsError, ManifestError
from lsops.kinds import Where, registry
from lsops.kinds.capabilities import MakesSnapshots
from lsops.kinds.shelf import Shelf
from lsops.manifest import Manifest
from lsops.model.live import Facts
from lsops.model.resource import Resource
from lsops.operations.interaction import Interaction
from lsops.operations.plan import PlanRequest, plan_manifest
from lsops.server.session import Session


def located(
    manifest: Manifest, session: Session, items: Sequence[Resource], how: PlanRequest, interaction: Interaction
) -> tuple[Facts, dict[str, Shelf]]:
    """The shelf of each, by its address, and what is known of the server.

    Raises: LsopsError, where not everything could be read; ManifestError, where one is not there yet.
    """
    wanted = {item.address: item for item in items}
    plan = plan_manifest(manifest, session, replace(how, targets=tuple(wanted)), _Reading(interaction)).plan
    if plan.failures:
        raise LsopsError(plan.failures)
    pairs = plan.pairs.by_address
    found = {address: pairs[address].live if address in pairs else None for address in wanted}
    missing = [
        Finding("LS661", "it is not there yet", address, wanted[address].source, "run lsops apply first")
        for address, live in found.items()
        if live is None
    ]
    if missing:
        raise ManifestError(missing)
    shelves = {
        address: cast("MakesSnapshots", registry()[live.kind]).shelf(session, Where(live.id, live.type))
        for address, live in found.items()
        if live is not None
    }
    return plan.facts, shelves


class _Reading(Interaction):
    """Somebody who is told only that the server is read: nothing of it is compared."""

    def __init__(self, inner: Interaction) -> None:
        self._inner = inner

    def reading(self, session: Session) -> AbstractContextManager[None]:
        return self._inner.reading(session)
