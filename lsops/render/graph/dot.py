"""A graph as DOT, the language of graphviz: foreign text stands in quotes, its own quotes and backslashes escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lsops.model.graph import Arrow, Box, Cluster, Graph, Shape
from lsops.render.graph.colours import COLOURS, INK, heading, text_of

FONT: Final = "Helvetica,Arial,sans-serif"
SHAPES: Final[Mapping[Shape, str]] = {
    "box": 'shape=box style="filled,rounded',
    "note": 'shape=note style="filled',
    "cylinder": 'shape=cylinder style="filled',
    "component": 'shape=component style="filled',
    "stadium": 'shape=box style="filled,rounded',
}
QUIET: Final = "#f6f8fa"
"""What a cluster is filled with."""


def dot(graph: Graph) -> Iterator[str]:
    """The lines of a directed graph from left to right."""
    yield "digraph organisation {"
    yield "  rankdir=LR; ranksep=1.2; nodesep=0.15; newrank=true; compound=true; bgcolor=white;"
    yield f'  graph [fontname="{FONT}" fontsize=14 fontcolor="{INK}"];'
    yield f'  node [fontname="{FONT}" fontsize=11 fontcolor="{INK}" margin="0.12,0.06"];'
    yield f'  edge [color="{COLOURS[""].rim}" arrowsize=0.7];'
    yield "  subgraph cluster_org {"
    yield f'    label={_label(heading(graph))}; labeljust=l; color="{COLOURS[""].rim}";'
    inside = graph.inside
    for cluster in graph.clusters:
        yield from _cluster(cluster, inside[cluster.id])
    yield from (f"    {_box(box)}" for box in inside[""])
    yield "  }"
    yield from _column(graph)
    yield from (f"  {_box(box)}" for box in graph.boxes if box.is_outside)
    yield from (f"  {_arrow(arrow)}" for arrow in graph.arrows)
    yield from _legend(graph)
    yield "}"


def _column(graph: Graph) -> Iterator[str]:
    """What is inside of the organisation in one column, with what leads into it before and what it leads to behind."""
    inside = [box.id for box in graph.boxes if not box.is_outside]
    into = {arrow.start for arrow in graph.arrows} - set(inside)
    if inside:
        yield f"  {{ rank=same; {'; '.join(inside)}; }}"
    yield from (f"  {number} -> {inside[0]} [style=invis];" for number in sorted(into) if inside)


def dot_text(text: str) -> str:
    """Foreign text in quotes: graphviz reads escapes and HTML's names of characters in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") + '"'


def _label(lines: Iterable[str]) -> str:
    r"""Lines to the left, each ended by `\l`, which must not be escaped."""
    return '"' + "".join(f"{dot_text(text_of(text))[1:-1]}\\l" for text in lines) + '"'


def _box(box: Box) -> str:
    fill, rim, is_dashed = COLOURS[box.tone]
    dash = ",dashed" if is_dashed else ""
    return f'{box.id} [label={_label(box.lines)} {SHAPES[box.shape]}{dash}" fillcolor="{fill}" color="{rim}"];'


def _cluster(cluster: Cluster, boxes: Iterable[Box]) -> Iterator[str]:
    fill, rim, is_dashed = COLOURS[cluster.tone]
    style = "filled,dashed" if is_dashed else "filled"
    yield f"    subgraph cluster_{cluster.id} {{"
    yield f"      label={_label([cluster.title])}; labeljust=l;"
    yield f'      style="{style}"; color="{rim}"; fillcolor="{fill if cluster.tone else QUIET}";'
    inside = [f"      {_box(box)}" for box in boxes]
    yield from inside or [f'      {cluster.id}e [label="" shape=plaintext];']
    yield "    }"


def _arrow(arrow: Arrow) -> str:
    _, rim, is_dashed = COLOURS[arrow.tone]
    said = [f'color="{rim}" penwidth=2'] if arrow.tone else []
    said += ["style=dashed"] if is_dashed else []
    said += ["dir=both"] if arrow.goes_both else []
    attributes = f" [{' '.join(said)}]" if said else ""
    return f"{arrow.start} -> {arrow.end}{attributes};"


def _legend(graph: Graph) -> Iterator[str]:
    if graph.tones:
        boxes = (Box(f"is_{tone}", (tone,), tone=tone) for tone in graph.tones)
        yield '  subgraph cluster_legend { label="Legend"; color="#d0d7de";'
        yield from (f"    {_box(box)}" for box in boxes)
        yield "  }"
