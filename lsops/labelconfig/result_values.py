"""What the `value` of one result may be, by the control's tag: as Label Studio's editor writes it (1.23).

Places and sizes on a picture are percent of it. Each entry is the properties that the value must have (`required`) and
may have; whatever other keys a value of some control has are allowed beside them, for what is said of a region repeats
the region's place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

Schema = dict[str, Any]

NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}
_RADIUS: Schema = {"type": "number", "minimum": 0, "maximum": 100}
_TURN: Schema = {"type": ["number", "null"]}
_PLACE: Schema = {"type": ["number", "string"]}
_OFFSET: Schema = {"type": ["integer", "null"], "minimum": 0}
_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_LENGTH: Schema = {"type": ["number", "null"], "minimum": 0}
_BYTES: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}}

KEYS = frozenset(
    """x y width height rotation radiusX radiusY points closed vertices format rle imageDataURL maskDataURL touches
    start end startOffset endOffset globalOffsets text channel instant ranges sequence framesCount duration time frame
    enabled ocrtext pageIndex page coordstype coords dynamic lines brush prevPointId converted vectors position size
    rotations labels choices taxonomy rating number datetime ranker pairwise selected chatmessage reactcode textarea
    chat item_index bbox""".split()
)
"""What values are made of, whatever their control; beside the names of tags in `...labels`."""


@dataclass(frozen=True, slots=True)
class ValueShape:
    """The properties of a value, and those that it must have."""

    properties: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()


def _object(required: str, **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": required.split()}


def _list(items: Schema, least: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


_POINT: Schema = {"type": "array", "prefixItems": [PERCENT, PERCENT], "minItems": 2, "maxItems": 2}
_VERTEX = _object("x y", x=NUMBER, y=NUMBER, isBezier={"type": ["boolean", "null"]})
_BOX = {"x": PERCENT, "y": PERCENT, "width": PERCENT, "height": PERCENT, "rotation": _TURN}
_FREE_BOX = {"x": NUMBER, "y": NUMBER, "width": NUMBER, "height": NUMBER, "rotation": _TURN}
_LINE = {"vertices": _list(_VERTEX, 0), "closed": {"type": ["boolean", "null"]}}
_FILM = {"framesCount": _COUNT, "duration": _LENGTH}
_SPAN = {"start": _PLACE, "end": _PLACE, "startOffset": _OFFSET, "endOffset": _OFFSET}
_BOX_KEYS = ("x", "y", "width", "height")
_RANGE = _object("start end", start=NUMBER, end=NUMBER, enabled={"type": ["boolean", "null"]})
_KEY_BOX = _object("x y width height frame", frame={"type": "integer"}, time=NUMBER, **_BOX)
_KEY_LINE = _object("frame vertices", frame={"type": "integer"}, **_LINE)

REGIONS: Mapping[str, ValueShape] = {
    "rectangle": ValueShape(_BOX, _BOX_KEYS),
    "ellipse": ValueShape(
        {"x": PERCENT, "y": PERCENT, "radiusX": _RADIUS, "radiusY": _RADIUS, "rotation": _TURN},
        ("x", "y", "radiusX", "radiusY"),
    ),
    "keypoint": ValueShape({"x": PERCENT, "y": PERCENT, "width": NUMBER}, ("x", "y")),
    "polygon": ValueShape({"points": _list(_POINT), "closed": {"type": "boolean"}}, ("points",)),
    "vector": ValueShape(_LINE, ("vertices",)),
    "brush": ValueShape({"format": {"const": "rle"}, "rle": _BYTES}, ("rle",)),
    "bitmask": ValueShape({"imageDataURL": TEXT}, ("imageDataURL",)),
    "magicwand": ValueShape({"format": {"const": "rle"}, "rle": _BYTES}, ("rle",)),
    "ocr": ValueShape({**_FREE_BOX, "ocrtext": {"type": ["string", "null"]}}, _BOX_KEYS),
    "hypertext": ValueShape(_SPAN, ("start", "end")),
    "paragraph": ValueShape(_SPAN, ("start", "end")),
    "timeseries": ValueShape({"start": _PLACE, "end": _PLACE, "instant": {"type": "boolean"}}, ("start", "end")),
    "timeline": ValueShape({"ranges": _list(_RANGE)}, ("ranges",)),
    "videorectangle": ValueShape({**_FILM, "sequence": _list(_KEY_BOX, 0)}, ("sequence",)),
    "videovector": ValueShape({**_FILM, "sequence": _list(_KEY_LINE, 0)}, ("sequence",)),
}
"""Regions by their tags, less the `Labels` at the end."""

SPAN = ValueShape({"start": _PLACE, "end": _PLACE}, ("start", "end"))
"""What `Labels` marks of a text or a sound."""
SPANNED = frozenset("text hypertext richtext paragraphs audio audioplus timeseries".split())
"""The objects of which `Labels` marks a span."""

_CHAT = _object("role content", role=TEXT, content=TEXT)
ANSWERS: Mapping[str, Callable[[Mapping[str, str]], tuple[str, Schema]]] = {
    "textarea": lambda _: ("text", {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}),
    "rating": lambda at: ("rating", {"type": "integer", "minimum": 0, "maximum": _whole(at.get("maxRating"), 5)}),
    "number": lambda at: ("number", {"type": "number", **_limits(at)}),
    "datetime": lambda _: ("datetime", TEXT),
    "ranker": lambda _: ("ranker", {"type": ["object", "array"], "additionalProperties": _list(TEXT, 0)}),
    "pairwise": lambda _: ("selected", {"enum": ["left", "right"]}),
    "chatmessage": lambda _: ("chatmessage", _CHAT),
    "reactcode": lambda _: ("reactcode", {"type": "object"}),
}
"""The one key of a value that is no region and has no labels, and its schema, by attributes."""


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default


def _limits(attributes: Mapping[str, str]) -> Schema:
    found: Schema = {}
    for name, word in (("min", "minimum"), ("max", "maximum")):
        try:
            value = float(attributes.get(name, ""))
        except ValueError:
            continue
        if isfinite(value):
            found[word] = value
    return found
