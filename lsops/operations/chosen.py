"""What a verb works on: what addresses choose of what is there, and the live objects that declared resources are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from lsops.engine.planning.scope import matches
from lsops.errors import Finding, LsopsError, ManifestError, UsageError
from lsops.kinds import registry
from lsops.manifest import Manifest
from lsops.manifest.findings import listed, quote
from lsops.model.live import Facts
from lsops.model.resource import Resource
from lsops.operations.interaction import Interaction
from lsops.operations.plan import PlanRequest, plan_manifest
from lsops.server.session import Session

FEW = 3
"""Addresses that a hint names."""


def declared_with(manifest: Manifest, capability: type) -> list[Resource]:
    """What is declared of the kinds that have a capability."""
    kinds = [name for name, kind in registry().items() if isinstance(kind, capability)]
    return [item for item in manifest.desired.resources if item.kind in kinds and not item.lifecycle.absent]


def is_chosen(address: str, globs: Sequence[str]) -> bool:
    """Whether one of the globs covers an address; no glob at all is everything."""
    return not globs or any(matches(glob, address) for glob in globs)


def refuse_unmet(globs: Sequence[str], there: Sequence[str], code: str, *, what: str, where: str = "declared") -> None:
    """Raises: UsageError, where a glob covers none of the addresses that are there; `what` says what they have."""
    idle = [glob for glob in globs if not any(matches(glob, address) for address in there)]
    if idle:
        raise UsageError.of(f"{listed(map(quote, idle))} covers {what}", code=code, hint=f"{where}: {first_few(there)}")


def first_few(addresses: Sequence[str]) -> str:
    """The first of them, and whether there are more."""
    return listed(addresses[:FEW]) + (" and more" if len(addresses) > FEW else "")


def live_ones(
    manifest: Manifest,
    session: Session,
    items: Sequence[Resource],
    how: PlanRequest,
    interaction: Interaction,
    code: str,
) -> tuple[Facts, dict[str, Resource]]:
    """The live object of each declared resource, by its address, and what is known of the server.

    Raises: LsopsError, where not everything could be read; ManifestError, with that code, where one is not there yet.
    """
    targets = tuple(item.address for item in items)
    plan = plan_manifest(manifest, session, replace(how, targets=targets), _Reading(interaction)).plan
    if plan.failures:
        raise LsopsError(plan.failures)
    pairs = plan.pairs.by_address
    found = {item.address: pairs[item.address].live if item.address in pairs else None for item in items}
    missing = [
        Finding(code, "it is not there yet", item.address, item.source, "run lsops apply first")
        for item in items
        if found[item.address] is None
    ]
    if missing:
        raise ManifestError(missing)
    return plan.facts, {address: live for address, live in found.items() if live is not None}


class _Reading(Interaction):
    """Somebody who is told only that the server is read: nothing is compared with it."""

    def __init__(self, inner: Interaction) -> None:
        self._inner = inner

    def reading(self, session: Session) -> AbstractContextManager[None]:
        return self._inner.reading(session)
