"""The formats of `/api/projects/{id}/export/formats`, in the server's words, and which suit a label config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_GUIDE = "https://labelstud.io/guide/export.html#"
_SPANS = ("sequence labeling", "text tagging", "named entity recognition")
_SHAPES = ("image segmentation", "object detection", "keypoints")
_BOXES = ("image segmentation", "object detection")
_YOLO = (
    "Popular TXT format is created for each image file. Each txt file contains annotations for the corresponding "
    "image file"
)
_OBB = (
    f"{_YOLO}. The YOLO OBB format designates bounding boxes by their four corner points with coordinates normalized "
    "between 0 and 1, so it is possible to export rotated objects."
)
_COCO = (
    "Popular machine learning format used by the COCO dataset for object detection and image segmentation tasks with "
    "polygons and rectangles."
)

_Row = tuple[str, str, str, str, tuple[str, ...]]
_FORMATS: tuple[_Row, ...] = (
    (
        "JSON",
        "JSON",
        (
            "List of items in raw JSON format stored in one JSON file. Use to export both the data and the annotations "
            "for a dataset. It's Label Studio Common Format"
        ),
        "JSON",
        (),
    ),
    (
        "JSON_MIN",
        "JSON-MIN",
        (
            'List of items where only "from_name", "to_name" values from the raw JSON format are exported. Use to '
            "export only the annotations for a dataset."
        ),
        "JSON-MIN",
        (),
    ),
    (
        "CSV",
        "CSV",
        (
            "Results are stored as comma-separated values with the column names specified by the values of the "
            '"from_name" and "to_name" fields.'
        ),
        "CSV",
        (),
    ),
    (
        "TSV",
        "TSV",
        'Results are stored in tab-separated tabular file with column names specified by "from_name" "to_name" values',
        "TSV",
        (),
    ),
    (
        "CONLL2003",
        "CONLL2003",
        "Popular format used for the CoNLL-2003 named entity recognition challenge.",
        "CONLL2003",
        _SPANS,
    ),
    ("COCO", "COCO", _COCO, "COCO", _SHAPES),
    ("COCO_WITH_IMAGES", "COCO with Images", "COCO format with images downloaded.", "COCO", _SHAPES),
    (
        "VOC",
        "Pascal VOC XML",
        "Popular XML format used for object detection and polygon image segmentation tasks.",
        "Pascal-VOC-XML",
        _BOXES,
    ),
    ("YOLO", "YOLO", f"{_YOLO}, that is object class, object coordinates, height & width.", "YOLO", _SHAPES),
    ("YOLO_WITH_IMAGES", "YOLO with Images", "YOLO format with images downloaded.", "YOLO", _SHAPES),
    ("YOLO_OBB", "YOLOv8 OBB", _OBB, "YOLO", _BOXES),
    (
        "YOLO_OBB_WITH_IMAGES",
        "YOLOv8 OBB with Images",
        "YOLOv8 OBB format with images downloaded.",
        "YOLO",
        _BOXES,
    ),
    (
        "BRUSH_TO_NUMPY",
        "Brush labels to NumPy",
        "Export your brush labels as NumPy 2d arrays. Each label outputs as one image.",
        "Brush-labels-to-NumPy-amp-PNG",
        ("image segmentation",),
    ),
    (
        "BRUSH_TO_PNG",
        "Brush labels to PNG",
        "Export your brush labels as PNG images. Each label outputs as one image.",
        "Brush-labels-to-NumPy-amp-PNG",
        ("image segmentation",),
    ),
    (
        "ASR_MANIFEST",
        "ASR Manifest",
        (
            "Export audio transcription labels for automatic speech recognition as the JSON manifest format expected "
            "by NVIDIA NeMo models."
        ),
        "ASR-MANIFEST",
        ("speech recognition",),
    ),
    (
        "BRUSH_TO_COCO",
        "Brush labels to COCO",
        "Export your brush labels as COCO format for segmentation tasks. Converts RLE encoded masks to COCO polygons.",
        "COCO",
        ("image segmentation", "brush annotations"),
    ),
    (
        "DOCLANG",
        "DocLang (.dclx)",
        (
            "Package annotations from the Doclang Interface as DocLang OPC archives (document.xml + page image) for "
            "downstream Docling model training."
        ),
        "",
        ("document", "doclang"),
    ),
)
NAMES = tuple(row[0] for row in _FORMATS)
_DOCLANG = "https://github.com/doclang-project/doclang/blob/main/spec.md#doclang-archive-format"
_ALWAYS = ("JSON", "JSON_MIN", "CSV", "TSV")
_SHAPED = ("RectangleLabels", "PolygonLabels", "KeyPointLabels")
_BARE = ("Rectangle", "PolygonLabels", "KeyPointLabels")
_NO_OBB = ("YOLO_OBB", "YOLO_OBB_WITH_IMAGES")


def formats(controls: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All formats, those last that do not suit the config; a client may ask for them all the same."""
    suiting = _suiting(controls)
    listed = [_shown(row, disabled=row[0] not in suiting) for row in _FORMATS]
    return sorted(listed, key=lambda shown: shown.get("disabled", False))


def _shown(row: _Row, *, disabled: bool) -> dict[str, Any]:
    name, title, description, anchor, tags = row
    return {
        "title": title,
        "description": description,
        "link": f"{_GUIDE}{anchor}" if anchor else _DOCLANG,
        **({"tags": list(tags)} if tags else {}),
        "name": name,
        **({"disabled": True} if disabled else {}),
    }


def _suiting(controls: Mapping[str, Any]) -> set[str]:
    out = {control["type"] for control in controls.values()}
    inputs = [shown for control in controls.values() for shown in control["inputs"]]
    kinds = {shown["type"] for shown in inputs}
    doclang = {"DOCLANG"} if out & {"TextArea", "ReactCode", "CustomInterface"} else set()
    if len({shown.get("value") or shown.get("valueList") for shown in inputs}) > 1:
        return {*_ALWAYS, *doclang}
    many = any(shown.get("valueList") for shown in inputs)
    return {*_ALWAYS, *doclang, *_of_texts(out, kinds), *_of_images(out, kinds, many=many)}


def _of_texts(out: set[str], kinds: set[str]) -> set[str]:
    found = {"CONLL2003"} if "Text" in kinds and "Labels" in out else set()
    return found | ({"ASR_MANIFEST"} if kinds & {"Audio", "AudioPlus"} and "TextArea" in out else set())


def _of_images(out: set[str], kinds: set[str], *, many: bool) -> set[str]:
    found: set[str] = set()
    image, labelled = "Image" in kinds, "Labels" in out
    if image and not many and ("RectangleLabels" in out or ("Rectangle" in out and labelled)):
        found.add("VOC")
    shaped = (image and bool(out & set(_SHAPED))) or (labelled and bool(out & set(_BARE)))
    if shaped and not many:
        found |= {"COCO", "COCO_WITH_IMAGES", "YOLO", "YOLO_WITH_IMAGES", *_NO_OBB}
    if "KeyPointLabels" in out and "RectangleLabels" not in out:
        found -= {"COCO", "COCO_WITH_IMAGES", "YOLO", "YOLO_WITH_IMAGES"}
    if image and (out & {"BrushLabels", "brushlabels"} or ("Brush" in out and labelled)):
        found |= {"BRUSH_TO_NUMPY", "BRUSH_TO_PNG", "BRUSH_TO_COCO"}
    return found
