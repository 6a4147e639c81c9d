"""The table of the sandbox's open points: names and answers from its code, what they ask from `open_points.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from lsops.sandbox.unknown import points

QUESTIONS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("open_points.yaml").read_text("utf-8"))


def open_points() -> str:
    """The table, by name; the sandbox gives the first answer by itself.

    Raises: KeyError, where nobody has said in `open_points.yaml` what a point is about.
    """
    return "\n".join(["| point | what is not known | answers |", "|---|---|---|", *_rows()])


def _rows() -> Iterator[str]:
    for name, answers in sorted(points().items()):
        yield f"| `{name}` | {QUESTIONS[name]} | {', '.join(f'`{answer}`' for answer in answers)} |"
