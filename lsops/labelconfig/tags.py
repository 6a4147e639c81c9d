"""The tags of Label Studio, as its documentation and the names its SDK knows list them (1.23).

The server accepts any tag (community-api.md 2.5); the editor shows an error for one that it does not know.
"""

from __future__ import annotations

import re

OBJECTS = frozenset(
    "Audio AudioPlus Chat HyperText Image List Markdown Object3D Paragraphs Pdf ReactCode RichText Table Text "
    "TimeSeries Video".split()
)

CONTROLS = frozenset(
    "Bitmask BitmaskLabels Brush BrushLabels ChatMessage Choices Cube CubeLabels DateTime Ellipse EllipseLabels "
    "HyperTextLabels KeyPoint KeyPointLabels Labels MagicWand Number OcrLabels OcrTokenLabels Pairwise "
    "ParagraphLabels PdfLabels Polygon PolygonLabels Ranker Rating Rectangle RectangleLabels Relations "
    "TableLabels Taxonomy TextArea TimelineLabels TimeSeriesLabels Vector VectorLabels VideoRectangle VideoVector "
    "VideoVectorLabels".split()
)

LAYOUT = frozenset("Collapse Dialog Filter Header Html Panel ResizableView Style View".split())

PARTS = frozenset("Bucket Channel Choice Label MultiChannel Relation Repeater Shortcut".split())

KNOWN = OBJECTS | CONTROLS | LAYOUT | PARTS

LABEL_TAGS = frozenset({"Label", "Choice", "Relation"})
"""Tags whose values annotations hold."""

FREE_CONTENT = frozenset("Html HyperText Markdown ReactCode Style".split())
"""Tags whose content is not made of Label Studio's tags."""

FIELD = re.compile(r"[^\W\d][\w.\-\[\]]*")
"""A single word as an object's value: more likely a field whose "$" was forgotten than a text to show."""


def suggest(word: str, known: frozenset[str] | list[str]) -> str:
    """`; did you mean "…"?` for the nearest known word, or nothing."""
    from difflib import get_close_matches  # only for a config that is wrong

    folded = {name.lower(): name for name in sorted(known)}
    match = get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    return f'; did you mean "{folded[match[0]]}"?' if match else ""
