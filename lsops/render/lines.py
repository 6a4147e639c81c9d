"""A rendered text before it is printed: lines with the name of a style each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `style` is `create update replace delete error warning note title` or empty."""

    text: str
    style: str = ""


def as_text(lines: Iterable[Line]) -> str:
    """The lines without styles."""
    return "".join(line.text + "\n" for line in lines)


def plural(number: int, word: str) -> str:
    """`1 project`, `2 projects`."""
    return f"{number} {word}" + ("" if number == 1 else "s")
