"""What a change of a label config takes away from annotations that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lsops.labelconfig.interface import ConfigEntry, label_value, label_values, self_controlled, to_names
from lsops.labelconfig.quoting import quoted
from lsops.labelconfig.sides import VARIABLE, Side, by_value, side
from lsops.labelconfig.tags import LABEL_TAGS
from lsops.labelconfig.tree import Node

_SHAPES = frozenset("Bitmask Brush Cube Ellipse KeyPoint Polygon Rectangle Vector VideoRectangle VideoVector".split())
"""Controls that mark regions without giving them a label."""
_LONGEST_PATH = 120


@dataclass(frozen=True, slots=True)
class Orphan:
    """Annotations of this control (of this label, if given) would no longer fit, for that reason.

    A label of a taxonomy is shown with those above it; `value` is what an annotation stores of it.
    """

    control: str
    label: str | None
    reason: str
    value: str | None = field(default=None, compare=False)


@lru_cache(maxsize=4)
def orphans(before: str, after: str, renamed: tuple[tuple[str, str, str], ...] = ()) -> tuple[Orphan, ...]:
    """What would orphan annotations: controls removed, retargeted or of another type, labels removed.

    The server refuses only some of these (community-api.md 2.5): where a control takes its labels from the task it
    refuses none. Then a label that the config loses is lost unless every task has it, which nobody knows here.
    Blank text is a config without tags. Of the labels in `renamed`, each with its control and its new name, annotations
    have the new name by then. Raises `LabelConfigError` as `parse` does.
    """
    old, new = side(before), side(after)
    found: list[Orphan] = []
    for name, entry in old.controls.items():
        names = {earlier: later for control, earlier, later in renamed if control == name}
        found += _orphans(name, entry, new.controls.get(name), names)
    gone = self_controlled(old.root) - self_controlled(new.root) - new.controls.keys()
    found += [Orphan(name, None, "removed") for name in sorted(gone - old.controls.keys())]
    related = by_value(_relations(new))
    found += [_label("Relations", value, "removed") for value in by_value(_relations(old)) if value not in related]
    found += _moved_regions(old, new)
    return tuple(found)


def label_source(control: Node) -> str:
    """Where a control takes labels from besides its own; empty for nowhere.

    As the server decides whether labels may come from the task (`parse_config`: `dynamic_labels`).
    """
    value = control.attributes.get("value", "")
    if VARIABLE.fullmatch(value):
        return f"{value} of the task"
    return "its apiUrl" if control.attributes.get("apiUrl") else ""


def label_choices(text: str) -> Mapping[str, frozenset[str] | None]:
    """The labels of every control by its name; None where the task may bring others.

    Tags that are control and object at once are among them. Raises `LabelConfigError` as `parse` does.
    """
    found = side(text)
    own: dict[str, frozenset[str] | None] = dict.fromkeys(self_controlled(found.root))
    labels = {
        name: None if label_source(entry.node) else frozenset(label_values(entry))
        for name, entry in found.controls.items()
    }
    return own | labels


def _orphans(name: str, old: ConfigEntry, new: ConfigEntry | None, names: Mapping[str, str]) -> Iterator[Orphan]:
    if new is None:
        yield Orphan(name, None, "removed")
        return
    if old.node.tag != new.node.tag:
        yield Orphan(name, None, f"type {old.node.tag} -> {new.node.tag}")
    if not set(to_names(old.node)) <= set(to_names(new.node)):
        before, after = quoted(old.node.attributes["toName"], new.node.attributes["toName"])
        yield Orphan(name, None, f"toName {before} -> {after}")
    earlier, later = label_source(old.node), label_source(new.node)
    if earlier and not later:
        yield Orphan(name, None, f"labels come no longer from {earlier}")
    reason = f"removed, unless {later} has it" if later else "removed"
    if old.node.tag == "Taxonomy":
        yield from _gone(name, reason, _branches(old.node, names), _branches(new.node, {}))
        return
    left = set(label_values(new))
    yield from (_label(name, value, reason) for value in label_values(old) if names.get(value, value) not in left)


def _label(control: str, value: str, reason: str) -> Orphan:
    return Orphan(control, value, reason, value)


Branches = Mapping[str, "Branches"]
"""The values of a taxonomy, each with those below it."""


def _branches(control: Node, names: Mapping[str, str]) -> Branches:
    found: dict[str, dict[str, Any]] = {}
    stack: list[tuple[Node, dict[str, Any]]] = [(control, found)]
    while stack:
        node, inside = stack.pop()
        for child in node.children:
            value = label_value(child)
            if child.tag in LABEL_TAGS and value:
                stack.append((child, inside.setdefault(names.get(value, value), {})))
    return found


def _gone(control: str, reason: str, old: Branches, new: Branches, above: str = "") -> Iterator[Orphan]:
    """Values that are no longer below the same ones, as annotations name them: with those above."""
    for value, below in old.items():
        path = above + value
        if value not in new:
            yield Orphan(control, path, reason, value)
        path = path if len(path) <= _LONGEST_PATH else f"…{path[-_LONGEST_PATH:]}"
        yield from _gone(control, reason, below, new.get(value, {}), f"{path} / ")


def _moved_regions(old: Side, new: Side) -> Iterator[Orphan]:
    """Regions of an object that is shown otherwise: their places were counted in the old form."""
    changed = {
        name for name in old.objects.keys() & new.objects.keys() if old.objects[name].tag != new.objects[name].tag
    }
    for name, entry in old.controls.items():
        marks = entry.node.tag.endswith("Labels") or entry.node.tag in _SHAPES
        for target in to_names(entry.node) if marks and name in new.controls and changed else ():
            if target in changed:
                yield Orphan(name, None, f"{target}: {old.objects[target].tag} -> {new.objects[target].tag}")


def _relations(config: Side) -> list[Node]:
    """What relations may be called; a label that belongs to nothing cannot be given to anything."""
    return [node for node in config.loose() if node.tag == "Relation"]
