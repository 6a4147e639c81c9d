"""The forms in which a server may give a secret back, so that none of them is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from lsops.server.answers import parsed

SHORTEST = 4
"""Characters of a secret that is masked: a shorter one would be found in every second word, and stays visible."""
SHORTEST_LEAF = 8
"""Characters of a text inside a secret that is JSON, such as a service account's key."""
SHORTEST_LINE = 12
"""Characters of one line of a secret that has several, such as a PEM."""


def echoes(values: Iterable[str]) -> set[str]:
    """Every form of the secrets, whole and in the parts that a message may quote."""
    parts = {part for value in values if len(value) >= SHORTEST for part in (value, *_parts(value))}
    return {shape for part in parts for shape in _shapes(part)}


def _parts(value: str) -> Iterator[str]:
    leaves = [leaf for leaf in _leaves(_parsed(value)) if len(leaf) >= SHORTEST_LEAF]
    yield from leaves
    for text in (value, *leaves):
        lines = [line.strip() for line in text.splitlines()]
        yield from (line for line in lines if len(line) >= SHORTEST_LINE and len(lines) > 1)


def _parsed(value: str) -> Any:
    try:
        return parsed(value.encode("utf-8", "surrogatepass"))
    except (RecursionError, ValueError):
        return None


def _leaves(value: Any) -> Iterator[str]:
    """The texts in a JSON value, without its keys."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, (dict, list)):
            todo += item.values() if isinstance(item, dict) else item


def _shapes(value: str) -> set[str]:
    """A secret as an echo may write it: plain, in one line, escaped once or twice, in a URL."""
    once = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    shapes = {value, quote(value, errors="replace"), *once, *(json.dumps(text)[1:-1] for text in once)}
    return shapes | {" ".join(text.split()) for text in shapes}
