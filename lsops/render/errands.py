"""What is told of work on data: how each part of it ended, then how many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsops.render.document import Document, Look, Verdict
from lsops.render.findings import finding_lines
from lsops.render.lines import BAR, Line
from lsops.render.safe import line

if TYPE_CHECKING:
    from lsops.model.errand import Errand, Errands

STYLES = {"done": "create", "started": "note", "skipped": "warning", "failed": "error"}


def of_errands(errands: Errands, look: Look) -> Document:
    """What became of each."""
    ends = {end: errands.count(end) for end in ("done", "started", "failed", "skipped")}
    said = ", ".join(f"{number} {end}" for end, number in ends.items() if number or end == "done")
    words = f"{errands.verb.capitalize()} {'complete' if errands.complete else 'incomplete'}: {said}."
    return Document(
        "errands",
        Verdict(words, is_bad=not errands.complete),
        errands.verb,
        look,
        counts=ends,
        findings=tuple(one.finding for one in errands.items if one.end == "failed" and one.finding),
        facts=errands.server,
        errands=errands.items,
        value=errands,
    )


def errand_lines(items: tuple[Errand, ...], prefix: str = "") -> Iterator[Line]:
    """A line for each, and what a file or a line of the manifest has to do with its failure."""
    for one in items:
        if one.end == "failed" and one.finding is not None and one.finding.source is not None:
            yield from finding_lines([one.finding], prefix)
        else:
            told = f": {line(one.told)}" if one.told else ""
            yield Line(f"{BAR} {one.end} {line(one.address)}{told}", STYLES[one.end])
