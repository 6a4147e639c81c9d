"""What GitLab shows in a merge request: the numbers of a plan for its widget, and findings as a code-quality report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lsops.errors import Finding
from lsops.render.document import Document
from lsops.render.formats import Format
from lsops.render.lines import Line
from lsops.render.places import MANIFEST, relative_path, stable_marks
from lsops.render.safe import line
from lsops.signs import ascii_json, json_line, json_text

SEVERITIES = {True: "major", False: "minor"}
"""By whether it is an error: GitLab's own are info, minor, major, critical and blocker."""


def plan_numbers(document: Document) -> Iterator[Line]:
    """How many there are to create, update and delete; a replace is a delete and a create."""
    counts = document.counts
    yield _numbers(counts["create"] + counts["replace"], counts["update"], counts["delete"] + counts["replace"])


def drift_numbers(document: Document) -> Iterator[Line]:
    """The same of what would undo the drift."""
    yield _numbers(document.counts["missing"], document.counts["changed"], document.counts["unwanted"])


def code_quality(document: Document) -> Iterator[Line]:
    """Every finding, with a fingerprint that stays when lines move."""
    import json

    text = json.dumps(list(_rows(document.findings, document.look.prefix)), indent=2, ensure_ascii=False)
    yield from map(Line, json_text(text).split("\n"))


def _numbers(create: int, update: int, delete: int) -> Line:
    return Line(json_line({"create": create, "update": update, "delete": delete}))


def _rows(findings: Iterable[Finding], prefix: str) -> Iterator[dict[str, Any]]:
    found = [(finding, relative_path(finding.source or MANIFEST, prefix)) for finding in findings]
    marks = stable_marks((one.code, path, one.address, one.message) for one, path in found)
    for (finding, path), mark in zip(found, marks, strict=True):
        hint = f" ({line(finding.hint)})" if finding.hint else ""
        yield {
            "description": f"{line(finding.words(prefix))}{hint}",
            "check_name": finding.code,
            "fingerprint": mark,
            "severity": SEVERITIES[finding.is_error],
            "location": {"path": path, "lines": {"begin": (finding.source or MANIFEST).line}},
        }


FORMAT = Format(
    {"plan": plan_numbers, "drift": drift_numbers, "errors": code_quality, "valid": code_quality},
    in_ascii=ascii_json,
    is_for_programs=True,
)
