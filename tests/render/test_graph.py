"""The forms of a graph: what Mermaid's own parser and graphviz read is what the graph says, whatever the titles are."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lsops.errors import LsopsError, UsageError
from lsops.model.graph import Arrow, Box, Cluster, Graph
from lsops.render.graph.colours import text_of
from lsops.render.graph.dot import dot
from lsops.render.graph.mermaid import MOST_ARROWS, mermaid, too_much
from lsops.render.graph.svg import svg
from tests.support.graphs import WITH_GRAPHVIZ, WITH_MERMAID, flowcharts, graphviz

GRAPH = Graph(
    "Clinic",
    clusters=(Cluster("c1", "Radiology", "created"), Cluster("c2", "Empty")),
    boxes=(
        Box("n1", ("Chest", "2 views"), cluster="c1", tone="changed"),
        Box("n2", ("Loose",), "note", tone="deleted"),
        Box("s1", ("s3", "scans"), "cylinder", is_outside=True),
        Box("s2", ("ML backend", "models.example"), "component", is_outside=True, tone="undeclared"),
        Box("s3", ("webhook", "hooks.example"), "stadium", is_outside=True),
    ),
    arrows=(Arrow("s1", "n1"), Arrow("n1", "s2", "created", goes_both=True), Arrow("n2", "s3", "deleted")),
)
HOSTILE = (
    'a"b', "a'b", "a`b`", "`a`", "a]b", "a[b", "a)b(", "a}b{", "a|b|c", "<script>alert(1)</script>", "<b>x</b>", "a<br>b",
    "&lt;x&gt;", "&amp;", "&#34;", "#34;", "#quot;", "a;b", "end", "subgraph x", "%% comment", "%%{init: {}}%%", "click n1",
    'click n1 "https://evil.example"', "n1 --> n2", "-->", "---", "style n1 fill:#f00;", "classDef x fill:#f00;",
    "linkStyle 0 x", "a:::x", "@team", "a@b.example", "https://evil.example/x", "www.evil.example", "fa:fa-car", "1. list",
    "- list", "* list", "# heading", "**bold** _it_", "$$x^2$$", "a\nb", "a\r\nb", "\x1b[31mred", "\u202ereversed", "\u200b",
    "a\\nb", "\\", "\\l\\N", "ﬂ°°35¶ß", "日本語 ü", "😀", " ", "", "::error::x", "##[error]x", "digraph {", "*/", "]]>", "${x}",
)  # fmt: skip

ALTERED = {
    "fa:fa-car": "fa: fa-car",
    "a\\nb": "a\\ nb",
    "\\l\\N": "\\l\\ N",
    "$$x^2$$": "$ $x^2$ $",
    "ﬂ°°35¶ß": "fl°°35¶ß",
}
"""What Mermaid would take for an icon, a line's end, a formula or its own even as numbers."""


def titled(title: str) -> Graph:
    """The graph with that title wherever foreign text stands."""
    boxes = tuple(replace(box, lines=(title, title)) for box in GRAPH.boxes)
    clusters = tuple(replace(cluster, title=title) for cluster in GRAPH.clusters)
    return replace(GRAPH, title=title, boxes=boxes, clusters=clusters)


def mermaid_of(graph: Graph) -> str:
    return "\n".join(mermaid(graph))


def dot_of(graph: Graph) -> str:
    return "\n".join(dot(graph))


def texts_in(document: str) -> list[str]:
    """All that an SVG document shows, and it has nothing but shapes and texts."""
    root = ET.fromstring(document)  # made by graphviz of our own text
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "g", "title", "polygon", "path", "text", "ellipse", "polyline"}
    return [element.text or "" for element in root.iter() if element.tag.endswith("}text")]


def test_mermaid_is_as_agreed() -> None:
    graph = replace(GRAPH, clusters=GRAPH.clusters[:1], boxes=GRAPH.boxes[:3], arrows=GRAPH.arrows[:1])
    assert mermaid_of(graph).splitlines() == [
        "flowchart LR",
        '  s1[("s3<br>scans")]',
        '  subgraph org["Clinic"]',
        '    subgraph c1["Radiology"]',
        '      n1["Chest<br>2 views"]',
        "    end",
        '    n2("Loose")',
        "  end",
        '  subgraph legend["Legend"]',
        '    is_created["created"]',
        '    is_changed["changed"]',
        '    is_deleted["deleted"]',
        "  end",
        "  s1 --> n1",
        "  classDef created fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
        "  class is_created,c1 created",
        "  classDef changed fill:#fff1c2,stroke:#9a6700,color:#1f2328",
        "  class is_changed,n1 changed",
        "  classDef deleted fill:#ffd8d3,stroke:#cf222e,color:#1f2328,stroke-dasharray:5 3",
        "  class is_deleted,n2 deleted",
    ]


@WITH_MERMAID
def test_mermaid_reads_every_title_as_it_is_and_nothing_else_changes() -> None:
    graphs = [GRAPH, Graph("nothing"), *map(titled, HOSTILE)]
    plain, _, *found = flowcharts(list(map(mermaid_of, graphs)))
    assert (len(plain.boxes), len(plain.clusters), plain.arrows, plain.links) == (10, 4, 3, 0)
    for title, one in zip(HOSTILE, found, strict=True):
        shown = ALTERED.get(title, text_of(title.strip()))
        assert one.boxes.count((shown, shown)) == len(GRAPH.boxes), title
        assert one.clusters.count((shown,)) == 3, title
        assert (len(one.boxes), len(one.clusters), one.arrows, one.links) == (10, 4, 3, 0), title


@WITH_GRAPHVIZ
def test_graphviz_reads_every_title_as_it_is_and_nothing_else_changes() -> None:
    together = "\n".join(dot_of(titled(title)) for title in HOSTILE)
    documents = re.split(r"(?=<\?xml)", graphviz(together))[1:]
    for title, document in zip(HOSTILE, documents, strict=True):
        shown = [text.replace("\xa0", " ") for text in texts_in(document)]
        assert shown.count(text_of(title)) == 2 * len(GRAPH.boxes) + len(GRAPH.clusters) + 1, title
        assert len(shown) == 2 * len(GRAPH.boxes) + len(GRAPH.clusters) + 1 + len(("Legend", *GRAPH.tones)), title


@WITH_GRAPHVIZ
def test_svg_is_what_graphviz_makes_of_it() -> None:
    assert {"Clinic", "Radiology", "Chest", "Legend", "undeclared"} <= set(texts_in(svg(GRAPH, dict(os.environ))))


def test_without_graphviz_svg_says_what_to_install() -> None:
    with pytest.raises(UsageError, match="dot of graphviz") as caught:
        svg(GRAPH, {"PATH": "/nowhere"})
    assert caught.value.findings[0].code == "LS617"
    assert "install graphviz" in (caught.value.findings[0].hint or "")


def test_what_graphviz_says_of_a_failure_is_told(tmp_path: Path) -> None:
    (tmp_path / "dot").write_text("#!/bin/sh\ncat > /dev/null\necho 'no font' >&2\nexit 1\n")
    (tmp_path / "dot").chmod(0o755)
    with pytest.raises(LsopsError, match="dot could not draw the graph: no font") as caught:
        svg(GRAPH, {"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert caught.value.findings[0].code == "LS618"


def test_what_mermaid_would_not_draw_is_said() -> None:
    many = replace(GRAPH, arrows=GRAPH.arrows[:1] * (MOST_ARROWS + 1))
    assert too_much(many, "") == "501 arrows, and Mermaid draws 500"
    assert too_much(GRAPH, "x" * 50_001) == "50,001 characters, and Mermaid draws 50,000"
    assert too_much(GRAPH, mermaid_of(GRAPH)) == ""
