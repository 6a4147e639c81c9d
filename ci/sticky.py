"""Texts of ours on the forge: found again by the marker in their first line, and by who wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from runner import StepFailed

MARKER = re.compile(r"<!-- lsops:[a-z]+( [A-Za-z0-9_.~%…-]+)? -->")
LONGEST_BODY = 65_536
"""Signs of a comment; lsops stays below it."""


def text_of(path: Path, environment: str) -> tuple[str, str]:
    """The marker of a text that lsops wrote, and the whole text.

    Where a flag is wrong lsops knows of no environment yet; the text is that environment's all the same.
    """
    first, _, rest = path.read_text("utf-8").partition("\n")
    found = MARKER.fullmatch(first.rstrip())
    if found is None:
        raise StepFailed(f"{path.name} does not begin with the marker by which it would be found again.")
    marker = found[0]
    if environment and not found[1]:
        marker = marker.replace(" -->", f" {quote(environment, safe='')} -->")
    return marker, f"{marker}\n{rest}"


def ours(entries: Iterable[dict[str, Any]], marker: str, author: str) -> Iterator[dict[str, Any]]:
    """What has the marker as its first line and was written by us: anyone can write such a line."""
    for entry in entries:
        login = (entry.get("user") or {}).get("login")
        if login == author and (entry.get("body") or "").partition("\n")[0].rstrip() == marker:
            yield entry


def with_footer(text: str, footer: str) -> str:
    """A text and where it comes from, if both fit."""
    whole = f"{text.rstrip()}\n\n<sub>{footer}</sub>\n"
    return whole if len(whole) <= LONGEST_BODY else text
