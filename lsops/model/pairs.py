"""Which live resource each declared one is: the one table that reading, planning and applying share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lsops.errors import Finding
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.resource import Resource

Identity = tuple["str | None", "int | None"]


class Pair(NamedTuple):
    """A declared resource and the live one that it is, None where there is none.

    `is_known` is false where nobody can tell: what identifies the declared one is a secret that is not set here.
    """

    desired: Resource
    live: Resource | None = None
    is_known: bool = True

    @property
    def address(self) -> str:
        """That of the declared resource."""
        return self.desired.address


@dataclass(frozen=True, slots=True)
class Group:
    """One collection that the manifest writes: pairs in manifest order, and what is live and in none of them.

    `outside` are the pairs of what targets or `--skip` left out. `held` is what told all live ones apart when they were
    read. `error` says why nothing is known of the live side; `findings` why single pairs are not what is declared.
    """

    address: str
    kind: str
    pairs: tuple[Pair, ...] = ()
    outside: tuple[Pair, ...] = ()
    unmatched: tuple[Resource, ...] = ()
    held: frozenset[Identity] = frozenset()
    findings: tuple[Finding, ...] = ()
    error: Finding | None = None

    @property
    def declared(self) -> tuple[Resource, ...]:
        """What the manifest declares here, within the targets and without."""
        return tuple(pair.desired for pair in (*self.pairs, *self.outside))

    @property
    def live(self) -> Mapping[str, Resource | None]:
        """The live resources by the addresses of the declared ones."""
        return {pair.address: pair.live for pair in (*self.pairs, *self.outside)}


@dataclass(frozen=True, slots=True)
class Pairs:
    """All collections that a manifest writes, by their addresses: kinds in the order of their phases, then as written.

    `desired` and `live` are the two sides. `names` maps the names of resources onto ids, by kind: a declared resource's
    own name in place of its live one, for it may be renamed. `keys` is what was known of keys that are secrets.
    """

    desired: Desired = field(default_factory=lambda: Desired(()))
    live: Live = field(default_factory=Live)
    groups: Mapping[str, Group] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, int]] = field(default_factory=dict, repr=False)
    keys: object = field(default=None, compare=False, repr=False)
    by_address: Mapping[str, Pair] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found = {pair.desired.address: pair for group in self.groups.values() for pair in group.pairs}
        object.__setattr__(self, "by_address", found)

    def group(self, address: str) -> Group | None:
        """The collection at an address; None where the manifest does not write it."""
        return self.groups.get(address)

    def of(self, kind: str) -> Iterable[Pair]:
        """The pairs of a kind, in manifest order, of the collections that could be read."""
        for group in self.groups.values():
            if group.kind == kind and group.error is None:
                yield from group.pairs

    def live_of(self, address: str) -> Resource | None:
        """The live resource of a declared one that is planned."""
        pair = self.by_address.get(address)
        return pair.live if pair is not None else None

    def id_of(self, address: str) -> int | None:
        """The id of the live resource of a declared one."""
        found = self.live_of(address)
        return found.id if found is not None else None
