"""The values of regions on pictures and films. Places and sizes are percent; the n-th region lies beside the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsops.preview.samples.media import FRAMES, HEIGHT, SECONDS, WIDTH, mask
from lsops.preview.samples.rle import block


def _corner(number: int) -> tuple[float, float]:
    return 8 + number * 17 % 68, 15 + number * 23 % 51


def _rectangle(number: int) -> dict[str, Any]:
    x, y = _corner(number)
    return {"x": x, "y": y, "width": 20, "height": 25, "rotation": 0}


def _ellipse(number: int) -> dict[str, Any]:
    x, y = _corner(number)
    return {"x": x + 10, "y": y + 12, "radiusX": 9, "radiusY": 12, "rotation": 0}


def _key_point(number: int) -> dict[str, Any]:
    x, y = _corner(number)
    return {"x": x, "y": y, "width": 1}


def _polygon(number: int) -> dict[str, Any]:
    x, y = _corner(number)
    return {"points": [[x, y + 20], [x + 10, y], [x + 20, y + 20], [x + 10, y + 26]], "closed": True}


def _vertices(number: int) -> list[dict[str, Any]]:
    x, y = _corner(number)
    places = ((x, y + 20), (x + 10, y), (x + 20, y + 20))
    return [
        {"id": f"v{at}", "prevPointId": f"v{at - 1}" if at else None, "x": one, "y": two, "isBezier": False}
        for at, (one, two) in enumerate(places)
    ]


def _vector(number: int) -> dict[str, Any]:
    return {"vertices": _vertices(number), "closed": False}


def _brush(number: int) -> dict[str, Any]:
    x, y = _corner(number)
    box = (round(x * WIDTH / 100), round(y * HEIGHT / 100), 100, 70)
    return {"format": "rle", "rle": block((WIDTH, HEIGHT), box)}


def _bitmask(_: int) -> dict[str, Any]:
    return {"imageDataURL": mask()}


def _in_film(first: Callable[[int], dict[str, Any]]) -> Callable[[int], dict[str, Any]]:
    def value(number: int) -> dict[str, Any]:
        key = {"frame": 1, "time": 0.0, "enabled": True, **first(number)}
        return {"framesCount": FRAMES, "duration": SECONDS, "sequence": [key]}

    return value


def _timeline(_: int) -> dict[str, Any]:
    return {"ranges": [{"start": 2, "end": 9}]}


_PLAIN: dict[str, Callable[[int], dict[str, Any]]] = {
    "rectangle": _rectangle,
    "ellipse": _ellipse,
    "keypoint": _key_point,
    "polygon": _polygon,
    "vector": _vector,
    "brush": _brush,
    "bitmask": _bitmask,
    "videorectangle": _in_film(_rectangle),
    "videovector": _in_film(_vector),
}
ON_PICTURE = frozenset(_PLAIN)
"""Shapes that carry the labels of another control, or none."""
SHAPES = {
    **_PLAIN,
    **{f"{name}labels": make for name, make in _PLAIN.items() if not name.startswith("video")},
    "magicwand": _brush,
    "timelinelabels": _timeline,
    "ocrlabels": _rectangle,
}
