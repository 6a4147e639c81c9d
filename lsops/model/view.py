"""What a kind may look at of a plan that is being made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lsops.errors import Finding
from lsops.model.live import Collection
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource

if TYPE_CHECKING:
    from lsops.schema import KindSchema

Phased = tuple[int, Change]
"""A change and the phase in which it is made."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """The pairs of a plan with the changes and deletes that were found so far, both by address.

    `parents` are the addresses of what is created if it is missing, and not changed.
    """

    pairs: Pairs
    changes: Mapping[str, Change] = field(default_factory=dict)
    deletes: Mapping[str, Change] = field(default_factory=dict)
    parents: frozenset[str] = frozenset()

    def of(self, kind: str) -> Iterator[Change]:
        """The creates, updates and replaces of a kind."""
        return (change for change in self.changes.values() if change.kind == kind)

    def leaving(self, kind: str) -> Iterator[Change]:
        """The deletes of a kind."""
        return (change for change in self.deletes.values() if change.kind == kind)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of all changes."""
        return frozenset(change.kind for change in (*self.changes.values(), *self.deletes.values()))

    def as_it_is(self, schema: KindSchema) -> Amendment:
        """The changes of a kind, all in its phase."""
        changes = tuple((schema.phase, change) for change in self.of(schema.kind))
        return Amendment(changes, tuple((schema.phase, change) for change in self.leaving(schema.kind)))

    def declared(self, collection: str) -> Iterator[Resource]:
        """The planned resources of a collection, in manifest order."""
        group = self.pairs.group(collection)
        return (pair.desired for pair in group.pairs) if group is not None else iter(())

    def outside(self, collection: str) -> Iterator[Resource]:
        """The resources of a collection that are declared, and left out by targets or `--skip`."""
        group = self.pairs.group(collection)
        return (pair.desired for pair in group.outside) if group is not None else iter(())

    def live_of(self, address: str) -> Resource | None:
        """The live resource of a declared one."""
        return self.pairs.live_of(address)

    def collection(self, address: str) -> Collection | None:
        """What was read of a collection; None where it was not."""
        return self.pairs.live.collections.get(address)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a kind makes of its changes in a plan: each with its phase, split or added to as it knows best.

    `out_of_scope` are the addresses of changes that are not made because what they need was left out of the plan.
    """

    changes: tuple[Phased, ...] = ()
    deletes: tuple[Phased, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
