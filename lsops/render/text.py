"""Plans and reports as text for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator

from lsops.engine.needs import NOTHING, Consent, needed_flags, refused
from lsops.model import Plan, Report
from lsops.render.changes import BAR, change_lines
from lsops.render.findings import as_lines
from lsops.render.lines import Line, plural
from lsops.render.safe import line

FEW = 10
PENDING = "pending: waiting for the person to join"
UNMANAGED = "live, in a managed collection, not in the manifest"
LEFT_OUT = "left out by the targets or --skip"


def plan_lines(plan: Plan, *, verbose: bool = False, prefix: str = "", given: Consent = NOTHING) -> Iterator[Line]:
    """The plan, its summary last; what was `given` is not asked for again."""
    for change in plan.changes:
        yield from change_lines(change, verbose=verbose, prefix=prefix)
    if plan.changes:
        yield Line("")
    yield from listed(PENDING, plan.pending, verbose=True)
    yield from listed(UNMANAGED, plan.unmanaged, verbose=verbose)
    yield from listed(LEFT_OUT, plan.left_out, verbose=verbose)
    yield from unread_lines(plan, verbose=verbose)
    yield from as_lines((*plan.warnings, *plan.failures), prefix)
    if told := refused(plan):
        yield Line(f"apply will refuse this plan: {told}", "error")
    yield from (Line(f"apply will need {line(flag)}", "warning") for flag in needed_flags(plan, given))
    yield from (Line(text, "note") for text in mailed(plan))
    yield summary_line(plan)


def summary_line(plan: Plan) -> Line:
    """The last line of a plan."""
    counts = plan.summary
    if plan.failures:
        failed = plural(len(plan.failures), "read")
        return Line(f"Plan incomplete: {failed} failed; of the rest: {len(plan.changes)} to change.", "error")
    if plan.changes:
        return Line(
            f"Plan: {counts['create']} to create, {counts['update']} to update, "
            f"{counts['replace']} to replace, {counts['delete']} to delete.",
            "title",
        )
    verb = "matches" if plan.unchanged == 1 else "match"
    return Line(f"No changes. {line(plural(plan.unchanged, 'resource'))} {verb} {line(plan.facts.url)}", "title")


def report_lines(report: Report, prefix: str = "") -> Iterator[Line]:
    """What was not done and why, then the counts of outcomes."""
    for outcome in report.outcomes:
        if outcome.outcome == "failed" and outcome.finding:
            yield from as_lines([outcome.finding], prefix)
        elif outcome.outcome == "skipped":
            yield Line(f"skipped {line(outcome.address)}: {line(outcome.reason)}", "warning")
    yield from _remarks(report)
    yield summed_up(report)


def summed_up(report: Report) -> Line:
    """The last line of a report."""
    done = {item.address for item in report.outcomes if item.outcome == "done"}
    if report.complete:
        counts = report.plan.only(done).summary
        return Line(
            f"Apply complete: {counts['create']} created, {counts['update']} updated, "
            f"{counts['replace']} replaced, {counts['delete']} deleted.",
            "title",
        )
    failed, skipped = report.count("failed"), report.count("skipped")
    return Line(f"Apply incomplete: {len(done)} done, {failed} failed, {skipped} skipped.", "error")


def mailed(plan: Plan) -> Iterator[str]:
    """Whom `apply --invite` would mail, where there is anybody."""
    if plan.context.invitations:
        people = plural(len(plan.context.invitations), "person").replace("persons", "people")
        yield f"apply --invite would mail {people}"


def unread(plan: Plan) -> str:
    """How many fields could not be compared; empty for none."""
    if not plan.unreadable:
        return ""
    verb = "was" if len(plan.unreadable) == 1 else "were"
    return f"{plural(len(plan.unreadable), 'field')} cannot be read back and {verb} not compared."


def unread_lines(plan: Plan, *, verbose: bool) -> Iterator[Line]:
    """How many fields could not be compared, and when verbose which."""
    if text := unread(plan):
        yield Line(text, "note")
    if verbose:
        yield from (Line(f"{BAR}   {line(address)}", "note") for address in plan.unreadable if address)


def listed(title: str, addresses: tuple[str, ...], *, verbose: bool) -> Iterator[Line]:
    """Addresses beneath their number and a title, only the first ones unless verbose; nothing where there are none."""
    if not addresses:
        return
    yield Line(f"{len(addresses)} {title}:", "note")
    shown = addresses if verbose else addresses[:FEW]
    yield from (Line(f"{BAR}   {line(address)}", "note") for address in shown)
    if len(shown) < len(addresses):
        yield Line(f"{BAR}   and {len(addresses) - len(shown)} more (-v lists them)", "note")


def _remarks(report: Report) -> Iterator[Line]:
    """What was done for a change beyond what its plan says."""
    planned = {change.address: change.warnings for change in report.plan.changes}
    for outcome in report.outcomes:
        for text in outcome.warnings if outcome.outcome == "done" else ():
            if text not in planned.get(outcome.address, ()):
                yield Line(f"warning: {line(outcome.address)}: {line(text)}", "warning")
