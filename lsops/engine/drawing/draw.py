"""Items become a graph: clusters, boxes with what stands in them, and arrows.

Items of one cluster that would have the same text in boxes of their own, such as the storages of one bucket, share one
box outside of the organisation: who reads the graph sees where data comes from and where it goes. Each cluster has its
own, for arrows from all over a large organisation to one box are a thicket.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from lsops.engine.drawing.holders import Holders, holders_of
from lsops.engine.drawing.items import Item
from lsops.engine.drawing.lists import inner_lines, inner_tone
from lsops.engine.drawing.style import Role, key_of, parts_of, style_of
from lsops.model.graph import Arrow, Box, Cluster, Graph, Tone
from lsops.schema import kinds

K = TypeVar("K", bound=Hashable)
MOST_TITLES: Final = 3
"""Titles of what shares a box, after which the others are counted."""
UNNAMED: Final = "Label Studio"

CHANGED = "its own settings are changed"
"""What a title cannot show by its colour."""
Inner = Mapping[str, Sequence[Item]]
"""What stands as lines in a box or a cluster, by the id of that."""


def draw(items: Sequence[Item], remark: str = "") -> Graph:
    """The graph of these items, in their order; `remark` is our own text beneath its title."""
    roles: Mapping[Role, list[Item]] = _grouped(items, lambda item: style_of(item.resource.kind).role)
    clusters, boxes = roles.get("cluster", []), roles.get("box", [])
    holders = holders_of(clusters, boxes)
    inner = _grouped((*roles.get("list", ()), *roles.get("count", ())), lambda one: holders.above(one.resource.parent))
    cluster_of = {holders.by_address[one.address]: holders.cluster_of(one) for one in boxes}

    def box_of(item: Item) -> tuple[str, ...]:
        return cluster_of.get(holders.above(item.resource.parent), ""), *_text_of(item)

    shared = list(_grouped(roles.get("shared", ()), box_of).items())
    is_changed = inner_tone("", roles.get("title", ())) != ""
    return Graph(
        _title(roles.get("title", ())),
        (*_clusters(clusters, holders), *(Cluster(number, name) for number, name in holders.unseen.items())),
        (*_lists(inner), *(_box(one, holders, inner) for one in boxes), *_shared(shared)),
        (*_references(boxes, holders), *_flows(shared, holders)),
        "; ".join(filter(None, (CHANGED if is_changed else "", remark))),
    )


def _title(items: Iterable[Item]) -> str:
    return next((text for item in items for text in parts_of(item.resource)), UNNAMED)


def _clusters(items: Iterable[Item], holders: Holders) -> Iterator[Cluster]:
    return (Cluster(holders.by_address[item.address], key_of(item.resource), item.tone) for item in items)


# ---- boxes ---------------------------------------------------------------------------------------


def _box(item: Item, holders: Holders, inner: Inner) -> Box:
    """That of one resource, with the lists and the numbers of what stands below it."""
    number, style = holders.by_address[item.address], style_of(item.resource.kind)
    below = inner.get(number, ())
    named = (key_of(item.resource), *([kinds()[item.resource.kind].noun] if style.says_noun else []))
    lines = (*filter(None, named), *parts_of(item.resource), *inner_lines(below))
    return Box(number, lines, style.shape, holders.cluster_of(item), inner_tone(item.tone, below))


def _lists(inner: Inner) -> Iterator[Box]:
    """Lists of a cluster, or of the organisation itself, in a box of their own."""
    for number, items in inner.items():
        if not number.startswith("n"):
            yield Box(f"l{number}", tuple(inner_lines(items)), "note", number, inner_tone("", items))


def _shared(shared: Sequence[tuple[tuple[str, ...], list[Item]]]) -> Iterator[Box]:
    for number, (lines, items) in enumerate(shared, 1):
        kind = items[0].resource.kind
        keys = () if kinds()[kind].key in style_of(kind).shows else _some_keys(items)
        yield Box(f"s{number}", (*lines[2:], *keys), style_of(kind).shape, "", _joint(items), is_outside=True)


def _text_of(item: Item) -> tuple[str, ...]:
    """What all that share a box have in common: their kind, and what stands in it."""
    one = item.resource
    place = "/".join(parts_of(one))
    return one.kind, one.type or kinds()[one.kind].noun, *([place] if place else [])


def _some_keys(items: Sequence[Item]) -> Iterator[str]:
    keys = list(dict.fromkeys(key_of(item.resource) for item in items))
    yield from keys[:MOST_TITLES]
    if len(keys) > MOST_TITLES:
        yield f"and {len(keys) - MOST_TITLES} more"


def _joint(items: Iterable[Item]) -> Tone:
    """The tone of all, where it is one."""
    tones = {item.tone for item in items}
    return tones.pop() if len(tones) == 1 else ""


# ---- arrows --------------------------------------------------------------------------------------


def _references(boxes: Iterable[Item], holders: Holders) -> Iterator[Arrow]:
    for item in boxes:
        for number in holders.boxes_named(item):
            yield Arrow(holders.by_address[item.address], number, item.tone)


def _flows(shared: Sequence[tuple[tuple[str, ...], list[Item]]], holders: Holders) -> Iterator[Arrow]:
    """Between a shared box and each box below which one of its items is declared."""
    for number, (_, items) in enumerate(shared, 1):
        style = style_of(items[0].resource.kind)
        for box, theirs in _grouped(items, lambda item: holders.above(item.resource.parent)).items():
            start, end = (f"s{number}", box) if style.arrow == "in" else (box, f"s{number}")
            if box.startswith("n"):
                tones = {item.tone for item in theirs}
                yield Arrow(start, end, tones.pop() if len(tones) == 1 else "changed", style.arrow == "both")


def _grouped(items: Iterable[Item], key: Callable[[Item], K]) -> dict[K, list[Item]]:
    found: dict[K, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
