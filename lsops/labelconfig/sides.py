"""The two configs of a change, taken apart once for all that is asked about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lsops.labelconfig.interface import ConfigEntry, control_entries, label_value, object_nodes
from lsops.labelconfig.tags import LABEL_TAGS
from lsops.labelconfig.tree import Node, parse

VARIABLE = re.compile(r"\$[A-Za-z_]+")


@dataclass(frozen=True, slots=True)
class Side:
    """A config with its controls and objects by name."""

    root: Node
    controls: dict[str, ConfigEntry]
    objects: dict[str, Node]

    def loose(self) -> list[Node]:
        """Labels that belong to no control, such as those of `Relations`."""
        owned = {id(label) for entry in self.controls.values() for label in entry.labels}
        return [node for node in self.root.iter() if node.tag in LABEL_TAGS and id(node) not in owned]


def side(text: str) -> Side:
    """A config taken apart; blank text is one without tags. Raises `LabelConfigError` as `parse` does."""
    root = parse(text if text.strip() else "<View/>")
    return Side(root, control_entries(root), object_nodes(root))


def by_value(labels: Iterable[Node]) -> dict[str, Node]:
    """Labels by what annotations store of them."""
    return {label_value(label): label for label in labels if label_value(label)}
