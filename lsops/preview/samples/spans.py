"""The values of regions on texts, pages, dialogues, sounds and series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsops.labelconfig.tree import Node
from lsops.preview.samples import media, texts
from lsops.preview.samples.attributes import attribute
from lsops.preview.samples.pages import first_text


def _labels(node: Node, shown: object) -> dict[str, Any]:
    """`Labels` marks what its object is made of."""
    make = _BY_OBJECT.get(node.tag.lower())
    return make(node, shown) if make else {}


def _text(node: Node, shown: object) -> dict[str, Any]:
    text = texts.TEXT if attribute(node, "encoding") else shown
    if not isinstance(text, str) or not text.strip():
        return {}
    end = _two_words(text)
    return {"start": 0, "end": end, "text": text[:end]}


def _page(node: Node, shown: object) -> dict[str, Any]:
    page = texts.PAGE if attribute(node, "encoding") else shown
    found = first_text(page) if isinstance(page, str) else None
    if found is None:
        return {}
    length = _two_words(found.text)
    start, whole = found.skipped, {"start": found.before, "end": found.before + length}
    offsets = {"startOffset": start, "endOffset": start + length, "globalOffsets": whole}
    return {"start": found.path, "end": found.path, **offsets, "text": found.text[:length]}


def _two_words(text: str) -> int:
    """How long the first two words are, at most forty signs."""
    ends = [at for at, sign in enumerate(text) if sign.isspace()]
    return min(ends[1] if len(ends) > 1 else len(text), 40)


def _dialogue(node: Node, shown: object) -> dict[str, Any]:
    rows = shown if isinstance(shown, list) else texts.dialogue(node)
    key = attribute(node, "textKey") or "text"
    text = rows[0].get(key) if rows and isinstance(rows[0], dict) else None
    if not isinstance(text, str) or not text:
        return {}
    end = _two_words(text)
    return {"start": "0", "end": "0", "startOffset": 0, "endOffset": end, "text": text[:end]}


def _sound(_node: Node, _shown: object) -> dict[str, Any]:
    return {"start": 0.3, "end": 0.9, "channel": 0}


def _series(node: Node, shown: object) -> dict[str, Any]:
    start, end = 10, 30
    column = attribute(node, "timeColumn")
    if isinstance(shown, dict) and column in shown:
        times = shown[column]
        if not isinstance(times, list) or len(times) <= end:
            return {}
        return {"start": times[start], "end": times[end], "instant": False}
    return {"start": texts.time_at(node, start), "end": texts.time_at(node, end), "instant": False}


def _film(_node: Node, _shown: object) -> dict[str, Any]:
    return {"start": 0.0, "end": media.SECONDS / 2}


_Make = Callable[[Node, object], dict[str, Any]]
_BY_OBJECT: dict[str, _Make] = {
    "text": _text,
    "hypertext": _page,
    "richtext": _page,
    "paragraphs": _dialogue,
    "audio": _sound,
    "audioplus": _sound,
    "timeseries": _series,
    "video": _film,
}
SPANS: dict[str, _Make] = {
    "labels": _labels,
    "hypertextlabels": _labels,
    "paragraphlabels": _labels,
    "timeserieslabels": _series,
}
