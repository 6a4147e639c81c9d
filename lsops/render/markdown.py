"""Plans and drift as Markdown, for a comment on a pull request or the body of an issue.

What needs a decision stands first: what `apply` will need, what could not be read, then deletes before creates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from lsops.engine.consent import refused
from lsops.engine.drift import Drift, observed, word_for
from lsops.errors import Finding
from lsops.model import Change, Facts, Plan
from lsops.render.drift import counted
from lsops.render.lines import Line, plural
from lsops.render.markdown_parts import change_piece, finding_piece, list_piece
from lsops.render.markup import BUDGET, Fitted, Piece, code, cut, fit
from lsops.render.text import LEFT_OUT, PENDING, UNMANAGED, mailed, needed, summary_line, unread

RESERVE = 400
"""Bytes for saying what is left out."""
FOR_NEEDS = 20_000
"""Bytes of what `apply` will need, at most."""
LONGEST = 200
"""Characters of a server's URL or an environment's name."""

_GAP = re.compile(r"\n{3,}")
"""More than one blank line between two parts; in a fence every line has a sign."""

ACTIONS = {"delete": "To delete", "replace": "To replace", "update": "To update", "create": "To create"}
WORDS = {
    "unwanted": "Should not be on the server",
    "missing": "Missing on the server",
    "changed": "Changed, live → manifest",
}


def plan_markdown(plan: Plan, *, verbose: bool = False, prefix: str = "") -> Iterator[Line]:
    """A plan within the budget; its summary and what `apply` will need always are in it."""

    def piece(change: Change) -> Piece:
        return change_piece(change, verbose=verbose, prefix=prefix)

    parts = (
        f"## lsops plan{_environment(plan.facts)}\n",
        _summary(plan),
        _needs(plan),
        *_findings("Not read", plan.failures, prefix),
        *_sections(ACTIONS, plan.changes, lambda change: change.action, piece),
        *_rest(plan, prefix),
    )
    return _lines(parts, "show PLAN")


def drift_markdown(drift: Drift, *, verbose: bool = False, prefix: str = "") -> Iterator[Line]:
    """Drift within the budget; its summary always is in it."""
    plan = drift.plan

    def piece(change: Change) -> Piece:
        return change_piece(observed(change, verbose=verbose), verbose=verbose, prefix=prefix)

    parts = (
        f"## lsops drift{_environment(plan.facts)}\n",
        _drift_summary(drift),
        *_findings("Not read", plan.failures, prefix),
        *_sections(WORDS, drift.differences, word_for, piece),
        *_rest(plan, prefix),
    )
    return _lines(parts, "drift")


# ---- what always is in -------------------------------------------------------------------------


def _environment(facts: Facts) -> str:
    return f" for {code(cut(facts.environment, LONGEST))}" if facts.environment else ""


def _summary(plan: Plan) -> str:
    if not plan.changes and not plan.failures:
        return _matching(plan, "No changes.")
    return f"\n**{summary_line(plan).text}** {_server(plan)}\n"


def _drift_summary(drift: Drift) -> str:
    plan = drift.plan
    if plan.failures:
        failed = plural(len(plan.failures), "read")
        return f"\n**Drift incomplete: {failed} failed; of the rest: {counted(drift)}.** {_server(plan)}\n"
    if drift.is_there:
        return f"\n**Drift: {counted(drift)}.** {_server(plan)}\n"
    return _matching(plan, f"No drift{f', {len(plan.unmanaged)} unmanaged' if plan.unmanaged else ''}.")


def _matching(plan: Plan, verdict: str) -> str:
    return f"\n**{verdict}** {_matches(plan)} {code(cut(plan.facts.url, LONGEST))}\n"


def _matches(plan: Plan) -> str:
    return f"{plural(plan.unchanged, 'resource')} {'matches' if plan.unchanged == 1 else 'match'}"


def _server(plan: Plan) -> str:
    facts = plan.facts
    edition, release = code(cut(facts.edition, LONGEST)), code(cut(facts.release, LONGEST))
    return f"Server: {code(cut(facts.url, LONGEST))} ({edition} {release}); {_matches(plan)}."


def _needs(plan: Plan) -> str:
    """The flags of `apply`; those that are too many are counted."""
    rows = [f"- {code(flag)}\n" for flag in needed(plan)]
    kept, size = 0, 0
    for row in rows:
        size += len(row.encode())
        if size > FOR_NEEDS:
            break
        kept += 1
    more = [f"- and {len(rows) - kept} more `--allow-data-loss`\n"] if kept < len(rows) else []
    stop = [f"\n**`lsops apply` will refuse this plan: {said}.**\n"] if (said := refused(plan)) else []
    told = [*stop, "\n`lsops apply` will need:\n\n", *rows[:kept], *more] if rows else stop
    return "".join([*told, *(f"\n{text}\n" for text in mailed(plan))])


# ---- what may be left out ----------------------------------------------------------------------


def _sections(
    titles: dict[str, str], changes: Sequence[Change], sort: Callable[[Change], str], piece: Callable[[Change], Piece]
) -> Iterator[str | Piece]:
    for name, title in titles.items():
        found = [change for change in changes if sort(change) == name]
        if found:
            yield f"\n### {title} ({len(found)})\n"
            yield from map(piece, found)


def _findings(title: str, findings: Sequence[Finding], prefix: str) -> Iterator[str | Piece]:
    if findings:
        yield f"\n### {title} ({len(findings)})\n\n"
        yield from (finding_piece(finding, prefix) for finding in findings)


def _rest(plan: Plan, prefix: str) -> Iterator[str | Piece]:
    yield from _findings("Warnings", plan.warnings, prefix)
    lists = ((UNMANAGED, plan.unmanaged), (PENDING, plan.pending), (LEFT_OUT, plan.left_out))
    yield from (list_piece(title, addresses) for title, addresses in lists if addresses)
    if text := unread(plan):
        yield f"\n{text}\n"


def _lines(parts: Iterable[str | Piece], verb: str) -> Iterator[Line]:
    fitted = fit(parts, BUDGET - RESERVE)
    text = _GAP.sub("\n\n", fitted.text + _omissions(fitted, verb))
    yield from (Line(row) for row in text.split("\n")[:-1])


def _omissions(fitted: Fitted, verb: str) -> str:
    """What the text lacks, and where to find it."""
    pairs = (("left out", fitted.left_out), ("shortened", fitted.shortened))
    said = [f"{plural(number, what)} {how}" for how, counts in pairs for what, number in counts.items()]
    return f"\n---\n\n**{', '.join(said)}** to keep this short; `lsops {verb}` lists them.\n" if said else ""
