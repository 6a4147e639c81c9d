"""One spelling for label configs that differ only in the order of attributes and in blank text.

What an XML parser cannot tell apart is equal as well: quote style, `<a/>` and `<a></a>`, CDATA and escaped
text, character references, CRLF and LF, line breaks inside an attribute (XML turns them into spaces).
Comments, processing instructions, the XML declaration, attribute values and all other text count.
Blank text counts only as the whole content of an element: `<Style> </Style>` differs from `<Style/>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from lsops.labelconfig.tree import COMMENT, INSTRUCTION, LabelConfigError, Node, is_blank, read_document

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", "\r": "&#13;"})
_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})

_DEEPEST = 60
"""Blanks before a line at most: what is nested deeper stands below each other."""


def canonical(text: str) -> str:
    """The canonical form, itself a label config and its own canonical form.

    Raises `LabelConfigError` as `parse` does, for a DOCTYPE too.
    """
    document = read_document(text, markup=True)
    parts: list[str] = []
    for node in document.children:
        _write(node, parts, sort=True)
    return "".join(parts)


def pretty(text: str) -> str:
    """A tag a line, two spaces a level, attributes in source order, comments and text as they are.

    Its canonical form is that of the text. Content that mixes text and elements stays on its line, because
    a line break would change it. Text that is not a label config is returned unchanged.
    """
    try:
        document = read_document(text, markup=True)
    except LabelConfigError:
        return text
    return "".join(f"{line}\n" for node in document.children for line in _lines(node, ""))


def _lines(node: Node, indent: str) -> Iterator[str]:
    if not node.children or _is_mixed(node):
        parts: list[str] = []
        _write(node, parts, sort=False)
        yield indent + "".join(parts)
        return
    yield f"{indent}<{node.tag}{_attributes(node, sort=False)}>"
    for child in node.children:
        yield from _lines(child, indent + "  " if len(indent) < _DEEPEST else indent)
    yield f"{indent}</{node.tag}>"


def _is_mixed(node: Node) -> bool:
    return not (is_blank(node.text) and all(is_blank(child.tail) for child in node.children))


def _write(node: Node, parts: list[str], *, sort: bool) -> None:
    """Append the node's markup; `sort` also drops the blank text that the canonical form ignores."""
    if node.tag.startswith("#"):
        parts.append(_markup(node))
        return
    parts.append(f"<{node.tag}{_attributes(node, sort=sort)}")
    if not node.children and not node.text:
        parts.append("/>")
        return
    parts.append(">")
    parts.append(_content(node.text, drop_blank=sort and bool(node.children)))
    for child in node.children:
        _write(child, parts, sort=sort)
        parts.append(_content(child.tail, drop_blank=sort))
    parts.append(f"</{node.tag}>")


def _content(text: str, *, drop_blank: bool) -> str:
    if drop_blank and is_blank(text):
        return ""
    # A bare ">" reads better in CSS, but XML forbids it at the end of this one sequence.
    return text.translate(_TEXT).replace("]]>", "]]&gt;")


def _attributes(node: Node, *, sort: bool) -> str:
    items = sorted(node.attributes.items()) if sort else node.attributes.items()
    return "".join([f' {name}="{value.translate(_VALUE)}"' for name, value in items])


def _markup(node: Node) -> str:
    if node.tag == COMMENT:
        return f"<!--{node.text}-->"
    if node.tag == INSTRUCTION:
        return f"<?{node.attributes['target']} {node.text}?>" if node.text else f"<?{node.attributes['target']}?>"
    return f"<?xml{_attributes(node, sort=False)}?>"
