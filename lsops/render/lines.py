"""A rendered text before it is printed: lines with the name of a style each."""

from __future__ import annotations

from dataclasses import dataclass

BAR = "|"
"""With which a line begins that holds foreign text and no sign of its own."""
SOME = 10
"""How many addresses of a long list are named."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `style` is `create update replace delete error warning note title` or empty."""

    text: str
    style: str = ""


def plural(number: int, word: str) -> str:
    """`1 project`, `2 projects`."""
    return f"{number} {word}" + ("" if number == 1 else "s")
