"""A graph as Mermaid, which GitHub and GitLab draw where it stands in a fence of that name.

One rule keeps it safe: in a label, all but letters, digits and a dot or hyphen between them stands as a number
(`#34;`), so that no text ends a label, begins a comment, a link or a style, or is Markdown or HTML to Mermaid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lsops.model.graph import Arrow, Box, Cluster, Graph, Shape, Tone
from lsops.render.graph.colours import COLOURS, INK, heading, text_of

SHAPES: Final[Mapping[Shape, tuple[str, str]]] = {
    "box": ("[", "]"),
    "note": ("(", ")"),
    "cylinder": ("[(", ")]"),
    "component": ("[[", "]]"),
    "stadium": ("([", "])"),
}
MOST_CHARACTERS: Final = 50_000
MOST_ARROWS: Final = 500
"""What Mermaid draws of one text where nobody sets it up otherwise."""

_INSIDE = r"(?<=[^\W_])(?<!www)[.-](?=[^\W_])"
"""A dot or a hyphen within a word, which is neither Markdown nor the beginning of a link."""
_SPECIAL = re.compile(rf"{_INSIDE}|([^\w ,]|_)", re.IGNORECASE)


_MEANT = re.compile(r"(?<=\bfa):(?=fa-)|(?<=\bfa[a-z]):(?=fa-)|\\(?=n)|\$(?=\$)", re.IGNORECASE)
"""What Mermaid reads when the numbers are characters again: icons, `\\n`, formulas. A blank behind it ends that."""
_OWN = "\ufb02"
"""The ligature with which Mermaid marks the numbers inside."""


def mermaid(graph: Graph) -> Iterator[str]:
    """The lines of a flowchart from left to right."""
    yield "flowchart LR"
    yield from (f"  {_box(box)}" for box in graph.boxes if box.is_outside)
    yield f"  subgraph org[{_label(heading(graph))}]"
    inside = graph.inside
    for cluster in graph.clusters:
        yield from _cluster(cluster, inside[cluster.id])
    yield from (f"    {_box(box)}" for box in inside[""])
    yield "  end"
    yield from _legend(graph)
    yield from (f"  {_arrow(arrow)}" for arrow in graph.arrows)
    yield from _styles(graph)


def too_much(graph: Graph, text: str) -> str:
    """Why Mermaid would not draw it; empty where it would."""
    if len(text) > MOST_CHARACTERS:
        return f"{len(text):,} characters, and Mermaid draws {MOST_CHARACTERS:,}"
    if len(graph.arrows) > MOST_ARROWS:
        return f"{len(graph.arrows):,} arrows, and Mermaid draws {MOST_ARROWS:,}"
    return ""


def escaped_label(text: str) -> str:
    """Foreign text inside a label."""
    text = _MEANT.sub(lambda found: f"{found[0]} ", text.replace(_OWN, "fl"))
    return _SPECIAL.sub(lambda found: f"#{ord(found[1])};" if found[1] else found[0], text)


def _label(lines: Iterable[str]) -> str:
    return '"' + "<br>".join(escaped_label(text_of(text.strip())) for text in lines) + '"'


def _box(box: Box) -> str:
    before, after = SHAPES[box.shape]
    return f"{box.id}{before}{_label(box.lines)}{after}"


def _cluster(cluster: Cluster, boxes: Iterable[Box]) -> Iterator[str]:
    yield f"    subgraph {cluster.id}[{_label([cluster.title])}]"
    inside = [f"      {_box(box)}" for box in boxes]
    yield from inside or [f"      {cluster.id}e[ ]"]
    yield "    end"


def _arrow(arrow: Arrow) -> str:
    line = "-.->" if COLOURS[arrow.tone].is_dashed else "-->"
    return f"{arrow.start} {'<' * arrow.goes_both}{line} {arrow.end}"


def _legend(graph: Graph) -> Iterator[str]:
    if graph.tones:
        yield '  subgraph legend["Legend"]'
        yield from (f'    is_{tone}["{tone}"]' for tone in graph.tones)
        yield "  end"


def _styles(graph: Graph) -> Iterator[str]:
    """Classes for boxes and clusters, numbers for arrows, which have no names."""
    for tone in graph.tones:
        fill, rim, is_dashed = COLOURS[tone]
        dash = ",stroke-dasharray:5 3" if is_dashed else ""
        yield f"  classDef {tone} fill:{fill},stroke:{rim},color:{INK}{dash}"
        yield f"  class {','.join(_of(tone, graph))} {tone}"
        if numbers := [str(number) for number, arrow in enumerate(graph.arrows) if arrow.tone == tone]:
            yield f"  linkStyle {','.join(numbers)} stroke:{rim},stroke-width:2px"


def _of(tone: Tone, graph: Graph) -> Iterator[str]:
    yield f"is_{tone}"
    parts: tuple[Cluster | Box, ...] = (*graph.clusters, *graph.boxes)
    yield from (part.id for part in parts if part.tone == tone)
