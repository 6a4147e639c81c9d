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
