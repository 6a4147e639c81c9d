"""Graphs as those that draw them read them: Mermaid's own parser in one node process, and graphviz."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

NODE = Path(__file__).parents[1] / "node"
WITH_MERMAID = pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "node_modules" / "mermaid").is_dir(),
    reason="Mermaid's parser is not installed: run `npm ci` in tests/node",
)
WITH_GRAPHVIZ = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed: there is no `dot`")


@dataclass(frozen=True)
class Flowchart:
    """What Mermaid's parser finds in a text: the labels of boxes and of subgraphs by lines, and how many arrows."""

    boxes: tuple[tuple[str, ...], ...]
    clusters: tuple[tuple[str, ...], ...]
    arrows: int
    links: int


def flowcharts(texts: Sequence[str]) -> list[Flowchart]:
    """What Mermaid reads in each text; none of them may be wrong."""
    command = ["node", "parse.mjs"]
    made = subprocess.run(
        command, cwd=NODE, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=60
    )
    answers = json.loads(made.stdout)
    assert [(text, one["error"]) for text, one in zip(texts, answers, strict=True) if one["error"]] == []
    return [Flowchart(_labels(one["nodes"]), _labels(one["groups"]), one["edges"], one["links"]) for one in answers]


def graphviz(text: str, form: str = "svg") -> str:
    """What graphviz makes of a DOT text, which must not be wrong or doubtful."""
    made = subprocess.run(["dot", f"-T{form}"], input=text, capture_output=True, text=True, check=True, timeout=60)
    assert made.stderr == ""
    return made.stdout


def _labels(found: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(_decoded, label.split("<br>"))) for label in found)


def _decoded(text: str) -> str:
    """A text with the numbers of characters as Mermaid has them inside, which it draws as the characters."""
    return re.sub(r"ﬂ°°([0-9]+)¶ß", lambda found: chr(int(found[1])), text)
