"""Drift as text and as a JSON document: what differs, and apart from it what is live and unmanaged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsops.engine.drift import Drift, observed, word_for
from lsops.engine.planfile import as_document
from lsops.model.plan import Change
from lsops.render.changes import BAR, change_lines
from lsops.render.findings import as_lines
from lsops.render.lines import Line, plural
from lsops.render.safe import line
from lsops.render.text import LEFT_OUT, PENDING, UNMANAGED, listed, unread_lines

FORMAT = "lsops.drift/1"
REMARKS = {"missing": "missing on the server", "unwanted": "should not be on the server"}


def drift_lines(drift: Drift, *, verbose: bool = False, prefix: str = "") -> Iterator[Line]:
    """What differs, what is unmanaged (all of it), and the counts last."""
    plan = drift.plan
    if drift.differences:
        yield Line("What differs, live -> manifest:", "note")
        for change in drift.differences:
            yield from _difference(change, verbose=verbose, prefix=prefix)
        yield Line("")
    yield from listed(UNMANAGED, plan.unmanaged, verbose=True)
    yield from listed(PENDING, plan.pending, verbose=True)
    yield from listed(LEFT_OUT, plan.left_out, verbose=verbose)
    yield from unread_lines(plan, verbose=verbose)
    yield from as_lines((*plan.warnings, *plan.failures), prefix)
    yield Line(_last(drift), "error" if plan.failures else "title")


def counted(drift: Drift) -> str:
    """`2 differences (1 changed, 1 missing, 0 unwanted), 3 unmanaged`."""
    sorts = ", ".join(f"{number} {word}" for word, number in drift.counts.items())
    return f"{plural(sum(drift.counts.values()), 'difference')} ({sorts}), {len(drift.plan.unmanaged)} unmanaged"


def drift_document(drift: Drift) -> dict[str, Any]:
    """The plan's document as `lsops.drift/1`, and whether there is drift."""
    return {**as_document(drift.plan), "format": FORMAT, "drift": drift.is_there}


def _difference(change: Change, *, verbose: bool, prefix: str) -> Iterator[Line]:
    head, *rest = change_lines(observed(change, verbose=verbose), verbose=verbose, prefix=prefix)
    yield head
    if remark := REMARKS.get(word_for(change)):
        yield Line(f"{BAR}   {remark}", head.style)
    yield from rest


def _last(drift: Drift) -> str:
    plan = drift.plan
    if plan.failures:
        return f"Drift incomplete: {plural(len(plan.failures), 'read')} failed; of the rest: {counted(drift)}."
    if drift.is_there:
        return f"Drift: {counted(drift)}."
    verb = "matches" if plan.unchanged == 1 else "match"
    strangers = f", {len(plan.unmanaged)} unmanaged" if plan.unmanaged else ""
    return f"No drift{strangers}. {plural(plan.unchanged, 'resource')} {verb} {line(plan.facts.url)}"
