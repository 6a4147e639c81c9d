"""A plan in the making, and what it amounts to when every collection has been looked at: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from lsops.engine.handover import in_turn
from lsops.engine.keys import NO_KEYS, Keys
from lsops.engine.match import Matches
from lsops.engine.near_names import of_nothing_to_delete
from lsops.engine.offline import advice
from lsops.engine.renames import suggested
from lsops.errors import Finding
from lsops.kinds import Scene, registry
from lsops.masking import mask_key
from lsops.model import Change, Context, Desired, Facts, Live, Plan, Resource, Stranger, parent, split
from lsops.schema import by_collection
from lsops.tally import told


@dataclass(frozen=True, slots=True)
class Request:
    """How to plan: globs of addresses whose secrets are sent again, and what targets did to `desired`.

    `parents` are resources that stand in `desired` only because a target lies below them: created, never changed.
    `left_out` are declared resources outside of the targets: they are not planned, and what is theirs is no stranger.
    `keys` knows those keys that are secrets, as far as they are set.
    """

    resend: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    parents: frozenset[str] = frozenset()
    left_out: tuple[Resource, ...] = ()
    keys: Keys = NO_KEYS


@dataclass
class Draft:
    """A plan in the making: changes with the rank that orders them.

    `left` are the matches of collections, of which what is left may be shown.
    """

    desired: Desired
    live: Live
    facts: Facts
    request: Request
    changes: dict[str, Change] = field(default_factory=dict)
    deletes: dict[str, Change] = field(default_factory=dict)
    strangers: dict[str, list[tuple[str, Resource]]] = field(default_factory=dict)
    matched: dict[str, Resource] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    invitations: dict[str, tuple[str, str]] = field(default_factory=dict)
    unmanaged: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    not_compared: list[Finding] = field(default_factory=list)
    failures: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    known: dict[str, frozenset[tuple[str | None, int | None]]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    creating: set[str] = field(default_factory=set)
    new: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    names: dict[str, dict[str, int]] = field(default_factory=dict)
    guarded: dict[str, list[str]] = field(default_factory=dict)
    others: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict)
    left: dict[str, Matches] = field(default_factory=dict)

    @property
    def scene(self) -> Scene:
        """What a kind may look at."""
        return Scene(
            declared=self.groups,
            others=self.others,
            parents=self.request.parents,
            matched=self.matched,
            live=self.live,
            changes=self.changes,
            deletes=self.deletes,
        )


def finished(draft: Draft) -> Plan:
    """The plan that a draft amounts to: its changes in the order in which they are made."""
    draft.changes.update(dict(suggested(draft.strangers, draft.scene, draft.desired.lent)))
    scene = draft.scene
    ranked = chain.from_iterable(kind.arranged(scene) for kind in registry().values())
    dropped = chain.from_iterable(kind.left_out(scene) for kind in registry().values())
    ordered = list(in_turn(change for _, change in sorted(ranked, key=lambda pair: pair[0])))
    leaving = chain.from_iterable(kind.departures(scene) for kind in registry().values())
    ordered += [change for _, change in sorted(leaving, key=lambda pair: pair[0])][::-1]
    touched = {change.address for change in ordered} | {parent(c.address) for c in ordered if _is_follow_up(c)}
    declared_here = {item.address for item in draft.desired.resources}
    return Plan(
        facts=draft.facts,
        changes=tuple(ordered),
        unchanged=len(declared_here - touched - draft.unknown - draft.gone - set(draft.pending)),
        pending=tuple(draft.pending),
        unmanaged=tuple(draft.unmanaged),
        unmanaged_live=tuple(_strangers(draft)),
        unreadable=tuple(draft.unreadable),
        warnings=(*draft.desired.warnings, *draft.live.findings, *draft.not_compared, *told(_advice(draft))),
        failures=tuple(draft.failures),
        left_out=(*(item.address for item in draft.request.left_out), *dropped),
        not_compared=tuple(item.address for item in draft.not_compared),
        context=Context(draft.ids, _names(draft), draft.known, draft.invitations),
    )


def _strangers(draft: Draft) -> Iterator[Stranger]:
    """What the addresses in `unmanaged` stand for."""
    rows = dict(chain.from_iterable(draft.strangers.values()))
    for place in draft.unmanaged:
        live = rows[place]
        yield Stranger(place, live.kind, mask_key(live.key), live.id, live.type)


def _names(draft: Draft) -> dict[str, dict[str, int]]:
    """Ids by kind and name: a declared resource's own name instead of its live one, for it may be renamed."""
    kinds = draft.live.names.keys() | draft.names.keys()
    return {kind: _with_own_names(draft.live.names.get(kind, {}), draft.names.get(kind, {})) for kind in kinds}


def _with_own_names(live: Mapping[str, int], own: Mapping[str, int]) -> dict[str, int]:
    claimed = set(own.values())
    return {**{name: number for name, number in live.items() if number not in claimed and name not in own}, **own}


def _advice(draft: Draft) -> Iterator[Finding]:
    yield from advice(draft.desired)
    for address, items in draft.groups.items():
        yield from of_nothing_to_delete(items, draft.left.get(address, Matches()))


def _is_follow_up(change: Change) -> bool:
    """Whether the change sets one field of the resource above its address."""
    pattern = by_collection().get(_pattern(parent(parent(change.address))))
    return pattern is not None and pattern.kind == change.kind and len(split(change.address)) % 2 == 1


def _pattern(address: str) -> str:
    """The collection path of a collection's address: `projects/*/webhooks`."""
    return "/".join("*" if number % 2 else part for number, part in enumerate(split(address)))
