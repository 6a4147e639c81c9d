"""The server's checks of `name` and `toName`, as it makes them: on text, not on the tree.

The server serialises the config and searches it for `name="…"` and `toName="…"` (community-api.md 2.5). So an
attribute `filename="…"` counts as a name, and so does `input[name="…"]` in the CSS of a `Style`. Where the
source shows no such oddity the tree gives the same answer for less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsops.labelconfig.rules import Complaint, as_tag, brief
from lsops.labelconfig.tree import Node
from lsops.spelling import Suggestions

Found = list[tuple[str, Node | None]]
"""Values in document order, with the element that has the attribute unless the server found it elsewhere."""

_NAME = re.compile(r'name="([^"]*)"')
_TO_NAME = re.compile(r'toName="([^"]*)"')
_NAME_SOURCE = re.compile(r"name\s*=")
_TO_NAME_SOURCE = re.compile(r"toName\s*=")
_NOT_TRIMMED = " has blanks around the name; the server does not trim it"
# A reference, CDATA, or markup inside a word can spell `name=` in the serialised text and not in the source.
_HIDDEN = re.compile(r"&#|<!\[|[toName=]<[!?]")


def complaints(text: str, root: Node) -> Iterator[Complaint]:
    """Names given twice and `toName`s that no tag answers to. `text` is well-formed and its root is `root`."""
    names, to_names = _attributes(root, "name"), _attributes(root, "toName")
    if not _is_plain(text, len(names), len(to_names)):
        names, to_names = _as_server_reads(text, names, to_names)
    yield from _twice(names, root)
    yield from _dangling(to_names, [name for name, _ in names], root)


def _attributes(root: Node, key: str) -> Found:
    return [(node.attributes[key], node) for node in root.iter() if key in node.attributes]


def _is_plain(text: str, names: int, to_names: int) -> bool:
    return (
        not _may_hide(text)
        and len(_NAME_SOURCE.findall(text)) == names
        and len(_TO_NAME_SOURCE.findall(text)) == to_names
    )


def _may_hide(text: str) -> bool:
    # Most configs have none of the three, and to learn that takes a tenth of the time of the search.
    return ("&#" in text or "<!" in text or "<?" in text) and _HIDDEN.search(text) is not None


def _as_server_reads(text: str, names: Found, to_names: Found) -> tuple[Found, Found]:
    # Slow to import and needed for few configs. The text has no DOCTYPE, or there would be no tree of it.
    from xml.etree import ElementTree as ET

    serialised = ET.tostring(ET.fromstring(text), encoding="unicode")  # noqa: S314  # see above
    return _located(_NAME.findall(serialised), names), _located(_TO_NAME.findall(serialised), to_names)


def _located(values: list[str], attributes: Found) -> Found:
    waiting: dict[str, list[Node | None]] = {}
    for value, node in reversed(attributes):
        waiting.setdefault(value, []).append(node)
    return [(value, waiting[value].pop() if waiting.get(value) else None) for value in values]


def _twice(names: Found, root: Node) -> Iterator[Complaint]:
    first: dict[str, Node | None] = {}
    for name, node in names:
        if name not in first:
            first[name] = node
            continue
        yield node or first[name] or root, _tell_twice(name, node, first[name])


def _tell_twice(name: str, node: Node | None, first: Node | None) -> str:
    name = brief(name)
    if node is None or first is None:
        return f'name="{name}" stands in the config twice; the server counts text and other attributes as well'
    return f'two tags are named "{name}"; the first is <{brief(first.tag)}> at line {first.line}, column {first.column}'


def _dangling(to_names: Found, names: list[str], root: Node) -> Iterator[Complaint]:
    known = set(names)
    suggestions = Suggestions(known)
    for value, node in to_names:
        for target in dict.fromkeys(value.split(",")):
            if target not in known:
                reason = _NOT_TRIMMED if target.strip() in known else _no_tag(suggestions.near(target))
                owner = f" of {as_tag(node)}" if node is not None else ""
                yield node or root, f'toName="{brief(target)}"{owner}{reason}'


def _no_tag(near: str) -> str:
    return " names no tag" + (f'; did you mean "{near}"?' if near else "")
