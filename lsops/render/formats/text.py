"""Text for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsops.render.document import Document
from lsops.render.findings import finding_lines
from lsops.render.formats import Format
from lsops.render.lines import BAR, SOME, Line
from lsops.render.safe import line

if TYPE_CHECKING:
    from lsops.model.report import Outcome
    from lsops.render.parts import Listing


def text_review(document: Document) -> Iterator[Line]:
    """A plan or drift: its changes, what is no change, findings, what `apply` will need, and the verdict last."""
    from lsops.render.changes import call_lines, group_lines

    if document.subject == "drift" and document.entries:
        yield Line("What differs, live -> manifest:", "note")
    for group in document.groups():
        yield from group_lines(group)
    if document.entries:
        yield Line("")
    for listing in document.listings:
        yield from _listed(listing, verbose=document.look.verbose)
    yield from _unread_lines(document)
    if document.look.verbose and len(document.calls) > 1:
        yield from call_lines(document.calls)
    yield from finding_lines((*document.findings, *document.failures), document.look.prefix)
    yield from _needs_lines(document)
    if document.shard:
        yield Line(f"of shard {document.shard} alone: the others plan what else the manifest has", "note")
    yield verdict_line(document)


def text_report(document: Document) -> Iterator[Line]:
    """What was not done and why, then what was done besides, then the counts."""
    for ending in document.endings:
        yield from _ending_lines(ending.outcome, document.look.prefix)
    for ending in document.endings:
        for text in ending.news:
            yield Line(f"warning: {line(ending.outcome.address)}: {line(text)}", "warning")
    if document.errands:
        from lsops.render.errands import errand_lines

        yield from errand_lines(document.errands, document.look.prefix)
    yield verdict_line(document)


def text_errors(document: Document) -> Iterator[Line]:
    """Every finding."""
    return finding_lines(document.findings, document.look.prefix)


def text_settings(document: Document) -> Iterator[Line]:
    """A table of what was found."""
    width = max(map(len, document.settings), default=0)
    return (Line(f"{name.ljust(width)}  {line(str(value))}") for name, value in document.settings.items())


def text_explanation(document: Document) -> Iterator[Line]:
    """The fields of one resource."""
    from lsops.model.explanation import Explanation
    from lsops.render.explaining import explanation_lines

    assert isinstance(document.value, Explanation)  # noqa: S101  # a document of an explanation
    return explanation_lines(document.value)


def text_dump(document: Document) -> Iterator[Line]:
    """What to set, what was left out and what could not be read, then how much was written."""
    for listing in document.listings:
        yield from _listed(listing, verbose=document.look.verbose)
    yield from finding_lines(document.failures)
    yield verdict_line(document)


def text_adoption(document: Document) -> Iterator[Line]:
    """The diff of a dry run, else what came into the manifest; what to set, and what was left out."""
    signs = {"+": "create", "-": "delete", "@": "note"}
    for row in document.settings.get("diff", "").split("\n"):
        if row:
            yield Line(row, signs.get(row[0], ""))
    for listing in document.listings:
        yield from _listed(listing, verbose=document.look.verbose)
    yield verdict_line(document)


def text_errands(document: Document) -> Iterator[Line]:
    """How each part ended, then how many."""
    from lsops.render.errands import errand_lines

    yield from errand_lines(document.errands, document.look.prefix)
    yield verdict_line(document)


def verdict_line(document: Document) -> Line:
    """The last line of a document."""
    verdict = document.verdict
    if verdict.is_quiet and document.place:
        return Line(f"{verdict.words} {document.matching} {line(document.place)}", "title")
    return Line(verdict.words, "error" if verdict.is_bad else "title")


def _needs_lines(document: Document) -> Iterator[Line]:
    if document.refused:
        yield Line(f"apply will refuse this plan: {document.refused}", "error")
    yield from (Line(f"apply will need {line(flag)}", "warning") for flag in document.flags)
    if document.mails:
        yield Line(document.mails, "note")


def _unread_lines(document: Document) -> Iterator[Line]:
    if document.unread:
        yield Line(document.unread, "note")
    if document.look.verbose:
        yield from (Line(f"{BAR}   {line(address)}", "note") for address in document.unreadable)


def _listed(listing: Listing, *, verbose: bool) -> Iterator[Line]:
    """Addresses beneath their number and a title, only the first ones of a short one; nothing where there are none."""
    addresses = listing.addresses
    if not addresses:
        return
    yield Line(f"{len(addresses)} {listing.title}:", "note")
    shown = addresses[:SOME] if listing.is_short and not verbose else addresses
    yield from (Line(f"{BAR}   {line(address)}", "note") for address in shown)
    if len(shown) < len(addresses):
        yield Line(f"{BAR}   and {len(addresses) - len(shown)} more (-v lists them)", "note")


def _ending_lines(outcome: Outcome, prefix: str) -> Iterator[Line]:
    if outcome.outcome == "failed" and outcome.finding:
        yield from finding_lines([outcome.finding], prefix)
    elif outcome.outcome == "skipped":
        yield Line(f"skipped {line(outcome.address)}: {line(outcome.reason)}", "warning")


FORMAT = Format(
    {
        "plan": text_review,
        "drift": text_review,
        "report": text_report,
        "errors": text_errors,
        "valid": lambda document: [verdict_line(document)],
        "settings": text_settings,
        "explain": text_explanation,
        "dump": text_dump,
        "adopt": text_adoption,
        "errands": text_errands,
    },
    rank=0,
)
