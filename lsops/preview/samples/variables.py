"""The variables of a label config, and a task's data that fills them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lsops.labelconfig.tree import Node
from lsops.preview.samples.attributes import attribute
from lsops.preview.samples.values import Use, made_up

_VARIABLE = re.compile(r"\$([A-Za-z_]\w*(?:\.\w+|\[\d+\])*)")
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
_ROWS = 3
_NESTED = 2
_MOST = 20
"""Rows that a repeater is drawn with, and places of a list that an index is believed for."""


def repeated(node: Node, data: Mapping[str, object], depth: int = 0) -> Node:
    """The element as the editor draws it: a repeater has its content once for each row, below the second one once."""
    copy = _copy(node)
    is_repeater = node.tag.lower() == "repeater"
    inside = [repeated(child, data, depth + is_repeater) for child in node.children]
    if is_repeater:
        rows = next(reached(data, attribute(node, "on").lstrip("$")), None)
        count = min(len(rows), _MOST) if isinstance(rows, list) and rows else _ROWS
        flag = attribute(node, "indexFlag") or "{{idx}}"
        inside = [_numbered(one, flag, str(row)) for row in range(count if depth < _NESTED else 1) for one in inside]
    copy.children = inside
    return copy


def _copy(node: Node) -> Node:
    copy = Node(node.tag, node.attributes, node.line, node.column)
    copy.text, copy.tail = node.text, node.tail
    return copy


def _numbered(node: Node, flag: str, row: str) -> Node:
    copy = _copy(node)
    copy.attributes = {key: value.replace(flag, row) for key, value in node.attributes.items()}
    copy.children = [_numbered(child, flag, row) for child in node.children]
    return copy


def uses(root: Node) -> list[Use]:
    """Every variable in every attribute, but for what is a program's text."""
    return [
        Use(found[1], node, name, found[0] == value.strip())
        for node in root.iter()
        for name, value in node.attributes.items()
        if "$" in value and not name.lower().startswith("on")
        for found in _VARIABLE.finditer(value)
    ]


def deciding(found: list[Use]) -> dict[str, Use]:
    """The use that decides of each variable, by its path."""
    best: dict[str, Use] = {}
    for use in found:
        if use.path not in best or use.rank < best[use.path].rank:
            best[use.path] = use
    return best


def filled(decided: Mapping[str, Use]) -> dict[str, Any]:
    """Data in which each variable has a value. `$a.b` comes before `$a`, which then is what holds `b`."""
    data: dict[str, Any] = {}
    numbers = {path: number for number, path in enumerate(path for path in decided if decided[path].shows)}
    for path in sorted(decided, key=lambda path: -len(_steps(path))):
        _put(data, _steps(path), made_up(decided[path], numbers.get(path, 0)))
    return data


def _steps(path: str) -> list[str | int]:
    return [int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(path)]


def _put(holder: Any, steps: list[str | int], value: object) -> None:
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if not _reaches(holder, step):
            return
        missing = value if following is None else [] if isinstance(following, int) else {}
        if isinstance(holder, list):
            holder[step] = missing if holder[step] is None else holder[step]  # type: ignore[index]
        else:
            holder.setdefault(step, missing)
        holder = holder[step]


def _reaches(holder: object, step: str | int) -> bool:
    """True where the holder takes such a step; a list is made long enough."""
    if isinstance(holder, list) and isinstance(step, int) and step < _MOST:
        holder.extend([None] * (step + 1 - len(holder)))
        return True
    return isinstance(holder, dict) and isinstance(step, str)


def reached(data: object, path: str) -> Iterator[object]:
    """The value of a variable in the data; nothing where there is none."""
    for step in _steps(path):
        known = step in data if isinstance(data, Mapping) else isinstance(data, list) and step in range(len(data))
        if not known:
            return
        data = data[step]  # type: ignore[index]
    yield data
