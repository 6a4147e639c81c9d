"""What annotators see and when: texts, and the conditions under which controls appear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from itertools import zip_longest

from lsops.labelconfig.interface import is_control, is_object
from lsops.labelconfig.quoting import apart, quoted, show
from lsops.labelconfig.tree import Node

_TEXTS = {"Header": "header", "Panel": "panel"}
"""Tags whose `value` is a text for people, and what a summary calls it."""
_CONDITIONS = ("visibleWhen", "whenTagName", "whenChoiceValue", "whenLabelValue", "whenRole")
_LISTED = 5
_ALWAYS = 0


def text_changes(old: Node, new: Node) -> Iterator[str]:
    """A line for each text of a header or panel that is another one, is gone or is new."""
    before, after = _texts(old), _texts(new)
    for tag, noun in _TEXTS.items():
        gone = list((Counter(before[tag]) - Counter(after[tag])).elements())
        come = list((Counter(after[tag]) - Counter(before[tag])).elements())
        for one, other in zip_longest(gone, come) if len(gone) == len(come) else ():
            yield f"{noun}: {' -> '.join(quoted(one, other))}"
        for text in gone if len(gone) != len(come) else ():
            yield f"{noun} {show(text)} removed"
        for text in come if len(gone) != len(come) else ():
            yield f"{noun} {show(text)} added"


def condition_changes(old: Node, new: Node) -> Iterator[str]:
    """A line for each change of the conditions around tags that both sides have; those with the same one share it."""
    chains = _Chains()
    before, after = chains.of(old), chains.of(new)
    changed: dict[tuple[int, int], list[str]] = {}
    for unit, chain in before.items():
        other = after.get(unit, chain)
        if chain != other:
            changed.setdefault((chain, other), []).append(str(unit[-1]))
    for (chain, other), names in changed.items():
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        told = apart((chains.told(chain), chains.told(other)))
        listed = ", ".join(show(name) for name in names[:_LISTED])
        yield f"condition of {listed}{more}: {' -> '.join(text[1:-1] for text in told)}"


def _texts(root: Node) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {tag: [] for tag in _TEXTS}
    for node in root.iter():
        if node.tag in found and node.attributes.get("value"):
            found[node.tag].append(node.attributes["value"])
    return found


class _Chains:
    """Conditions with those around them, each as a number: both sides share the numbers, so equal ones are equal."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}
        self._links: list[tuple[int, str]] = [(_ALWAYS, "")]

    def of(self, root: Node) -> dict[tuple[Hashable, ...], int]:
        """The condition around every control, object and text; their own attributes are told elsewhere."""
        found: dict[tuple[Hashable, ...], int] = {}
        stack = [(root, _ALWAYS)]
        while stack:
            node, around = stack.pop()
            if is_control(node) or is_object(node):
                found["tag", node.attributes["name"]] = around
            elif node.tag in _TEXTS and node.attributes.get("value"):
                found[node.tag, node.attributes["value"]] = around
            if node.children:
                inside = self._below(around, node)
                stack.extend([(child, inside) for child in reversed(node.children)])
        return found

    def _below(self, around: int, node: Node) -> int:
        text = condition(node.attributes)
        if not text:
            return around
        number = self._numbers.setdefault((around, text), len(self._links))
        if number == len(self._links):
            self._links.append((around, text))
        return number

    def told(self, chain: int) -> str:
        """The conditions of a chain in words, the outermost first."""
        texts: list[str] = []
        while chain != _ALWAYS:
            chain, text = self._links[chain]
            texts.append(text)
        return " and ".join(reversed(texts)) or "always"


def condition(attributes: Mapping[str, str]) -> str:
    """When a tag appears, as its attributes say: `choice-selected kind=Bug`; empty for always."""
    when, tag, choice, label, role = (attributes.get(name, "") for name in _CONDITIONS)
    value = ",".join(filter(None, (choice, label)))
    what = f"{tag}={value}" if tag and value else tag or value
    return " ".join(filter(None, (when, what, f"role={role}" if role else "")))
