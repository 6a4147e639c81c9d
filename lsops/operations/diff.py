"""Comparing two manifests: what the second one changes of what the first one made, without a server."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from lsops.engine.planning import plan
from lsops.engine.planning.identify import in_order
from lsops.engine.policies import judged
from lsops.identity import name_of
from lsops.manifest import Manifest
from lsops.model.desired import Desired, in_collections
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Identity
from lsops.model.plan import Plan
from lsops.model.resource import Resource
from lsops.operations.servers import edition_for
from lsops.schema import kinds

NEWEST = "9999"
"""A release that has every field: no server is asked."""


def diff_manifests(base: Manifest, manifest: Manifest) -> Plan:
    """What would change on a server that is as `base` declares, by the same passes that plan against a live one.

    The policies of `manifest` judge it. Secrets are not compared. An id that only one of them pins tells nothing, for
    no server says whose it is.

    Raises:
        ManifestError: the second manifest cannot follow the first.
    """
    edition = "enterprise" if "enterprise" in (edition_for(base), edition_for(manifest)) else "community"
    facts = Facts("", edition, NEWEST, "owner", environment=manifest.environment, prefix=manifest.display_prefix)
    desired = manifest.desired
    pinned: AbstractSet[Identity] = {
        (item.type, item.lifecycle.id) for item in base.desired.resources if item.lifecycle.id is not None
    }
    known = tuple(item if _is_known(item, pinned) else _without_id(item) for item in desired.resources)
    made = plan(replace(desired, resources=known), as_live(base.desired), facts)
    return judged(replace(made, policies=manifest.policies), desired)


def as_live(desired: Desired) -> Live:
    """The live side that a manifest declares; names of resources have made-up ids, for only names are compared."""
    there = [item for item in desired.resources if not item.lifecycle.absent]
    collections = {address: Collection(kind.name) for kind, address in in_order(desired)}
    for address, items in in_collections(there).items():
        collections[address] = Collection(items[0].kind, tuple(map(_as_live, items)))
    names: dict[str, dict[str, int]] = {}
    for number, item in enumerate(there, 1):
        names.setdefault(item.kind, {})[name_of(kinds()[item.kind], item.key)] = number
    return Live(collections, names)


def _as_live(item: Resource) -> Resource:
    values = dict(item.values)
    return Resource(item.kind, item.address, item.key, values, item.parent, item.lifecycle.id, item.type, raw=values)


def _is_known(item: Resource, pinned: AbstractSet[Identity]) -> bool:
    return item.lifecycle.id is None or (item.type, item.lifecycle.id) in pinned


def _without_id(item: Resource) -> Resource:
    return replace(item, lifecycle=replace(item.lifecycle, id=None))
