"""A rendered text before it is printed: lines with the name of a style each."""

from __future__ import annotations

from dataclasses import dataclass

from lsops.signs import plural

__all__ = ["BAR", "SOME", "Line", "plural"]

BAR = "|"
"""With which a line begins that holds foreign text and no sign of its own."""
SOME = 10
"""How many addresses of a long list are named."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `style` is `create update replace delete error warning note title` or empty."""

    text: str
    style: str = ""
