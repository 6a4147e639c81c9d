"""What is drawn: resources of one side, or of both, each with what is special about it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from lsops.engine.drawing.style import style_of
from lsops.model.address import nearest_of
from lsops.model.desired import Desired
from lsops.model.graph import Tone
from lsops.model.pairs import Pair, Pairs
from lsops.model.plan import Action, Plan
from lsops.model.resource import Resource

TONE_OF: Final[dict[Action, Tone]] = {
    "create": "created",
    "update": "changed",
    "replace": "changed",
    "delete": "deleted",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One resource to draw, with its tone."""

    resource: Resource
    tone: Tone = ""

    @property
    def address(self) -> str:
        return self.resource.address

    @property
    def top(self) -> str:
        """The address of what stands at the top of the manifest above it, or of itself."""
        return "/".join(self.address.split("/")[:3])


def declared_items(desired: Desired) -> tuple[Item, ...]:
    """What a manifest declares, less what is to be deleted."""
    return tuple(Item(one) for one in desired.resources if not one.lifecycle.absent)


def live_items(pairs: Pairs) -> tuple[Item, ...]:
    """What is live in the collections that a manifest writes: what it declares at its address there, and the rest."""
    return tuple(_live_items(pairs))


def _live_items(pairs: Pairs) -> Iterator[Item]:
    for group in pairs.groups.values():
        for pair in group.pairs:
            if pair.live is not None:
                yield Item(replace(pair.live, address=pair.address, parent=pair.desired.parent))
        yield from (Item(one, "undeclared") for one in group.unmatched)


def difference_items(plan: Plan) -> tuple[Item, ...]:
    """What a plan against a base changes, with all that stands with it at the top of the manifest.

    What only the base has is deleted where the plan says so, or deletes what it stands in, and no longer declared else.
    """
    tones = {change.address: TONE_OF[change.action] for change in plan.changes if not change.part_of}
    tones |= {change.part_of: "changed" for change in plan.changes if change.part_of and change.part_of not in tones}
    gone = {change.before.address for change in plan.changes if change.action == "delete" and change.before is not None}
    pairs = [pair for group in plan.pairs.groups.values() for pair in group.pairs]
    now = [Item(pair.desired, _now(pair, tones)) for pair in pairs if not pair.desired.lifecycle.absent]
    before = [Item(one, "deleted" if _is_below(one, gone) else "undeclared") for one in _only_before(plan.pairs)]
    return _touched([*now, *before])


def _only_before(pairs: Pairs) -> Iterator[Resource]:
    """What the base has and the manifest does not declare, or declares absent."""
    held = [pair for group in pairs.groups.values() for pair in (*group.pairs, *group.outside)]
    kept = {pair.live.address for pair in held if pair.live is not None and not pair.desired.lifecycle.absent}
    for collection in pairs.live.collections.values():
        yield from (one for one in collection.resources if one.address not in kept)


def _now(pair: Pair, tones: Mapping[str, Tone]) -> Tone:
    """The tone of what is declared: people who are new have no change of their own, for they wait to join."""
    return tones.get(pair.address) or ("" if pair.live is not None else "created")


def _is_below(item: Resource, addresses: Container[str]) -> bool:
    """Whether a resource stands at one of the addresses, or in what stands there."""
    return nearest_of(item.address, addresses) != ""


def _touched(items: Iterable[Item]) -> tuple[Item, ...]:
    found = tuple(items)
    tops = {item.top for item in found if item.tone}
    return tuple(item for item in found if item.top in tops or style_of(item.resource.kind).role == "title")
