"""What a change of a label config means to those who annotate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from lsops.labelconfig.interface import ConfigEntry, label_value
from lsops.labelconfig.quoting import apart, quoted, quoted_alone, show
from lsops.labelconfig.shown import condition_changes, text_changes
from lsops.labelconfig.sides import Side, by_value, side
from lsops.labelconfig.spelling import canonical
from lsops.labelconfig.tags import LABEL_TAGS, LAYOUT
from lsops.labelconfig.tree import LabelConfigError, Node

LINES = 20
"""Lines of a summary; where there are more, the last says how many."""
_LISTED = 10
_TAGS = 60_000
"""Tags of both sides from which on nothing is summarised."""


def summarise(before: str, after: str) -> list[str]:
    """A line for each change of meaning, sorted; `["layout only"]` where there is none; `[]` for equal configs.

    Values are shown on one line and cut at 60 characters, and two that differ are shown so that they do. They are
    foreign text, to be escaped by who shows them. More than `LINES` lines are cut, and the rest is counted.
    Never raises: a side that is not XML gives one line that says so.
    """
    if before.strip() == after.strip():
        return []
    if before.count("<") + after.count("<") > _TAGS:
        return ["rewritten: too long to be told in words"]
    try:
        if _canonical(before) == _canonical(after):
            return []
        lines = _summary(side(before), side(after))
    except LabelConfigError:
        return ["rewritten: one side is not well-formed XML"]
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], f"and {len(lines) - LINES + 1} more changes"]


def _canonical(text: str) -> str:
    return canonical(text) if text.strip() else ""


def _summary(old: Side, new: Side) -> list[str]:
    lines = {*_controls(old.controls, new.controls), *_objects(old.objects, new.objects)}
    lines.update(_labels("labels outside a control", old.loose(), new.loose()))
    lines.update(condition_changes(old.root, new.root))
    lines.update(text_changes(old.root, new.root))
    other = _other_tags(old, new)
    if "Html" in other:
        lines.add("text of an Html changed")
    if other - LAYOUT:
        lines.add(f"other changes: {_some(sorted(other - LAYOUT))}")
    return sorted(lines) or ["layout only"]


def _controls(old: Mapping[str, ConfigEntry], new: Mapping[str, ConfigEntry]) -> Iterator[str]:
    for name in old.keys() - new.keys():
        yield f"control {show(name)} removed ({old[name].node.tag})"
    for name in new.keys() - old.keys():
        yield f"control {show(name)} added ({new[name].node.tag})"
    for name in old.keys() & new.keys():
        yield from _control(name, old[name], new[name])


def _control(name: str, old: ConfigEntry, new: ConfigEntry) -> Iterator[str]:
    if old.node.tag != new.node.tag:
        yield f"control {show(name)}: type {old.node.tag} -> {new.node.tag}"
    if old.node.attributes["toName"] != new.node.attributes["toName"]:
        yield f"control {show(name)}: toName {_both(old.node, new.node, 'toName')}"
    heading = f"{_family(new.node)} {show(name)}"
    yield from _content(heading, old.node, new.node, skip=("name", "toName"))
    yield from _labels(heading, old.labels, new.labels)


def _family(control: Node) -> str:
    return "labels" if control.tag.endswith("Labels") else control.tag.lower()


def _objects(old: Mapping[str, Node], new: Mapping[str, Node]) -> Iterator[str]:
    for name in old.keys() - new.keys():
        yield f"object {show(name)} removed ({old[name].tag})"
    for name in new.keys() - old.keys():
        yield f"object {show(name)} added ({new[name].tag})"
    for name in old.keys() & new.keys():
        heading = f"object {show(name)}"
        if old[name].tag != new[name].tag:
            yield f"{heading}: type {old[name].tag} -> {new[name].tag}"
        yield from _content(heading, old[name], new[name], skip=("name",))


def _content(heading: str, old: Node, new: Node, *, skip: tuple[str, ...]) -> Iterator[str]:
    yield from _attributes(heading, old, new, skip=skip)
    if old.text.strip() != new.text.strip():
        yield f"{heading}: text {' -> '.join(apart((old.text.strip(), new.text.strip())))}"


def _attributes(heading: str, old: Node, new: Node, *, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for key in (old.attributes.keys() | new.attributes.keys()).difference(skip):
        if key not in new.attributes:
            yield f"{heading}: {key} {quoted_alone(old.attributes[key])} removed"
        elif key not in old.attributes:
            yield f"{heading}: {key} {quoted_alone(new.attributes[key])} added"
        elif old.attributes[key] != new.attributes[key]:
            yield f"{heading}: {key} {_both(old, new, key)}"


def _labels(heading: str, old: list[Node], new: list[Node]) -> Iterator[str]:
    before, after = by_value(old), by_value(new)
    signs = [("+", value) for value in after if value not in before]
    signs += [("-", value) for value in before if value not in after]
    if signs:
        shown = apart([value for _, value in signs[:_LISTED]])
        listed = [f"{sign} {_bare(text)}" for (sign, _), text in zip(signs, shown, strict=False)]
        yield f"{heading}: {_some(listed, len(signs))}"
    elif _outline(old) != _outline(new):
        yield f"{heading}: order or nesting of the values changed"
    for value in before.keys() & after.keys():
        yield from _attributes(f"{heading}: {show(value)}", before[value], after[value])


def _outline(labels: list[Node]) -> list[tuple[str, list[str]]]:
    return [(label_value(label), [label_value(child) for child in label.children]) for label in labels]


def _other_tags(old: Side, new: Side) -> set[str]:
    """The tags of elements that differ and are neither control nor object nor label."""
    before, after = _rest(old), _rest(new)
    return {tag for tag, _, _ in ((before - after) + (after - before))}


def _rest(config: Side) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    known = {id(entry.node) for entry in config.controls.values()} | {id(node) for node in config.objects.values()}
    return Counter(
        (node.tag, tuple(sorted(node.attributes.items())), node.text.strip())
        for node in config.root.iter()
        if id(node) not in known and node.tag not in LABEL_TAGS
    )


def _both(old: Node, new: Node, key: str) -> str:
    return " -> ".join(quoted(old.attributes[key], new.attributes[key]))


def _bare(shown: str) -> str:
    """A value of a list, in quotes only where a comma in it would look like the next one."""
    return shown if "," in shown else shown[1:-1]


def _some(texts: list[str], count: int | None = None) -> str:
    """The first of some texts; `count` is how many there are, if not all are given."""
    more = (len(texts) if count is None else count) - _LISTED
    return ", ".join(texts[:_LISTED]) + (f", and {more} more" if more > 0 else "")
