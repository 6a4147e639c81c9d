"""Plans, drift and errors as Markdown, for a comment on a pull request or the body of an issue.

What needs a decision stands first: errors, what `apply` will need, what could not be read, who gets in and where data
goes, then deletes before creates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from lsops.engine.drift import Drift, observed, word_for
from lsops.engine.needs import needed_flags, refused
from lsops.errors import Finding
from lsops.model import Change, Facts, Plan
from lsops.render.drift import REMARKS, counted
from lsops.render.exposure import exposing_first, is_exposing, rarest_first
from lsops.render.lines import Line, plural
from lsops.render.markdown_parts import change_piece, finding_piece, list_piece
from lsops.render.markup import BUDGET, Fitted, Piece, code, cut, fit
from lsops.render.text import LEFT_OUT, PENDING, UNMANAGED, mailed, summary_line, unread

RESERVE = 400
"""Bytes for saying what is left out."""
FOR_NEEDS = 20_000
"""Bytes of what `apply` will need, at most."""
LONGEST = 200
"""Characters of a server's URL or an environment's name."""

_GAP = re.compile(r"\n{3,}")
"""More than one blank line between two parts; in a fence every line has a sign."""

ACTIONS = {"delete": "To delete", "replace": "To replace", "update": "To update", "create": "To create"}
EXPOSING = "Who gets in, and where data goes"
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
        *_findings("Errors", _errors(plan), prefix),
        _needs(plan),
        *_findings("Not read", plan.failures, prefix),
        *_listed(PENDING, plan.pending),
        *_sections(ACTIONS, plan.changes, lambda change: change.action, piece),
        *_rest(plan, prefix),
    )
    return _lines(parts, "show PLAN")


def drift_markdown(drift: Drift, *, verbose: bool = False, prefix: str = "") -> Iterator[Line]:
    """Drift within the budget; its summary always is in it."""
    plan = drift.plan

    def piece(change: Change) -> Piece:
        remark = REMARKS.get(word_for(change), "") if is_exposing(change) else ""
        return change_piece(observed(change, verbose=verbose), verbose=verbose, prefix=prefix, remark=remark)

    parts = (
        f"## lsops drift{_environment(plan.facts)}\n",
        _drift_summary(drift),
        *_findings("Errors", _errors(plan), prefix),
        *_findings("Not read", plan.failures, prefix),
        *_listed(PENDING, plan.pending),
        *_sections(WORDS, drift.differences, word_for, piece),
        *_rest(plan, prefix),
    )
    return _lines(parts, "drift")


def errors_markdown(findings: Sequence[Finding], verb: str = "", prefix: str = "") -> Iterator[Line]:
    """What a command has instead of a result: its errors, counted."""
    errors = [item for item in findings if item.is_error]
    parts = (
        f"## lsops {verb}".rstrip() + "\n",
        f"\n**Failed: {plural(len(errors), 'error')}.**\n",
        *_findings("Errors", errors, prefix),
        *_findings("Warnings", [item for item in findings if not item.is_error], prefix),
    )
    return _lines(parts, verb or "validate")


def validation_markdown(resources: int, warnings: Sequence[Finding], prefix: str = "") -> Iterator[Line]:
    """What a manifest without errors holds, and what is doubtful in it."""
    warned = f", {plural(len(warnings), 'warning')}" if warnings else ""
    parts = (
        "## lsops validate\n",
        f"\n**Valid: {plural(resources, 'resource')}{warned}.**\n",
        *_findings("Warnings", warnings, prefix),
    )
    return _lines(parts, "validate")


# ---- what always is in -------------------------------------------------------------------------


def _environment(facts: Facts) -> str:
    return f" for {code(cut(facts.environment, LONGEST))}" if facts.environment else ""


def _summary(plan: Plan) -> str:
    stop = _refusal(plan)
    if not plan.changes and not plan.failures:
        return _matching(plan, f"{stop}No changes.")
    return f"\n**{stop}{summary_line(plan).text}** {_server(plan)}\n"


def _refusal(plan: Plan) -> str:
    """How much speaks against the plan, with a blank after it; empty for nothing."""
    errors = len(_errors(plan))
    reasons = ", ".join(filter(None, (plural(errors, "error") if errors else "", refused(plan))))
    return f"Refused: {reasons}. " if reasons else ""


def _errors(plan: Plan) -> tuple[Finding, ...]:
    """What checks of the server refuse; a plan has it among its warnings."""
    return tuple(item for item in plan.warnings if item.is_error)


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
    rows = [f"- {code(flag)}\n" for flag in needed_flags(plan)]
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
    exposing = rarest_first(change for change in changes if is_exposing(change))
    others = {name: [c for c in changes if sort(c) == name and not is_exposing(c)] for name in titles}
    crowds = Counter((change.kind, sort(change)) for change in changes)
    for title, found in ((EXPOSING, exposing), *((titles[name], found) for name, found in others.items())):
        if found:
            yield f"\n### {title} ({len(found)})\n"
            yield from (replace(piece(change), crowd=crowds[change.kind, sort(change)]) for change in found)


def _findings(title: str, findings: Sequence[Finding], prefix: str) -> Iterator[str | Piece]:
    if findings:
        yield f"\n### {title} ({len(findings)})\n\n"
        yield from (replace(finding_piece(finding, prefix), crowd=len(findings)) for finding in findings)


def _listed(title: str, addresses: Sequence[str]) -> Iterator[Piece]:
    if addresses:
        yield list_piece(title, addresses)


def _rest(plan: Plan, prefix: str) -> Iterator[str | Piece]:
    yield from _findings("Warnings", [item for item in plan.warnings if not item.is_error], prefix)
    yield from _listed(UNMANAGED, exposing_first(plan.unmanaged))
    yield from _listed(LEFT_OUT, plan.left_out)
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
