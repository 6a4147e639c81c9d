"""Label configs that the server answers with a 500 instead of a refusal (each measured on Community 1.23.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsops.labelconfig.rules import Complaint, brief
from lsops.labelconfig.tree import DECLARATION, INSTRUCTION, Node, read_document

# The last depth that passed on the server was 111: its schema check recurses.
_DEEPEST_VIEW = 110
_PSEUDO_NAME = re.compile(r"""(?:^|\s)name\s*=\s*(?:"[^"]+"|'[^']+')""")
_XML_ID = "xml:id"
_EXPANDED_XML_ID = "http://www.w3.org/XML/1998/namespace}id"
_NCNAME = re.compile(r"[^\W\d][\w.\-·]*")


def complaints(text: str, root: Node) -> Iterator[Complaint]:
    """`text` is well-formed and its root is `root`."""
    if "<?" in text:
        yield from _instructions(read_document(text, markup=True))
    if _XML_ID in text:
        yield from _ids(root)
    if "<comment" in text:
        yield from ((node, "the server fails on an element named <comment>") for node in _comments(root))
    if text.count("<View") > _DEEPEST_VIEW and root.tag == "View":
        yield from _deep_views(root, 1)


def _instructions(document: Node) -> Iterator[Complaint]:
    first = document.children[0]
    if first.tag == DECLARATION and "encoding" in first.attributes:
        yield first, "the XML declaration names an encoding; the server fails on that: leave the encoding out"
    if first.tag == DECLARATION and not re.fullmatch(r"1\.\d+", first.attributes["version"]):
        yield first, f'the server fails on XML version "{brief(first.attributes["version"])}"; write "1.0"'
    root = next(node for node in document.children if not node.tag.startswith("#"))
    for node in root.iter():
        if node.tag == INSTRUCTION and _PSEUDO_NAME.search(node.text):
            yield node, "the server fails on a processing instruction with a name in it"


def _ids(root: Node) -> Iterator[Complaint]:
    seen: set[str] = set()
    for node in root.iter():
        raw = node.attributes.get(_XML_ID, node.attributes.get(_EXPANDED_XML_ID))
        if raw is None:
            continue
        if not _NCNAME.fullmatch(raw.strip()) or raw.strip() in seen:
            yield (
                node,
                f'the server fails on xml:id="{brief(raw)}": it must be a name, and no other tag may have it',
            )
        seen.add(raw.strip())


def _comments(root: Node) -> Iterator[Node]:
    return (node for node in root.iter() if node.tag == "comment" and node is not root)


def _deep_views(view: Node, depth: int) -> Iterator[Complaint]:
    if depth > _DEEPEST_VIEW:
        yield view, f"the server fails on View nested more than {_DEEPEST_VIEW} deep"
        return
    for child in view.children:
        if child.tag == "View":
            yield from _deep_views(child, depth + 1)
