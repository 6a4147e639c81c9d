"""What the server takes and a reviewer would question: warnings, never errors."""

from __future__ import annotations

from collections.abc import Iterator

from lsops.labelconfig.interface import (
    ConfigEntry,
    control_entries,
    is_control,
    is_object,
    label_value,
    object_value,
    self_controlled,
)
from lsops.labelconfig.rules import as_tag, brief
from lsops.labelconfig.tags import FIELD, FREE_CONTENT, KNOWN, LABEL_TAGS, OBJECTS
from lsops.labelconfig.tree import Node
from lsops.spelling import Suggestions

Advice = tuple[Node, str, str]
"""The element, the code, and the advice."""

_IN_ONE_CASE = {tag.lower(): tag for tag in KNOWN}
_FREE = {tag.lower() for tag in FREE_CONTENT}


def advice(root: Node) -> Iterator[Advice]:
    """All advice about a config; the order is not that of the document."""
    entries = control_entries(root)
    if not entries and not self_controlled(root):
        yield root, "LS122", "no tag has a name and a toName: there is nothing to annotate with"
    yield from _tags(root)
    yield from _values(root)
    for entry in entries.values():
        yield from _hotkeys(entry)


def _tags(root: Node) -> Iterator[Advice]:
    known = Suggestions(KNOWN)
    told: dict[str, str] = {}
    for node in _tags_of_label_studio(root):
        if node.tag not in KNOWN:
            text = told.get(node.tag)
            if text is None:
                text = told[node.tag] = _unknown(node.tag, known)
            yield node, "LS124", text
        elif node.tag in OBJECTS and is_object(node) and FIELD.fullmatch(object_value(node)):
            value = brief(object_value(node))
            yield (
                node,
                "LS125",
                f'{as_tag(node)} shows "{value}" itself; "${value}" would show that field of each task',
            )


def _unknown(tag: str, names: Suggestions) -> str:
    """The editor folds the case of tags (its `Tree.tsx`); the server's checks and lsops do not."""
    if "}" in tag:
        uri, _, local = tag.partition("}")
        return f'<{brief(local)}> is in the namespace "{brief(uri)}"; Label Studio has no tags in a namespace'
    known = _IN_ONE_CASE.get(tag.lower())
    if known is not None:
        return (
            f"<{tag}> is written in another case than {known}: the editor shows it, the server's checks do not know it"
        )
    near = names.near(tag)
    return f"<{brief(tag)}> is no tag of Label Studio" + (f'; did you mean "{near}"?' if near else "")


def _tags_of_label_studio(root: Node) -> Iterator[Node]:
    """All elements but those within tags that hold HTML, CSS or code."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node.children and node.tag.lower() not in _FREE:
            stack.extend(reversed(node.children))


def _values(root: Node) -> Iterator[Advice]:
    """Values given twice side by side; below a `Choice` a new level begins, as in a `Taxonomy`."""
    stack: list[tuple[Node, Node | None, dict[str, Node]]] = [(child, None, {}) for child in reversed(root.children)]
    while stack:
        node, owner, seen = stack.pop()
        if is_control(node):
            owner, seen = node, {}
        elif node.tag in LABEL_TAGS:
            if owner is not None:
                yield from _value(node, owner, seen)
            seen = {}
        if node.children:
            stack.extend([(child, owner, seen) for child in reversed(node.children)])


def _value(label: Node, owner: Node, seen: dict[str, Node]) -> Iterator[Advice]:
    value = label_value(label)
    first = seen.setdefault(value, label)
    if value and first is not label:
        yield label, "LS123", f'{as_tag(owner)} has the value "{brief(value)}" twice; {_first_at(first)}'


def _hotkeys(entry: ConfigEntry) -> Iterator[Advice]:
    seen: dict[str, Node] = {}
    for label in entry.labels:
        key = label.attributes.get("hotkey")
        if key and seen.setdefault(key, label) is not label:
            yield (
                label,
                "LS126",
                f'{as_tag(entry.node)} has the hotkey "{brief(key)}" twice; {_first_at(seen[key])}',
            )


def _first_at(node: Node) -> str:
    return f"the first is at line {node.line}, column {node.column}"
