"""The JSON Schema of what a model is asked for: one object with a value for each control of a label config."""

from __future__ import annotations

from lsops.labelconfig.annotation_schema import (
    DIALECT,
    Interface,
    is_dynamic,
    kind_of,
    one_label,
    read_interface,
    takes_many,
    value_shape,
)
from lsops.labelconfig.interface import ConfigEntry
from lsops.labelconfig.result_values import ANSWERS, Schema
from lsops.labelconfig.tree import Node


def answer_schema(config: str) -> Schema:
    """The schema of an object with a value for each control, which is what a model is asked for.

    A control that makes regions has a list of their values, any other one its value alone. Required are those that the
    config says are. Raises `LabelConfigError` as `parse` does.
    """
    read = read_interface(config)
    properties = {name: _answer(entry, read) for name, entry in read.entries.items()}
    needed = [name for name, entry in read.entries.items() if entry.node.attributes.get("required") == "true"]
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }


def _answer(entry: ConfigEntry, read: Interface) -> Schema:
    kind = kind_of(entry.node)
    if kind in ANSWERS:
        return ANSWERS[kind](entry.node.attributes)[1]
    if kind == "taxonomy":
        return _paths(entry)
    if kind == "choices":
        return {"type": "array", "items": one_label(entry)} if takes_many(entry) else one_label(entry)
    shape = value_shape(entry, read)
    if not shape.properties:
        return {}
    item = {"type": "object", "properties": dict(shape.properties), "required": list(shape.required)}
    return {"type": "array", "items": {**item, "additionalProperties": False}}


def _paths(entry: ConfigEntry) -> Schema:
    """The paths of a taxonomy, from a root to a node; any where they are not written out."""
    if is_dynamic(entry):
        return {"type": "array", "items": {"type": "array", "items": {"type": "string"}, "minItems": 1}}
    found: list[list[str]] = []
    stack: list[tuple[Node, list[str]]] = [(node, []) for node in reversed(entry.node.children)]
    while stack:
        node, above = stack.pop()
        value = node.attributes.get("alias") or node.attributes.get("value", "")
        here = [*above, value] if node.tag == "Choice" and value else above
        if here is not above:
            found.append(here)
        stack += [(child, here) for child in reversed(node.children)]
    return {"type": "array", "items": {"enum": found}}
