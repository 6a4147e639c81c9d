"""Errors and warnings as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsops.errors import Finding
from lsops.render.lines import Line
from lsops.render.safe import line

MANY = 4
"""Equal findings from which on they are told as one."""
SHOWN = 3
"""How many of the others are named."""


def finding_lines(findings: Iterable[Finding], prefix: str = "") -> Iterator[Line]:
    """Each finding as `file:line:column: error[CODE]: message`, its address, and a hint; many equal ones as one.

    `prefix` is put before file names: the way from where the user is to the manifest's folder.
    """
    for equal in _grouped(findings):
        finding = equal[0]
        yield Line(f"{_start(finding, prefix)}{line(finding.words(prefix))}", finding.severity)
        if finding.address:
            yield Line(_indented(line(finding.address)), "note")
        if finding.hint:
            yield Line(_indented(line(finding.hint)), "note")
        if len(equal) > 1:
            yield Line(_indented(_others(equal, prefix)), "note")


def _grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that say the same of more than a few places together, where the first of them stands; others alone."""
    alike: dict[tuple[str, str, str, str], list[Finding]] = {}
    ordered = list(findings)
    for finding in ordered:
        alike.setdefault(_said(finding), []).append(finding)
    groups = []
    for finding in ordered:
        equal = alike[_said(finding)]
        if len(equal) < MANY:
            groups.append([finding])
        elif finding is equal[0]:
            groups.append(equal)
    return groups


def _said(finding: Finding) -> tuple[str, str, str, str]:
    return finding.severity, finding.code, finding.message, finding.hint


def _others(findings: Sequence[Finding], prefix: str) -> str:
    """`and 265 more like it: a.yaml:4:5, a.yaml:9:5, …`; by their addresses where all have one place."""
    are_apart, others = len({one.source for one in findings}) > 1, findings[1:]
    places = [
        line(str(one.source.seen_from(prefix))) if one.source and (are_apart or not one.address) else line(one.address)
        for one in others[:SHOWN]
    ]
    rest = ", …" if len(others) > SHOWN else ""
    return f"and {len(others):,} more like it: {', '.join(places)}{rest}"


def _start(finding: Finding, prefix: str) -> str:
    place = f"{_own_start(line(str(finding.source.seen_from(prefix))))}: " if finding.source else ""
    return f"{place}{finding.severity}[{line(finding.code)}]: "


def _indented(text: str) -> str:
    """A runner trims a line before it looks for a command, so blanks alone are no start of our own."""
    return f"  {text}" if text[0].isalnum() or text[0] in "/-$" else f"| {text}"


def _own_start(place: str) -> str:
    """A file's name is foreign text too: one like `::error::` must not begin the line."""
    return place if place[0].isalnum() or place[0] in "./_" else "./" + place
