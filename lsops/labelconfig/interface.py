"""The controls, objects and labels that Label Studio sees in a label config.

The rules are the server's (community-api.md 2.4; `parse_config` of label-studio-sdk 2.0, by experiment):

- a control has a non-empty `name` and `toName`, whatever its tag, except `Filter`;
- an object is no control and has a non-empty `name` and a non-empty `value` or `valueList`;
- a label is a `Label`, `Choice` or `Relation`, at any depth, and belongs to the nearest element above it
  whose `name` is a control's; its value is the first non-empty of `alias`, `value`, `valueList`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsops.labelconfig.tags import LABEL_TAGS
from lsops.labelconfig.tree import Node, parse

# Tags that people annotate with though they have no `toName`: each is its own control (SDK 2.0, `LabelInterface`).
_SELF_CONTROLLED = ("chat", "reactcode")
_LABEL_VALUES = ("alias", "value", "valueList")


@dataclass(frozen=True, slots=True)
class Control:
    """A control tag: `type` is the tag, `labels` the values that annotations hold, each once, in order."""

    name: str
    type: str
    to_names: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectTag:
    """An object tag: `type` is the tag, `value` what it shows, as written (`$image`)."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class ConfigEntry:
    """A control with its element and all its label elements, in document order."""

    node: Node
    labels: list[Node]


def is_control(node: Node) -> bool:
    """True for what the server reads as a control: it has a name and a toName, and is no filter."""
    attributes = node.attributes
    return bool(attributes.get("name") and attributes.get("toName")) and node.tag != "Filter"


def is_object(node: Node) -> bool:
    """True for what the server reads as an object; a control is never one."""
    attributes = node.attributes
    return bool(attributes.get("name") and object_value(node)) and not is_control(node)


def object_value(node: Node) -> str:
    """Where an object takes its data from; empty for what is no object."""
    return node.attributes.get("value") or node.attributes.get("valueList") or ""


def label_value(node: Node) -> str:
    """What an annotation stores for this label; empty if it stores nothing."""
    return next((node.attributes[key] for key in _LABEL_VALUES if node.attributes.get(key)), "")


def control_entries(root: Node) -> dict[str, ConfigEntry]:
    """Every control by name; of two with one name the last counts, as on the server."""
    found: dict[str, ConfigEntry] = {}
    _collect(root, None, found)
    return found


def _collect(node: Node, owner: str | None, found: dict[str, ConfigEntry]) -> None:
    if is_control(node):
        earlier = found.get(node.attributes["name"])
        found[node.attributes["name"]] = ConfigEntry(node, earlier.labels if earlier else [])
    if node.tag in LABEL_TAGS and owner is not None:
        found[owner].labels.append(node)
    name = node.attributes.get("name")
    below = name if name in found else owner
    for child in node.children:
        _collect(child, below, found)


def self_controlled(root: Node) -> set[str]:
    """The names of tags such as `Chat`, which are control and object at once."""
    return {
        node.attributes["name"]
        for node in root.iter()
        if node.tag.lower() in _SELF_CONTROLLED and node.attributes.get("name")
    }


def object_nodes(root: Node) -> dict[str, Node]:
    """Every object by name."""
    return {node.attributes["name"]: node for node in root.iter() if is_object(node)}


def to_names(node: Node) -> tuple[str, ...]:
    """The names that `toName` lists, untrimmed: the server splits at commas and does nothing else."""
    return tuple(node.attributes["toName"].split(","))


def label_values(entry: ConfigEntry) -> tuple[str, ...]:
    """The label values of a control, each once, in document order."""
    return tuple(dict.fromkeys(filter(None, map(label_value, entry.labels))))


def controls(text: str) -> dict[str, Control]:
    """The controls of a label config by name. Raises `LabelConfigError` as `parse` does."""
    return {
        name: Control(name, entry.node.tag, to_names(entry.node), label_values(entry))
        for name, entry in control_entries(parse(text)).items()
    }


def objects(text: str) -> dict[str, ObjectTag]:
    """The objects of a label config by name. Raises `LabelConfigError` as `parse` does."""
    return {name: ObjectTag(name, node.tag, object_value(node)) for name, node in object_nodes(parse(text)).items()}


def default_control_weights(text: str) -> dict[str, Any]:
    """The `control_weights` that the server computes for a config: everything weighs 1.0.

    Community-api.md 2.4. Raises `LabelConfigError` as `parse` does.
    """
    return {
        control.name: {"overall": 1.0, "type": control.type, "labels": dict.fromkeys(control.labels, 1.0)}
        for control in controls(text).values()
    }
