"""Every control whose labels stand in results, with a config, task data and a region of it as the editor makes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

TEXT = '<Text name="o" value="$text"/>'
IMAGE = '<Image name="o" value="$image"/>'
VIDEO = '<Video name="o" value="$video"/>'
DATA = {
    "text": "abcdef",
    "image": "https://images.example.com/a.png",
    "html": "<p>abc</p>",
    "talk": [{"author": "a", "text": "bc"}],
    "series": {"time": [1, 2], "a": [1, 2]},
    "video": "https://videos.example.com/a.mp4",
    "audio": "https://sounds.example.com/a.mp3",
}
AREA = {"x": 1, "y": 1, "width": 5, "height": 5, "rotation": 0}


@dataclass(frozen=True)
class Labelled:
    """A control `c` of a tag; `body` has `{}` where its labels stand, `value` is a region's beside the label."""

    name: str
    body: str
    type: str
    value: Mapping[str, Any]
    label: str = '<Label value="{}"/>'
    wrap: Callable[[str], Any] = lambda label: [label]
    from_name: str = "c"
    key: str = ""
    by_hand: bool = False
    to_name: str = "o"

    def numbered(self, number: int) -> Labelled:
        """The same with a number behind every name, so that it may stand beside others."""
        body = re.sub(r'((?:\bname|toName)="\w+)"', rf'\g<1>{number}"', self.body)
        return replace(self, body=body, from_name=f"{self.from_name}{number}", to_name=f"o{number}")

    def config(self, *labels: str) -> str:
        """The config with these labels and one more."""
        inside = "".join(self.label.format(label) for label in (*labels, "Other"))
        return f"<View>{self.body.format(inside)}</View>"

    def region(self, *labels: str) -> dict[str, Any]:
        """What an annotation has of it."""
        value = {**self.value, self.key or self.type: [one for label in labels for one in self.wrap(label)]}
        return {"id": "r1", "from_name": self.from_name, "to_name": self.to_name, "type": self.type, "value": value}


def of(tag: str, shows: str, value: Mapping[str, Any]) -> Labelled:
    """A control that holds `Label`s."""
    return Labelled(tag, f'{shows}<{tag} name="c" toName="o">{{}}</{tag}>', tag.lower(), value)


def choices(name: str, attributes: str, value: Mapping[str, Any], shows: str = TEXT) -> Labelled:
    body = f'{shows}<Choices name="c" toName="o"{attributes}>{{}}</Choices>'
    return Labelled(name, body, "choices", value, label='<Choice value="{}"/>')


BRANCH = '<Choice value="{}"><Choice value="Kid"/></Choice>'
SERIES = '<TimeSeries name="o" value="$series" valueType="json"><Channel column="a"/></TimeSeries>'
BOX = '<VideoRectangle name="box" toName="o"/><Labels name="c" toName="o">{}</Labels>'
NODE = "/p[1]/text()[1]"
KINDS = (
    choices("Choices", "", {}),
    choices("Choices of several", ' choice="multiple"', {}),
    choices(
        "Choices of a region",
        ' perRegion="true"',
        {"start": 0, "end": 3, "text": "abc"},
        f'{TEXT}<Labels name="l" toName="o"><Label value="L"/></Labels>',
    ),
    Labelled(
        "nested Choices",
        f'{TEXT}<Choices name="c" toName="o" choice="multiple" allowNested="true">{{}}</Choices>',
        "choices",
        {},
        label=BRANCH,
        wrap=lambda label: [[label, "Kid"]],
        by_hand=True,
    ),
    of("Labels", TEXT, {"start": 0, "end": 3, "text": "abc"}),
    Labelled(
        "Labels of a sound",
        '<Audio name="o" value="$audio"/><Labels name="c" toName="o">{}</Labels>',
        "labels",
        {"start": 0, "end": 3, "channel": 0},
    ),
    of("RectangleLabels", IMAGE, AREA),
    of("PolygonLabels", IMAGE, {"points": [[1, 1], [2, 2], [3, 1]], "closed": True}),
    of("KeyPointLabels", IMAGE, {"x": 1, "y": 1, "width": 1}),
    of("EllipseLabels", IMAGE, {"x": 1, "y": 1, "radiusX": 1, "radiusY": 1, "rotation": 0}),
    of("BrushLabels", IMAGE, {"format": "rle", "rle": [0, 1, 2]}),
    of("BitmaskLabels", IMAGE, {"imageDataURL": "data:image/png;base64,AA"}),
    of("VectorLabels", IMAGE, {"vertices": [{"x": 1, "y": 1, "id": "a"}], "closed": False}),
    of("HyperTextLabels", '<HyperText name="o" value="$html"/>', {"start": NODE, "end": NODE, "endOffset": 2}),
    of("ParagraphLabels", '<Paragraphs name="o" value="$talk" layout="dialogue"/>', {"start": "0", "end": "0"}),
    of("TimeSeriesLabels", SERIES, {"start": 0, "end": 1, "instant": False}),
    of("TimelineLabels", VIDEO, {"ranges": [{"start": 1, "end": 2}]}),
    Labelled(
        "Labels of a video's box",
        f"{VIDEO}{BOX}",
        "videorectangle",
        {"sequence": []},
        from_name="box",
        key="labels",
        by_hand=True,
    ),
    Labelled(
        "Taxonomy",
        f'{TEXT}<Taxonomy name="c" toName="o">{{}}</Taxonomy>',
        "taxonomy",
        {},
        label=BRANCH,
        wrap=lambda label: [[label], [label, "Kid"]],
        by_hand=True,
    ),
)
