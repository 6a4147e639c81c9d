"""Examples that people give: a task in a comment of the config, or one of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lsops.labelconfig.tree import COMMENT, read_document
from lsops.preview.samples import media
from lsops.preview.samples.values import Use, made_up

_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.\-]*:)?//|\s*/(?:static|samples|data|api|storage-data)/", re.IGNORECASE)
_QUOTED = re.compile(r"""(?<==)(["'])(?:(?:https?:)?//|/(?:static|samples|data)/)[^"'<>]*\1""", re.IGNORECASE)
_KINDS = (
    (re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?)(?:$|\?)", re.IGNORECASE), media.picture),
    (re.compile(r"\.(?:wav|mp3|ogg|flac|m4a)(?:$|\?)", re.IGNORECASE), media.sound),
    (re.compile(r"\.(?:mp4|webm|mov|avi)(?:$|\?)", re.IGNORECASE), media.film),
    (re.compile(r"\.pdf(?:$|\?)", re.IGNORECASE), media.document),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A task's data, and the regions of its first annotation or prediction."""

    data: Mapping[str, Any] = field(default_factory=dict)
    result: list[Any] = field(default_factory=list)


def of_task(task: object) -> Example:
    """The example that a task is: with `data`, or bare data as imports take it; of a list the first one."""
    if isinstance(task, list):
        return of_task(task[0]) if task and isinstance(task[0], Mapping) else Example()
    if not isinstance(task, Mapping):
        return Example()
    whole = {"data", "annotations", "predictions"} & set(task)
    data = task.get("data", {}) if whole else task
    result = _result(task.get("annotations")) or _result(task.get("predictions")) if whole else []
    return Example(data if isinstance(data, Mapping) else {}, result)


def _result(work: object) -> list[Any]:
    first = work[0] if isinstance(work, list) and work else None
    result = first.get("result") if isinstance(first, Mapping) else None
    return result if isinstance(result, list) else []


def in_comment(config: str) -> Example:
    """The example in the first comment that is a JSON object or list."""
    for node in read_document(config, markup=True).iter():
        text = node.text.strip()
        if node.tag == COMMENT and text[:1] in ("{", "["):
            try:
                return of_task(json.loads(text))
            except (ValueError, RecursionError):
                continue
    return Example()


def offline(example: Example, decided: Mapping[str, Use]) -> Example:
    """The example without what would have to be fetched: made-up media stand in its place.

    Its regions lie on what they were made for, so they go where something of that is replaced.
    """
    data = {key: _at_hand(value, decided.get(key), 0) for key, value in example.data.items()}
    return Example(data, example.result if data == example.data else [])


def _at_hand(value: Any, use: Use | None, number: int) -> Any:
    if isinstance(value, str):
        if use is not None and use.loads and not value.lower().startswith("data:"):
            return made_up(use, number) if use.attribute.lower() != "valuelist" else media.picture(number)
        return _text(value, number)
    if isinstance(value, list):
        return [_at_hand(one, use if isinstance(one, str) else None, at) for at, one in enumerate(value)]
    if isinstance(value, Mapping):
        return {key: _at_hand(one, None, number) for key, one in value.items()}
    return value


def _text(value: str, number: int) -> str:
    """A text as it is, unless all of it is an address; addresses in a page's attributes become pictures."""
    if not _ELSEWHERE.match(value) or len(value.split()) > 1:
        return _QUOTED.sub(lambda found: f"{found[1]}{media.picture(number)}{found[1]}", value)
    for pattern, make in _KINDS:
        if pattern.search(value):
            return make(number) if make is media.picture else make()
    return re.sub(r"^\s*[a-zA-Z][\w+.\-]*://", "", value)
