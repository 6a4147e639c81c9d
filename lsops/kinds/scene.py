"""What a kind is told of a plan that is being made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lsops.model import Change, Live, Resource


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around a resource in a plan that is being made.

    `declared` are resources by the address of their collection, `others` likewise those that targets or `--skip` left
    out, and `parents` the addresses of those that are created if they are missing, and not changed; `matched` are live
    ones by the address of the declared, and `live` is the server's side. `changes` and `deletes` are those that were
    found so far, by address: kinds with a lower rank come first.
    """

    declared: Mapping[str, tuple[Resource, ...]]
    others: Mapping[str, Sequence[Resource]]
    parents: frozenset[str]
    matched: Mapping[str, Resource]
    live: Live
    changes: Mapping[str, Change]
    deletes: Mapping[str, Change]

    def of(self, kind: str) -> Iterator[Change]:
        """The changes of a kind, without its deletes."""
        return (change for change in self.changes.values() if change.kind == kind)
