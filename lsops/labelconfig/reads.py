"""Which fields of a task's data a label config reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsops.labelconfig.tags import FREE_CONTENT, LABEL_TAGS
from lsops.labelconfig.tree import Node, parse

_FIELD = re.compile(r"\$([A-Za-z_]\w*)(?=$|[.\[])")
"""`$image`, and `image` of `$image.url` and `$images[{{idx}}]`."""
_FREE = frozenset(tag.lower() for tag in FREE_CONTENT)


def data_fields(text: str) -> frozenset[str]:
    """The fields that objects show, controls take their labels from, and headers and repeaters name.

    A label may be called `$USD`, so what stands in labels is none. Blank text reads nothing. Raises
    `LabelConfigError` as `parse` does.
    """
    return frozenset(_fields(parse(text))) if text.strip() else frozenset()


def _fields(root: Node) -> Iterator[str]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.tag not in LABEL_TAGS:
            found = (_FIELD.match(value) for value in node.attributes.values() if value.startswith("$"))
            yield from (match[1] for match in found if match)
        if node.tag.lower() not in _FREE:
            stack.extend(node.children)
