"""One region for each control that makes regions, so that what belongs to a region is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lsops.labelconfig.interface import ConfigEntry, control_entries, label_values, object_nodes, object_value, to_names
from lsops.labelconfig.tree import Node
from lsops.preview.samples import spans
from lsops.preview.samples.attributes import attribute
from lsops.preview.samples.media import HEIGHT, SECONDS, WIDTH
from lsops.preview.samples.shapes import ON_PICTURE, SHAPES
from lsops.preview.samples.texts import LABELS
from lsops.preview.samples.variables import reached


@dataclass(frozen=True, slots=True)
class Target:
    """What a control points at: the object's element, and what it shows."""

    node: Node
    shown: object

    @property
    def tag(self) -> str:
        return self.node.tag.lower()


def sample_regions(root: Node, data: Mapping[str, object]) -> list[dict[str, Any]]:
    """The results of the regions, in the order of their controls, then a relation between the first two."""
    objects, found = object_nodes(root), list[dict[str, Any]]()
    entries = control_entries(root)
    wanted = _wanted_labels(root)
    for name, entry in entries.items():
        node = objects.get(to_names(entry.node)[0])
        if node is None:
            continue
        shown = next(reached(data, object_value(node).lstrip("$")), None)
        label = _label(entry, wanted.get(name, ()))
        found += _results(entry.node, Target(node, shown), label, len(found), entries)
    return found + _relations(root, found) + list(_chosen(root, objects, entries, len(found)))


def _chosen(
    root: Node, objects: Mapping[str, Node], entries: Mapping[str, ConfigEntry], number: int
) -> Iterator[dict[str, Any]]:
    """A choice for each control at which something else appears: without it nobody would see that."""
    wanted: dict[str, str] = {}
    for node in root.iter():
        if attribute(node, "visibleWhen") == "choice-selected":
            first = attribute(node, "whenChoiceValue").split(",")[0].strip()
            wanted.setdefault(attribute(node, "whenTagName"), first)
    for name, value in wanted.items():
        entry = entries.get(name)
        if entry is None or entry.node.tag.lower() != "choices" or attribute(entry.node, "perRegion") == "true":
            continue
        target, values = objects.get(to_names(entry.node)[0]), label_values(entry)
        if target is not None and values:
            chosen = {"choices": [value if value in values else values[0]]}
            yield _result(entry.node, Target(target, None), chosen, number)
            number += 1


def _wanted_labels(root: Node) -> dict[str, list[str]]:
    """The labels, by control, at which something else appears."""
    wanted: dict[str, list[str]] = {}
    for node in root.iter():
        if attribute(node, "whenTagName") and attribute(node, "whenLabelValue"):
            labels = [one.strip() for one in attribute(node, "whenLabelValue").split(",")]
            wanted.setdefault(attribute(node, "whenTagName"), []).extend(labels)
    return wanted


def _label(entry: ConfigEntry, wanted: list[str] | tuple[()]) -> str:
    values = [one for one in label_values(entry) if not one.startswith("$")]
    if not values and attribute(entry.node, "value").startswith("$"):
        return str(LABELS[0]["value"])
    known = set(values)
    return next((one for one in wanted if one in known), values[0] if values else "")


def _results(
    control: Node, target: Target, label: str, number: int, entries: Mapping[str, ConfigEntry]
) -> list[dict[str, Any]]:
    kind = control.tag.lower()
    if kind == "labels" and target.tag in ("image", "video"):
        return _beside_shape(control, target, label, number, entries)
    if kind in SHAPES and not (kind in ON_PICTURE and _is_labelled(control, entries)):
        value = SHAPES[kind](number)
    elif kind in spans.SPANS:
        value = spans.SPANS[kind](target.node, target.shown)
    else:
        return []
    if not value or (kind.endswith("labels") and not label):
        return []
    named = {kind: [label]} if kind.endswith("labels") else {}
    return [_result(control, target, {**value, **named}, number)]


def _is_labelled(control: Node, entries: Mapping[str, ConfigEntry]) -> bool:
    """True for a shape without labels of its own beside a `Labels` of the same object, which draws it."""
    return any(
        entry.node.tag.lower() == "labels" and entry.node.attributes["toName"] == control.attributes["toName"]
        for entry in entries.values()
    ) and not control.tag.lower().endswith("labels")


def _beside_shape(
    control: Node, target: Target, label: str, number: int, entries: Mapping[str, ConfigEntry]
) -> list[dict[str, Any]]:
    """A label that a shape of another control carries: two results with one id."""
    shapes = [one.node for one in entries.values() if one.node.tag.lower() in ON_PICTURE]
    shape = next((one for one in shapes if one.attributes["toName"] == control.attributes["toName"]), None)
    if shape is None or not label:
        return []
    value = SHAPES[shape.tag.lower()](number)
    if target.tag == "video":
        return [_result(shape, target, {**value, "labels": [label]}, number)]
    drawn = _result(shape, target, value, number)
    return [drawn, {**_result(control, target, {**value, "labels": [label]}, number), "id": drawn["id"]}]


def _result(control: Node, target: Target, value: dict[str, Any], number: int) -> dict[str, Any]:
    sizes: dict[str, Any] = {}
    if target.tag == "image":
        sizes = {"original_width": WIDTH, "original_height": HEIGHT, "image_rotation": 0}
        sizes |= {"item_index": 0} if attribute(target.node, "valueList") else {}
    if target.tag in ("audio", "audioplus"):
        sizes = {"original_length": SECONDS}
    return {
        "id": f"sample{number + 1}",
        "from_name": control.attributes["name"],
        "to_name": target.node.attributes["name"],
        "type": control.tag.lower(),
        "origin": "manual",
        **sizes,
        "value": value,
    }


def _relations(root: Node, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = list(dict.fromkeys(one["id"] for one in found))
    controls = [node for node in root.iter() if node.tag.lower() == "relations"]
    if not controls or len(ids) < 2:
        return []
    labels = [attribute(one, "value") for one in controls[0].iter() if one.tag.lower() == "relation"]
    named = {"labels": labels[:1]} if labels else {}
    return [{"from_id": ids[0], "to_id": ids[1], "type": "relation", "direction": "right", **named}]
