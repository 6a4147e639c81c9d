"""What the server takes and a reviewer would question: warnings, never errors."""

from __future__ import annotations

from collections.abc import Iterator

from lsops.labelconfig.interface import (
    Entry,
    control_entries,
    is_control,
    is_object,
    label_value,
    object_value,
    self_controlled,
)
from lsops.labelconfig.rules import called
from lsops.labelconfig.tags import FIELD, FREE_CONTENT, KNOWN, LABEL_TAGS, OBJECTS, suggest
from lsops.labelconfig.tree import Node

Advice = tuple[Node, str, str]
"""The element, the code, and the advice."""


def advice(root: Node) -> Iterator[Advice]:
    """All advice about a config; the order is not that of the document."""
    entries = control_entries(root)
    if not entries and not self_controlled(root):
        yield root, "LS122", "no tag has a name and a toName: there is nothing to annotate with"
    yield from _tags(root)
    yield from _values(root, None, {})
    for entry in entries.values():
        yield from _hotkeys(entry)


def _tags(node: Node) -> Iterator[Advice]:
    if "}" in node.tag:
        uri, _, local = node.tag.partition("}")
        yield node, "LS124", f'<{local}> is in the namespace "{uri}"; Label Studio has no tags in a namespace'
    elif node.tag not in KNOWN:
        yield node, "LS124", f"<{node.tag}> is no tag of Label Studio{suggest(node.tag, KNOWN)}"
    elif node.tag in OBJECTS and is_object(node) and FIELD.fullmatch(object_value(node)):
        value = object_value(node)
        yield node, "LS125", f'{called(node)} shows "{value}" itself; "${value}" would show that field of each task'
    if node.tag not in FREE_CONTENT:
        for child in node.children:
            yield from _tags(child)


def _values(node: Node, owner: Node | None, seen: dict[str, Node]) -> Iterator[Advice]:
    """Values given twice side by side; below a `Choice` a new level begins, as in a `Taxonomy`."""
    for child in node.children:
        if is_control(child):
            yield from _values(child, child, {})
        elif child.tag not in LABEL_TAGS:
            yield from _values(child, owner, seen)
        else:
            if owner is not None:
                yield from _value(child, owner, seen)
            yield from _values(child, owner, {})


def _value(label: Node, owner: Node, seen: dict[str, Node]) -> Iterator[Advice]:
    value = label_value(label)
    first = seen.setdefault(value, label)
    if value and first is not label:
        yield label, "LS123", f'{called(owner)} has the value "{value}" twice; {_first_at(first)}'


def _hotkeys(entry: Entry) -> Iterator[Advice]:
    seen: dict[str, Node] = {}
    for label in entry.labels:
        key = label.attributes.get("hotkey")
        if key and seen.setdefault(key, label) is not label:
            yield label, "LS126", f'{called(entry.node)} has the hotkey "{key}" twice; {_first_at(seen[key])}'


def _first_at(node: Node) -> str:
    return f"the first is at line {node.line}, column {node.column}"
