"""What a change of a label config means to those who annotate, and to annotations that exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lsops.labelconfig.interface import (
    Entry,
    control_entries,
    label_value,
    label_values,
    object_nodes,
    self_controlled,
    to_names,
)
from lsops.labelconfig.spelling import canonical
from lsops.labelconfig.tags import LABEL_TAGS, LAYOUT
from lsops.labelconfig.tree import LabelConfigError, Node, parse

_SHOWN = 60
_LISTED = 10
_SHAPES = frozenset("Bitmask Brush Cube Ellipse KeyPoint Polygon Rectangle Vector VideoRectangle VideoVector".split())
"""Controls that mark regions without giving them a label."""
_VARIABLE = re.compile(r"\$[A-Za-z_]+")


@dataclass(frozen=True, slots=True)
class Orphan:
    """Annotations of this control (of this label, if given) would no longer fit, for that reason."""

    control: str
    label: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Side:
    root: Node
    controls: dict[str, Entry]
    objects: dict[str, Node]


def summarise(before: str, after: str) -> list[str]:
    """A line for each change of meaning, sorted; `["layout only"]` where there is none; `[]` for equal configs.

    Values are shown on one line and cut at 60 characters; they are foreign text, to be escaped by who shows them.
    Never raises: a side that is not XML gives one line that says so.
    """
    if before.strip() == after.strip():
        return []
    try:
        if _canonical(before) == _canonical(after):
            return []
        return _summary(_side(before), _side(after))
    except LabelConfigError:
        return ["rewritten: one side is not well-formed XML"]


def orphans(before: str, after: str) -> tuple[Orphan, ...]:
    """What would orphan annotations: controls removed, retargeted or of another type, labels removed.

    The server refuses only some of these (community-api.md 2.5). A control that takes its labels from the task
    loses none. Blank text is a config without tags. Raises `LabelConfigError` as `parse` does.
    """
    old, new = _side(before), _side(after)
    found = [orphan for name, entry in old.controls.items() for orphan in _orphans(name, entry, new.controls.get(name))]
    gone = self_controlled(old.root) - self_controlled(new.root) - new.controls.keys()
    found += [Orphan(name, None, "removed") for name in sorted(gone - old.controls.keys())]
    related = set(_by_value(_relations(new)))
    found += [Orphan("Relations", value, "removed") for value in _by_value(_relations(old)) if value not in related]
    found += _moved_regions(old, new)
    return tuple(found)


def _moved_regions(old: _Side, new: _Side) -> Iterator[Orphan]:
    """Regions of an object that is shown otherwise: their places were counted in the old form."""
    changed = {
        name for name in old.objects.keys() & new.objects.keys() if old.objects[name].tag != new.objects[name].tag
    }
    for name, entry in old.controls.items():
        marks = entry.node.tag.endswith("Labels") or entry.node.tag in _SHAPES
        for target in to_names(entry.node) if marks and name in new.controls else ():
            if target in changed:
                yield Orphan(name, None, f"{target}: {old.objects[target].tag} -> {new.objects[target].tag}")


def _paths(control: Node, above: str = "") -> Iterator[str]:
    """The values of a taxonomy with those above them, as its annotations name them."""
    for child in control.children:
        path = above + label_value(child)
        if child.tag in LABEL_TAGS and label_value(child):
            yield path
            yield from _paths(child, f"{path} / ")


def _values(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_paths(entry.node))) if entry.node.tag == "Taxonomy" else label_values(entry)


def _orphans(name: str, old: Entry, new: Entry | None) -> Iterator[Orphan]:
    if new is None:
        yield Orphan(name, None, "removed")
        return
    if old.node.tag != new.node.tag:
        yield Orphan(name, None, f"type {old.node.tag} -> {new.node.tag}")
    if not set(to_names(old.node)) <= set(to_names(new.node)):
        yield Orphan(name, None, f"toName {_quoted(old.node, 'toName')} -> {_quoted(new.node, 'toName')}")
    if not _is_dynamic(new.node):
        left = set(_values(new))
        yield from (Orphan(name, label, "removed") for label in _values(old) if label not in left)


def _is_dynamic(control: Node) -> bool:
    """As the server decides whether labels may come from the task (`parse_config`: `dynamic_labels`)."""
    attributes = control.attributes
    return bool(_VARIABLE.fullmatch(attributes.get("value", "")) or attributes.get("apiUrl"))


def _canonical(text: str) -> str:
    return canonical(text) if text.strip() else ""


def _side(text: str) -> _Side:
    root = parse(text if text.strip() else "<View/>")
    return _Side(root, control_entries(root), object_nodes(root))


def _summary(old: _Side, new: _Side) -> list[str]:
    lines = {*_controls(old.controls, new.controls), *_objects(old.objects, new.objects)}
    lines.update(_labels("labels outside a control", _loose(old), _loose(new)))
    other = _other_tags(old, new)
    if other - LAYOUT:
        lines.add(f"other changes: {', '.join(sorted(other - LAYOUT))}")
    return sorted(lines) or ["layout only"]


def _controls(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Iterator[str]:
    for name in old.keys() - new.keys():
        yield f"control {_show(name)} removed ({old[name].node.tag})"
    for name in new.keys() - old.keys():
        yield f"control {_show(name)} added ({new[name].node.tag})"
    for name in old.keys() & new.keys():
        yield from _control(name, old[name], new[name])


def _control(name: str, old: Entry, new: Entry) -> Iterator[str]:
    if old.node.tag != new.node.tag:
        yield f"control {_show(name)}: type {old.node.tag} -> {new.node.tag}"
    if old.node.attributes["toName"] != new.node.attributes["toName"]:
        yield f"control {_show(name)}: toName {_quoted(old.node, 'toName')} -> {_quoted(new.node, 'toName')}"
    heading = f"{_family(new.node)} {_show(name)}"
    yield from _attributes(heading, old.node, new.node, skip=("name", "toName"))
    yield from _labels(heading, old.labels, new.labels)


def _family(control: Node) -> str:
    return "labels" if control.tag.endswith("Labels") else control.tag.lower()


def _objects(old: Mapping[str, Node], new: Mapping[str, Node]) -> Iterator[str]:
    for name in old.keys() - new.keys():
        yield f"object {_show(name)} removed ({old[name].tag})"
    for name in new.keys() - old.keys():
        yield f"object {_show(name)} added ({new[name].tag})"
    for name in old.keys() & new.keys():
        heading = f"object {_show(name)}"
        if old[name].tag != new[name].tag:
            yield f"{heading}: type {old[name].tag} -> {new[name].tag}"
        yield from _attributes(heading, old[name], new[name], skip=("name",))


def _attributes(heading: str, old: Node, new: Node, *, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for key in (old.attributes.keys() | new.attributes.keys()).difference(skip):
        if key not in new.attributes:
            yield f"{heading}: {key} {_quoted(old, key)} removed"
        elif key not in old.attributes:
            yield f"{heading}: {key} {_quoted(new, key)} added"
        elif old.attributes[key] != new.attributes[key]:
            yield f"{heading}: {key} {_quoted(old, key)} -> {_quoted(new, key)}"


def _labels(heading: str, old: list[Node], new: list[Node]) -> Iterator[str]:
    before, after = _by_value(old), _by_value(new)
    signs = [f"+ {_listed(value)}" for value in after if value not in before]
    signs += [f"- {_listed(value)}" for value in before if value not in after]
    if signs:
        more = f", and {len(signs) - _LISTED} more" if len(signs) > _LISTED else ""
        yield f"{heading}: {', '.join(signs[:_LISTED])}{more}"
    elif _outline(old) != _outline(new):
        yield f"{heading}: order or nesting of the values changed"
    for value in before.keys() & after.keys():
        yield from _attributes(f"{heading}: {_show(value)}", before[value], after[value])


def _by_value(labels: list[Node]) -> dict[str, Node]:
    return {label_value(label): label for label in labels if label_value(label)}


def _outline(labels: list[Node]) -> list[tuple[str, list[str]]]:
    return [(label_value(label), [label_value(child) for child in label.children]) for label in labels]


def _loose(side: _Side) -> list[Node]:
    """Labels that belong to no control, such as those of `Relations`."""
    owned = {id(label) for entry in side.controls.values() for label in entry.labels}
    return [node for node in side.root.iter() if node.tag in LABEL_TAGS and id(node) not in owned]


def _relations(side: _Side) -> list[Node]:
    """What relations may be called; a label that belongs to nothing cannot be given to anything."""
    return [node for node in _loose(side) if node.tag == "Relation"]


def _other_tags(old: _Side, new: _Side) -> set[str]:
    """The tags of elements that differ and are neither control nor object nor label."""
    before, after = _rest(old), _rest(new)
    return {tag for tag, _, _ in ((before - after) + (after - before))}


def _rest(side: _Side) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    known = {id(entry.node) for entry in side.controls.values()} | {id(node) for node in side.objects.values()}
    return Counter(
        (node.tag, tuple(sorted(node.attributes.items())), node.text.strip())
        for node in side.root.iter()
        if id(node) not in known and node.tag not in LABEL_TAGS
    )


def _quoted(node: Node, key: str) -> str:
    value = node.attributes[key]
    return value if _VARIABLE.fullmatch(value) else _show(value)


def _listed(value: str) -> str:
    shown = _show(value)
    return shown if "," in shown else shown[1:-1]


def _show(value: str) -> str:
    line = " ".join(value.split())
    return f'"{line if len(line) <= _SHOWN else line[:_SHOWN] + "…"}"'
