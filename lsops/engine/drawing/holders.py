"""Where things stand in a graph: the ids of clusters and boxes, by address and by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lsops.engine.drawing.items import Item
from lsops.engine.drawing.style import style_of
from lsops.identity import referring
from lsops.model.address import nearest_of
from lsops.references import names_in, single_names_in
from lsops.schema import kinds

Name = tuple[str, str]
"""A kind and a key, as fields refer to one."""


@dataclass(frozen=True, slots=True)
class Holders:
    """The ids of what can hold something: clusters (`c1`) and boxes (`n1`); `""` is the organisation itself.

    `unseen` are the titles of the clusters that a box names and that are no item themselves, by their ids.
    """

    by_address: Mapping[str, str]
    by_name: Mapping[Name, str]
    unseen: Mapping[str, str]

    def above(self, address: str) -> str:
        """The id of what stands at an address, or next above it."""
        return self.by_address.get(nearest_of(address, self.by_address), "")

    def cluster_of(self, item: Item) -> str:
        """The cluster of a box: the one below which it is declared, or that one of its fields names."""
        above = self.above(item.resource.parent)
        names = (name for name in single_names_in(item.resource) if style_of(name[0]).role == "cluster")
        named = (self.by_name.get(name, "") for name in names)
        return above if above.startswith("c") else next(filter(None, named), "")

    def boxes_named(self, item: Item) -> Iterator[str]:
        """The boxes that fields of a resource name."""
        found = (self.by_name.get(name, "") for name in names_in(item.resource) if style_of(name[0]).role == "box")
        return filter(None, found)


def holders_of(clusters: Iterable[Item], boxes: Iterable[Item]) -> Holders:
    """Ids for all of them, in their order."""
    clusters, boxes = tuple(clusters), tuple(boxes)
    ids = {one.address: f"c{number}" for number, one in enumerate(clusters, 1)}
    ids |= {one.address: f"n{number}" for number, one in enumerate(boxes, 1)}
    names = {_name(one): ids[one.address] for one in (*clusters, *boxes)}
    named = dict.fromkeys(
        name for one in boxes for name in single_names_in(one.resource) if style_of(name[0]).role == "cluster"
    )
    unseen = (name for name in named if name not in names)
    missing = {name: f"c{number}" for number, name in enumerate(unseen, len(clusters) + 1)}
    return Holders(ids, names | missing, {number: name for (_, name), number in missing.items()})


def _name(item: Item) -> Name:
    kind = item.resource.kind
    return kind, referring(kinds()[kind])(item.resource)
