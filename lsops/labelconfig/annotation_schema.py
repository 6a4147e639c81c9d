"""The JSON Schema of what annotations of a label config hold.

The rules are those of the editor and of `LabelInterface` of label-studio-sdk 2.0, which reads the same tags.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from lsops.labelconfig.interface import (
    ConfigEntry,
    control_entries,
    label_values,
    object_nodes,
    self_controlled,
    to_names,
)
from lsops.labelconfig.result_values import ANSWERS, KEYS, REGIONS, SPAN, SPANNED, Schema, ValueShape
from lsops.labelconfig.tree import Node, parse

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RELATION = "relation"
_LABELS = "labels"
_REGION_KEYS = frozenset(
    """id from_name to_name type value origin original_width original_height image_rotation original_length item_index
    parentID parent_id score meta readonly hidden locked dynamic source normalization lead_time is_negative cleanId
    direction from_id to_id labels""".split()
)


@dataclass(frozen=True, slots=True)
class Interface:
    """What is read of a label config: its controls, its objects' tags, and the flags of its repeaters."""

    entries: Mapping[str, ConfigEntry]
    objects: Mapping[str, str]
    flags: tuple[str, ...]
    relations: tuple[str, ...]
    has_relations: bool


def read_interface(config: str) -> Interface:
    """Raises `LabelConfigError` as `parse` does."""
    root = parse(config)
    entries = dict(control_entries(root))
    alone = self_controlled(root)
    for node in root.iter():
        if node.attributes.get("name") in alone and node.tag.lower() in ("chat", "reactcode"):
            entries[node.attributes["name"]] = ConfigEntry(node, [])
    joined = [node for node in root.iter() if node.tag.lower() == "relations"]
    named = [one.attributes.get("value", "") for node in joined for one in node.iter() if one.tag == "Relation"]
    flags = [node.attributes.get("indexFlag", "{{idx}}") for node in root.iter() if node.tag == "Repeater"]
    objects = {name: node.tag.lower() for name, node in object_nodes(root).items()}
    return Interface(entries, objects, tuple(filter(None, flags)), tuple(filter(None, named)), bool(joined))


def result_schema(config: str) -> Schema:
    """The schema of the `result` of an annotation or a prediction: a list of one result for each answer and region.

    Raises `LabelConfigError` as `parse` does.
    """
    read = read_interface(config)
    definitions = {f"result of {name}": of_control(name, entry, read) for name, entry in read.entries.items()}
    definitions[RELATION] = of_relation(read)
    references = [{"$ref": f"#/$defs/{_pointed(name)}"} for name in definitions]
    return {"$schema": DIALECT, "type": "array", "items": {"anyOf": references}, "$defs": definitions}


def _pointed(name: str) -> str:
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~")


def of_control(name: str, entry: ConfigEntry, read: Interface) -> Schema:
    """The schema of one result of a control."""
    return {
        "type": "object",
        "properties": {
            **{key: {} for key in sorted(_REGION_KEYS)},
            "id": {"type": "string"},
            "from_name": _named([name], read.flags),
            "to_name": _named(_targets(entry.node), read.flags),
            "type": {"enum": list(result_types(entry, read))},
            "score": {"type": ["number", "null"]},
            "value": _value(entry, read),
        },
        "required": ["from_name", "to_name", "type", "value"],
        "additionalProperties": False,
    }


def of_relation(read: Interface) -> Schema:
    """The schema of a relation between two results."""
    labels: Schema = {"enum": list(read.relations)} if read.relations else {"type": "string"}
    return {
        "type": "object",
        "properties": {
            "type": {"const": RELATION},
            "from_id": {"type": "string"},
            "to_id": {"type": "string"},
            "direction": {"enum": ["left", "right", "bi"]},
            "labels": {"type": ["array", "null"], "items": labels},
        },
        "required": ["type", "from_id", "to_id"],
        "additionalProperties": False,
    }


def _targets(node: Node) -> list[str]:
    """What `to_name` may be.

    A tag that compares several objects is of all of them together, or, as the editor writes it, of itself (measured).
    """
    if "toName" not in node.attributes or _is_alone(node):
        return [node.attributes["name"]]
    names = list(to_names(node))
    return names if len(names) == 1 else [*names, node.attributes["toName"], node.attributes["name"]]


def _is_alone(node: Node) -> bool:
    return node.tag.lower() in ("chat", "reactcode")


def _named(names: list[str], flags: tuple[str, ...]) -> Schema:
    """One of some names; in a repeater a number stands in the place of its flag."""
    if not any(flag in name for name in names for flag in flags):
        return {"enum": names}
    pattern = "|".join(re.escape(name) for name in names)
    for flag in flags:
        pattern = pattern.replace(re.escape(flag), r"\d+")
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def result_types(entry: ConfigEntry, read: Interface) -> tuple[str, ...]:
    """The types that results of a control have: its tag, and for `Labels` those of the shapes that it labels, too."""
    kind = kind_of(entry.node)
    if kind != _LABELS:
        return (kind,)
    shapes = [kind_of(one.node) for one in read.entries.values() if _same_object(one.node, entry.node)]
    return (kind, *dict.fromkeys(f"{one}{_LABELS}" for one in shapes if one in REGIONS))


def kind_of(node: Node) -> str:
    """The type that results of a tag have: its name in small letters."""
    tag = node.tag.lower()
    return "chatmessage" if tag == "chat" else tag


def _same_object(one: Node, other: Node) -> bool:
    return one is not other and one.attributes.get("toName") == other.attributes.get("toName")


def _value(entry: ConfigEntry, read: Interface) -> Schema:
    kind = kind_of(entry.node)
    shape = value_shape(entry, read)
    known = {*KEYS, kind, *shape.properties, *(result_types(entry, read))}
    known |= {f"{name}{_LABELS}" for name in REGIONS}
    return {
        "type": "object",
        "properties": dict(shape.properties),
        "required": list(shape.required),
        **({"propertyNames": {"enum": sorted(known)}} if _is_known(kind) else {}),
    }


def _is_known(kind: str) -> bool:
    return kind in {*REGIONS, *ANSWERS, _LABELS, "choices", "taxonomy"} or kind.removesuffix(_LABELS) in REGIONS


def value_shape(entry: ConfigEntry, read: Interface) -> ValueShape:
    """What the value of a result of a control is made of; nothing for a tag that is not known."""
    kind, node = kind_of(entry.node), entry.node
    if kind in ANSWERS:
        key, schema = ANSWERS[kind](node.attributes)
        return ValueShape({key: schema}, (key,))
    if kind in ("choices", "taxonomy"):
        return ValueShape({kind: _chosen(entry)}, (kind,))
    if kind == _LABELS:
        spanned = any(read.objects.get(name) in SPANNED for name in to_names(node))
        shape = SPAN if spanned else ValueShape()
        return ValueShape({**shape.properties, kind: _labels(entry)}, (*shape.required, *_sole_label_key(entry, read)))
    plain = kind.removesuffix(_LABELS)
    if plain not in REGIONS:
        return ValueShape()
    shape = REGIONS[plain]
    if plain == kind:
        return ValueShape({**shape.properties, _LABELS: _borrowed(entry, read)}, shape.required)
    return ValueShape({**shape.properties, kind: _labels(entry)}, (*shape.required, kind))


def _sole_label_key(entry: ConfigEntry, read: Interface) -> tuple[str, ...]:
    """`labels` is needed unless a shape's own type may hold them."""
    return (_LABELS,) if len(result_types(entry, read)) == 1 else ()


def _borrowed(entry: ConfigEntry, read: Interface) -> Schema:
    """The labels of a shape without its own: those of the `Labels` of the same object."""
    lenders = [
        one for one in read.entries.values() if _same_object(one.node, entry.node) and kind_of(one.node) == _LABELS
    ]
    labels = [label for one in lenders for label in label_values(one)]
    is_open = not lenders or any(is_dynamic(one) for one in lenders)
    items: Schema = {"type": "string"} if is_open else {"enum": labels}
    return {"type": ["array", "null"], "items": items}


def _labels(entry: ConfigEntry) -> Schema:
    """The labels of a region. Of a plain `Labels` an import may hold several, whatever the editor lets one choose."""
    is_open = takes_many(entry) or kind_of(entry.node) == _LABELS
    return {"type": "array", "items": one_label(entry), **({} if is_open else {"maxItems": 1})}


def one_label(entry: ConfigEntry) -> Schema:
    """One of the labels of a control."""
    return {"type": "string", **({} if is_dynamic(entry) else {"enum": list(label_values(entry))})}


def takes_many(entry: ConfigEntry) -> bool:
    """True where several labels may be chosen at once."""
    return entry.node.attributes.get("choice") == "multiple"


def is_dynamic(entry: ConfigEntry) -> bool:
    """True where labels come from the task, from elsewhere, or may be added by annotators."""
    attributes, labels = entry.node.attributes, label_values(entry)
    return (
        attributes.get("value", "").startswith("$")
        or bool(attributes.get("apiUrl"))
        or not labels
        or any(label.startswith("$") for label in labels)
    )


def _chosen(entry: ConfigEntry) -> Schema:
    if kind_of(entry.node) == "taxonomy":
        return {"type": "array", "items": {"type": "array", "items": one_label(entry), "minItems": 1}}
    nested = entry.node.attributes.get("allowNested") == "true"
    item = {"anyOf": [one_label(entry), {"type": "array", "items": one_label(entry)}]} if nested else one_label(entry)
    return {"type": "array", "items": item, "minItems": 1, **({} if takes_many(entry) else {"maxItems": 1})}
