"""Errors and warnings as people read them, and as a JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lsops.errors import Finding
from lsops.render.lines import Line
from lsops.render.safe import line

FORMAT = "lsops.errors/1"


def as_lines(findings: Iterable[Finding], prefix: str = "") -> Iterator[Line]:
    """Each finding as `file:line:column: error[CODE]: message`, its address, and a hint.

    `prefix` is put before file names: the way from where the user is to the manifest's folder.
    """
    for finding in findings:
        place = f"{_own_start(line(prefix + str(finding.source)))}: " if finding.source else ""
        yield Line(f"{place}{finding.severity}[{line(finding.code)}]: {line(finding.words(prefix))}", finding.severity)
        if finding.address:
            yield Line(_indented(line(finding.address)), "note")
        if finding.hint:
            yield Line(_indented(line(finding.hint)), "note")


def _indented(text: str) -> str:
    """A runner trims a line before it looks for a command, so blanks alone are no start of our own."""
    return f"  {text}" if text[0].isalnum() or text[0] in "/-$" else f"| {text}"


def _own_start(place: str) -> str:
    """A file's name is foreign text too: one like `::error::` must not begin the line."""
    return place if place[0].isalnum() or place[0] in "./_" else "./" + place


def as_document(findings: Iterable[Finding]) -> dict[str, Any]:
    """The findings as `lsops.errors/1`."""
    return {"format": FORMAT, "errors": [finding.as_document() for finding in findings]}
