"""What a manifest declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lsops.errors import Finding, Source
from lsops.model.resource import Resource


@dataclass(frozen=True, slots=True)
class Desired:
    """What a manifest declares: resources in manifest order, and what goes beyond single resources.

    `written` holds the address of every collection that the manifest writes, empty ones too.
    `prune` holds collection patterns as written, such as `projects/*/webhooks`, and `protected` those whose defaults
    protect every entry, also one that prune would delete. `others` are declared and outside of the targets. `elsewhere`
    holds the addresses of what other shards plan: some of `others`, and those resources that fields of this one's name.
    `lent` holds the places at which `defaults` write fields of entries. `by_kind` has the resources by their kinds.
    """

    resources: tuple[Resource, ...]
    written: Mapping[str, Source] = field(default_factory=dict)
    prune: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    protected: tuple[str, ...] = ()
    others: tuple[Resource, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    lent: frozenset[Source] = frozenset()
    by_kind: Mapping[str, tuple[Resource, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_kind", in_kinds(self.resources))

    def of(self, kind: str) -> tuple[Resource, ...]:
        """The resources of one kind, in manifest order."""
        return self.by_kind.get(kind, ())

    def declared(self, kind: str) -> tuple[Resource, ...]:
        """The resources of one kind, those outside of the targets too: what they declare still holds."""
        return self.of(kind) + tuple(resource for resource in self.others if resource.kind == kind)

    def is_pruned(self, pattern: str, address: str) -> bool:
        """Whether what is live in the collection at an address, of that pattern, and not declared is deleted."""
        return pattern in self.prune or address in self.prune


def in_kinds(resources: Iterable[Resource]) -> dict[str, tuple[Resource, ...]]:
    """Resources by their kinds, in their order."""
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        found.setdefault(resource.kind, []).append(resource)
    return {kind: tuple(items) for kind, items in found.items()}


def in_collections(resources: Iterable[Resource]) -> dict[str, tuple[Resource, ...]]:
    """Declared resources by the address of their collection, in manifest order."""
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        found.setdefault(resource.collection, []).append(resource)
    return {address: tuple(items) for address, items in found.items()}
