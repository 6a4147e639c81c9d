"""What the forms of a graph share: colours by tone, and foreign text in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from lsops.model.graph import Graph, Tone
from lsops.render.safe import line, shortened

LONGEST: Final = 80
"""Characters of one line of a box."""
UNTITLED: Final = "(no title)"


class Colours(NamedTuple):
    """Of what is filled, of its rim and of arrows; `is_dashed` tells them apart without colours, too."""

    fill: str
    rim: str
    is_dashed: bool = False


PLAIN_FILL: Final = Colours("#ffffff", "#57606a")
COLOURS: Final[Mapping[Tone, Colours]] = {
    "": PLAIN_FILL,
    "created": Colours("#dafbe1", "#1a7f37"),
    "changed": Colours("#fff1c2", "#9a6700"),
    "deleted": Colours("#ffd8d3", "#cf222e", is_dashed=True),
    "undeclared": Colours("#eaeef2", "#57606a", is_dashed=True),
}
"""Text on them is nearly black, in a dark page, too."""
INK: Final = "#1f2328"


def text_of(text: str) -> str:
    """Foreign text, fit for one line of a box."""
    return shortened(line(text), LONGEST) or UNTITLED


def heading(graph: Graph) -> tuple[str, ...]:
    """The lines above all."""
    return (text_of(graph.title), *([graph.remark] if graph.remark else []))
