"""Graphs: of what a manifest declares, of what is live, and of what a manifest changes of a base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lsops.engine.drawing.draw import draw
from lsops.engine.drawing.items import Item, declared_items, difference_items, live_items
from lsops.engine.planning.scope import matches, select
from lsops.errors import Finding
from lsops.manifest import Manifest
from lsops.model.graph import Graph
from lsops.operations.diff import diff_manifests
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import EVERYTHING, PlanRequest, plan_manifest
from lsops.server.session import Session

NOTHING = "nothing to show"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph, and the reads that failed, so that what they would have found is not in it."""

    graph: Graph
    failures: tuple[Finding, ...] = ()


def graph_of_manifest(manifest: Manifest, request: PlanRequest = EVERYTHING) -> Drawn:
    """What the manifest declares, within the targets. Raises: UsageError, for a target that covers nothing."""
    selection = select(manifest.desired, request.targets, request.skip)
    return Drawn(_graph(declared_items(selection.desired)))


def graph_of_server(
    manifest: Manifest, session: Session, request: PlanRequest = EVERYTHING, interaction: Interaction = SILENT
) -> Drawn:
    """What is live in the collections that the manifest writes, declared or not. Raises: what `plan_manifest` does."""
    plan = plan_manifest(manifest, session, replace(request, whole=True), interaction).plan
    return Drawn(_graph(live_items(plan.pairs)), plan.failures)


def graph_of_difference(base: Manifest, manifest: Manifest, request: PlanRequest = EVERYTHING) -> Drawn:
    """What a manifest changes of a base, with what stands around it; no server is asked.

    Raises:
        UsageError: a target covers nothing of the manifest, and no difference either.
        ManifestError: the manifest cannot follow the base.
    """
    before, after = _without(base, request.skip), _without(manifest, request.skip)
    found = difference_items(diff_manifests(before, after))
    items = _covered(found, manifest, request.targets)
    left = len({item.top for item in declared_items(after.desired)} - {item.top for item in found})
    return Drawn(_graph(items, f"without a difference, and not shown: {left}" if left else ""))


def _graph(items: Sequence[Item], remark: str = "") -> Graph:
    graph = draw(items, remark)
    return graph if graph.boxes or graph.clusters else replace(graph, remark=graph.remark or NOTHING)


def _without(manifest: Manifest, skip: Iterable[str]) -> Manifest:
    return replace(manifest, desired=select(manifest.desired, (), skip).desired)


def _covered(items: Sequence[Item], manifest: Manifest, targets: Sequence[str]) -> tuple[Item, ...]:
    """Those that targets cover, with what stands above them."""
    if not targets:
        return tuple(items)
    chosen = {item.address for item in items if any(matches(glob, item.address) for glob in targets)}
    if not chosen:
        select(manifest.desired, targets)
    return tuple(item for item in items if any(f"{one}/".startswith(f"{item.address}/") for one in chosen))
