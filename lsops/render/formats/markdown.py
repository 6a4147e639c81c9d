"""Plans, drift and errors as Markdown, for a comment on a pull request or the body of an issue.

A hidden marker comes first, by which a bot finds its comment again. Then what needs a decision: errors, what `apply`
will need, what could not be read, who gets in and where data goes, what goes away or is lost. All else is folded, one
block for each resource that holds others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lsops.errors import Finding
from lsops.model.live import Facts
from lsops.render.document import Document
from lsops.render.exposure import exposing_first
from lsops.render.formats import Format
from lsops.render.lines import Line, plural
from lsops.render.markdown_parts import entry_piece, finding_piece, group_pieces, list_piece
from lsops.render.markup import BUDGET, Fitted, Piece, code, cut, fit, in_html, marker
from lsops.render.parts import Listing

RESERVE = 400
"""Bytes for saying what is left out."""
FOR_NEEDS = 20_000
"""Bytes of what `apply` will need, at most."""
LONGEST_FACT = 200
"""Characters of a server's URL or an environment's name."""

_GAP = re.compile(r"\n{3,}")
"""More than one blank line between two parts; in a fence every line has a sign."""


def markdown_review(document: Document) -> Iterator[Line]:
    """A plan or drift within the budget; its verdict and what `apply` will need always are in it."""
    return _lines(_review(document), document.verb)


def markdown_errors(document: Document) -> Iterator[Line]:
    """What a command has instead of a result, or besides: its verdict, errors and warnings."""
    parts = (
        marker(document.verb or document.subject, document.environment),
        f"## lsops {document.verb}".rstrip() + "\n",
        f"\n**{document.verdict.words}**\n",
        *_findings("Errors", document.errors, document.look.prefix),
        *_findings("Warnings", document.warnings, document.look.prefix),
    )
    return _lines(parts, document.verb or "validate")


def _review(document: Document) -> Iterator[str | Piece]:
    facts, prefix = document.facts, document.look.prefix
    assert facts is not None  # noqa: S101  # a plan and drift have them
    yield marker(document.heading, facts.environment, document.shard)
    part = f", shard {document.shard}" if document.shard else ""
    yield f"## lsops {document.heading}{_environment(facts)}{part}\n"
    yield _summary(document, facts)
    yield from _findings("Errors", document.errors, prefix)
    yield _needs(document)
    yield from _findings("Not read", document.failures, prefix)
    yield from map(_list, document.listed("pending"))
    for section in document.sections():
        yield f"\n### {section.title} ({len(section.entries)})\n"
        yield from map(entry_piece, section.entries)
    yield from _others(document)
    yield from _findings("Warnings", document.warnings, prefix)
    for listing in document.listed("unmanaged"):
        yield _list(replace(listing, addresses=exposing_first(listing.addresses)))
    yield from map(_list, document.listed("left_out"))
    if document.unread:
        yield f"\n{document.unread}\n"


# ---- what always is in -------------------------------------------------------------------------


def _environment(facts: Facts) -> str:
    return f" for {_name(facts.environment)}" if facts.environment else ""


def _summary(document: Document, facts: Facts) -> str:
    stop = f"Refused: {document.objections}. " if document.objections else ""
    words = f"\n**{stop}{document.verdict.words}**"
    if document.verdict.is_quiet:
        return f"{words} {document.matching} {_name(document.place)}\n"
    if facts.is_offline:
        return f"{words} Compared with {_name(document.base)}: {document.matching} it.\n"
    server = f"{_name(facts.url)} ({_name(facts.edition)} {_name(facts.release)})"
    return f"{words} Server: {server}; {document.matching}.\n"


def _name(text: str) -> str:
    return code(cut(text, LONGEST_FACT))


def _needs(document: Document) -> str:
    """The flags of `apply`; those that are too many are counted."""
    rows = [f"- {code(flag)}\n" for flag in document.flags]
    kept, size = 0, 0
    for row in rows:
        size += len(row.encode())
        if size > FOR_NEEDS:
            break
        kept += 1
    more = [f"- and {len(rows) - kept} more `--allow-data-loss`\n"] if kept < len(rows) else []
    stop = [f"\n**`lsops apply` will refuse this plan: {document.refused}.**\n"] if document.refused else []
    told = [*stop, "\n`lsops apply` will need:\n\n", *rows[:kept], *more] if rows else stop
    return "".join([*told, *([f"\n{document.mails}\n"] if document.mails else [])])


# ---- what can wait -----------------------------------------------------------------------------


def _others(document: Document) -> Iterator[str | Piece]:
    """All other changes, folded by what holds them, with how many of which sort there are, and how many stand above."""
    every = {group.address: group for group in document.groups()}
    rest = [*document.rest()]
    if not rest:
        return
    number = sum(map(len, rest))
    other = "Other " if number < len(document.entries) else ""
    what = "differences" if document.subject == "drift" else "changes"
    yield f"\n### {f'{other}{what}'.capitalize()} ({number})\n\n"
    for group in rest:
        above = len(every[group.address]) - len(group)
        counts = Counter(entry.sort for entry in group)
        to = "" if document.subject == "drift" else "to "
        told = ", ".join(f"{counts[sort]} {to}{sort}" for sort in document.titles if counts[sort])
        name = in_html(cut(group.address, LONGEST_FACT)) if group.address else "Organisation"
        yield from group_pieces(group, f"{name}: {told}{f'; {above} above' if above else ''}")


# ---- what may be left out ----------------------------------------------------------------------


def _findings(title: str, findings: Sequence[Finding], prefix: str) -> Iterator[str | Piece]:
    if findings:
        yield f"\n### {title} ({len(findings)})\n\n"
        yield from (finding_piece(finding, prefix, crowd=len(findings)) for finding in findings)


def _list(listing: Listing) -> Piece:
    return list_piece(listing.title, listing.addresses)


def _lines(parts: Iterable[str | Piece], verb: str) -> Iterator[Line]:
    fitted = fit(parts, BUDGET - RESERVE)
    text = _GAP.sub("\n\n", fitted.text + _omissions(fitted, verb))
    yield from (Line(row) for row in text.split("\n")[:-1])


def _omissions(fitted: Fitted, verb: str) -> str:
    """What the text lacks, and where to find it."""
    pairs = (("left out", fitted.left_out), ("shortened", fitted.shortened))
    said = [f"{plural(number, what)} {how}" for how, counts in pairs for what, number in counts.items()]
    return f"\n---\n\n**{', '.join(said)}** to keep this short; `lsops {verb}` lists them.\n" if said else ""


FORMAT = Format(
    {"plan": markdown_review, "drift": markdown_review, "errors": markdown_errors, "valid": markdown_errors},
    rank=2,
)
