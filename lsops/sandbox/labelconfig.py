"""Label configs as the server reads them: controls, labels, data keys, and what they change.

Facts: community-api 2.4 and 2.5. The answer of `parse` is what `parsed_label_config` shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

Parsed = dict[str, dict[str, Any]]

_LABELS = ("Label", "Choice", "Relation")
_CONDITIONS = {
    "whenTagName": "tag",
    "whenLabelValue": "label",
    "whenChoiceValue": "choice",
}
_VARIABLE = re.compile(r"\$[A-Za-z_]+")
_NOT_FOR_BULK = {
    *(
        "Labels",
        "Brush",
        "BrushLabels",
        "MagicWand",
        "Ellipse",
        "EllipseLabels",
        "KeyPoint",
        "KeyPointLabels",
    ),
    *(
        "Polygon",
        "PolygonLabels",
        "Rectangle",
        "RectangleLabels",
        "HyperTextLabels",
        "ParagraphLabels",
    ),
    *("TimeSeriesLabels", "VideoRectangle"),
}
_PER_ITEM = ("Choices", "Taxonomy", "DateTime", "Number", "Rating", "TextArea")


def tree(config: str) -> ET.Element:
    """The config as XML. It has no DOCTYPE: `labelcheck` looked at it before it came here."""
    return ET.fromstring(config)  # noqa: S314  # entities need a DOCTYPE


def parse(config: str) -> Parsed:
    """Every control tag: its type, what it labels, its labels."""
    root = tree(config)
    inputs: dict[str, dict[str, Any]] = {}
    outputs: Parsed = {}
    indexes: list[str] = []
    for tag in root.iter():
        indexes += [tag.attrib["indexFlag"]] if "indexFlag" in tag.attrib else []
        if _is_control(tag):
            outputs[tag.attrib["name"]] = _control(tag, indexes)
        elif _is_input(tag):
            inputs[tag.attrib["name"]] = _input(tag)
    labels = _labels(root, outputs)
    for name, control in outputs.items():
        control["inputs"] = [inputs[target] for target in control["to_name"] if target in inputs]
        control["labels"] = list(labels[name])
        control["labels_attrs"] = labels[name]
    return outputs


def data_types(config: str) -> dict[str, str]:
    """The keys that task data must have, each with the object tag that shows it."""
    types: dict[str, str] = {}
    for tag in tree(config).iterfind(".//*[@value]"):
        found = re.match(r"(?s)\$(.+)", tag.attrib["value"]) or re.search(r"\$(\w+)", tag.attrib["value"])
        if tag.get("name") and found and types.get(found[1]) != "Video":
            types[found[1]] = tag.tag
    return types


def essential_change(new: str, old: str) -> bool | None:
    """True when controls, inputs or labels of the old config change or go; else None, as the server says it."""
    before = parse(old)
    for name, control in parse(new).items():
        if name not in before:
            return True
        known = before[name]
        kept = set(known["labels"]) <= set(control["labels"])
        if control["type"] != known["type"] or control["inputs"] != known["inputs"] or not kept:
            return True
    return None


def weights(parsed: Parsed, current: Any) -> dict[str, Any]:
    """`control_weights` for these controls: what is known is kept, the rest is 1.0, unknown ones go."""
    return {
        name: {
            "overall": _or_one((current.get(name) or {}).get("overall")),
            "type": control["type"],
            "labels": {
                label: _or_one(current.get(name, {}).get("labels", {}).get(label)) for label in control["labels"]
            },
        }
        for name, control in parsed.items()
    }


def suits_bulk(config: str) -> bool:
    """Whether the bulk labelling view can show the config: choices and texts of whole tasks only."""
    tags = [tag for tag in tree(config).iter() if _is_control(tag)]
    return not any(tag.tag in _NOT_FOR_BULK or (tag.tag in _PER_ITEM and _is_per_item(tag)) for tag in tags)


def _is_per_item(tag: ET.Element) -> bool:
    if any(tag.get(name, "").lower() == "true" for name in ("perRegion", "perItem")):
        return True
    if tag.tag in ("Choices", "Taxonomy") and "value" in tag.attrib:
        return True
    return tag.tag == "Taxonomy" and (tag.get("labeling", "").lower() == "true" or "apiUrl" in tag.attrib)


def _or_one(weight: Any) -> Any:
    return 1.0 if weight is None else weight


def _is_control(tag: ET.Element) -> bool:
    return bool(tag.get("name") and tag.get("toName") and tag.tag != "Filter")


def _is_input(tag: ET.Element) -> bool:
    return bool(tag.get("name") and (tag.get("value") or tag.get("valueList")))


def _control(tag: ET.Element, indexes: list[str]) -> dict[str, Any]:
    control: dict[str, Any] = {
        "type": tag.tag,
        "to_name": tag.attrib["toName"].split(","),
    }
    regex = {index: ".*" for index in indexes for target in control["to_name"] if index in target}
    if regex:
        control["regex"] = regex
    condition = next((name for name in _CONDITIONS if tag.get(name)), None)
    if tag.get("perRegion") == "true" and condition:
        control["conditionals"] = {
            "type": _CONDITIONS[condition],
            "name": tag.attrib[condition],
        }
    if _VARIABLE.fullmatch(tag.get("value", "")) or tag.get("apiUrl"):
        control["dynamic_labels"] = True
    return control


def _input(tag: ET.Element) -> dict[str, Any]:
    key = "value" if "value" in tag.attrib else "valueList"
    return {
        "type": tag.tag,
        "valueType": tag.get("valueType"),
        key: tag.attrib[key].lstrip("$"),
    }


def _labels(root: ET.Element, outputs: Parsed) -> dict[str, dict[str, dict[str, str]]]:
    labels: dict[str, dict[str, dict[str, str]]] = {name: {} for name in outputs}
    for tag, control in _labelled(root, outputs, None):
        value = tag.get("alias") or tag.get("value") or tag.get("valueList")
        if value:
            labels[control][value] = dict(tag.attrib)
    return labels


def _labelled(tag: ET.Element, outputs: Parsed, control: str | None) -> Iterator[tuple[ET.Element, str]]:
    """Label tags with the nearest control around them."""
    if tag.tag in _LABELS and control is not None:
        yield tag, control
    inner = tag.get("name") if tag.get("name") in outputs else control
    for child in tag:
        yield from _labelled(child, outputs, inner)
