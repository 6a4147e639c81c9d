"""Plans, drift and reports as documents: what is decided before anything has a form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from lsops.engine.drift import Drift, observed, word_for
from lsops.engine.needs import NOTHING, Consent, needed_flags, refused
from lsops.model.plan import Change, Plan
from lsops.model.report import Outcome, Report
from lsops.render.document import Document, Look, Subject, Verdict
from lsops.render.exposure import is_exposing
from lsops.render.groups import as_counted
from lsops.render.lines import plural
from lsops.render.parts import PLAIN, Ending, Entry, Listing

PENDING = "pending: waiting for the person to join"
UNMANAGED = "live, in a managed collection, not in the manifest"
LEFT_OUT = "left out by the targets or --skip"
AS_IN_THE_BASE = "as in what was compared with (--base), or left out: whether they drifted was not looked at"
RELEASED = "no longer in the manifest, and left on the server as they are"

ACTIONS = {"delete": "To delete", "replace": "To replace", "update": "To update", "create": "To create"}
WORDS = {
    "unwanted": "Should not be on the server",
    "missing": "Missing on the server",
    "changed": "Changed, live → manifest",
}
REMARKS = {"missing": "missing on the server", "unwanted": "should not be on the server"}


def of_plan(plan: Plan, look: Look = PLAIN, *, given: Consent = NOTHING) -> Document:
    """A plan; what was `given` is not asked for again."""
    errors, said = len(plan.errors), refused(plan)
    return replace(
        _common(plan, "plan", _plan_verdict(plan), look),
        verb="show PLAN",
        counts=plan.summary,
        objections=", ".join(filter(None, (plural(errors, "error") if errors else "", said))),
        refused=said,
        flags=tuple(needed_flags(plan, given)),
        mails=_mails(plan),
        titles=ACTIONS,
        entries=tuple(_entries(plan.changes, lambda change: change.action, look)),
        calls=plan.changes,
        listings=(
            Listing("pending", PENDING, plan.pending),
            Listing("unmanaged", UNMANAGED, plan.unmanaged, is_short=True),
            Listing("left_out", AS_IN_THE_BASE if plan.only_changed else LEFT_OUT, plan.left_out, is_short=True),
        ),
        value=plan,
    )


def of_diff(plan: Plan, look: Look = PLAIN) -> Document:
    """What one manifest changes of another, which stands for the live side."""
    alike = f"{plural(plan.unchanged, 'resource')} {'is' if plan.unchanged == 1 else 'are'} as in"
    document = of_plan(plan, replace(look, before="base"))
    return replace(
        document,
        verb="diff",
        verdict=Verdict(document.verdict.words.replace("Plan:", "Diff:"), is_quiet=document.verdict.is_quiet),
        matching=alike,
        listings=(
            Listing("unmanaged", RELEASED, plan.unmanaged),
            Listing("left_out", LEFT_OUT, plan.left_out, is_short=True),
        ),
    )


def of_drift(drift: Drift, look: Look = PLAIN) -> Document:
    """Drift: what differs, and all that is live and unmanaged."""
    plan = drift.plan
    told = _entries(drift.differences, word_for, look)
    return replace(
        _common(plan, "drift", _drift_verdict(drift), look),
        counts=dict(drift.counts.items()),
        titles=WORDS,
        entries=tuple(
            replace(
                one,
                change=observed(one.change, verbose=look.verbose),
                remark=REMARKS.get(one.sort, ""),
                deeds=drift.who.get(one.change.address),
            )
            for one in told
        ),
        listings=(
            Listing("unmanaged", UNMANAGED, plan.unmanaged),
            Listing("pending", PENDING, plan.pending),
            Listing("left_out", LEFT_OUT, plan.left_out, is_short=True),
        ),
        value=drift,
    )


def of_report(report: Report, look: Look = PLAIN) -> Document:
    """What became of each change."""
    planned = {change.address: change.warnings for change in report.plan.changes}
    return Document(
        "report",
        _report_verdict(report),
        "apply",
        look,
        counts={name: report.count(name) for name in ("done", "failed", "skipped")},
        findings=tuple(one.finding for one in report.outcomes if one.outcome == "failed" and one.finding),
        facts=report.plan.facts,
        endings=tuple(Ending(one, _news(one, planned)) for one in report.outcomes),
        errands=report.errands,
        value=report,
    )


def _common(plan: Plan, subject: Subject, verdict: Verdict, look: Look) -> Document:
    """What is told of a plan, whoever reads it."""
    return Document(
        subject,
        verdict,
        subject,
        look,
        findings=plan.warnings,
        facts=plan.facts,
        base=plan.base,
        matching=f"{plural(plan.unchanged, 'resource')} {'matches' if plan.unchanged == 1 else 'match'}",
        failures=plan.failures,
        unread=_unread(plan),
        unreadable=tuple(filter(None, plan.unreadable)),
    )


def _entries(changes: tuple[Change, ...], sort: Callable[[Change], str], look: Look) -> Iterator[Entry]:
    told = tuple(as_counted(changes))
    sorts = [sort(change) for change in told]
    crowds = Counter((change.kind, name) for change, name in zip(told, sorts, strict=True))
    for change, name in zip(told, sorts, strict=True):
        yield Entry(change, name, look, crowd=crowds[change.kind, name], is_exposing=is_exposing(change))


# ---- in one sentence ---------------------------------------------------------------------------


def _plan_verdict(plan: Plan) -> Verdict:
    counts = plan.summary
    if plan.failures:
        failed = plural(len(plan.failures), "read")
        return Verdict(f"Plan incomplete: {failed} failed; of the rest: {len(plan.changes)} to change.", is_bad=True)
    if plan.changes:
        return Verdict(
            f"Plan: {counts['create']} to create, {counts['update']} to update, "
            f"{counts['replace']} to replace, {counts['delete']} to delete."
        )
    return Verdict("No changes.", is_quiet=True)


def _drift_verdict(drift: Drift) -> Verdict:
    unmanaged = len(drift.plan.unmanaged)
    sorts = ", ".join(f"{number} {word}" for word, number in drift.counts.items())
    found = f"{plural(sum(drift.counts.values()), 'difference')} ({sorts}), {unmanaged} unmanaged"
    if drift.plan.failures:
        failed = plural(len(drift.plan.failures), "read")
        return Verdict(f"Drift incomplete: {failed} failed; of the rest: {found}.", is_bad=True)
    if drift.is_there:
        return Verdict(f"Drift: {found}.")
    return Verdict(f"No drift{f', {unmanaged} unmanaged' if unmanaged else ''}.", is_quiet=True)


def _report_verdict(report: Report) -> Verdict:
    done = {item.address for item in report.outcomes if item.outcome == "done"}
    if report.complete:
        counts = report.plan.only(done).summary
        return Verdict(
            f"Apply complete: {counts['create']} created, {counts['update']} updated, "
            f"{counts['replace']} replaced, {counts['delete']} deleted."
        )
    failed, skipped = report.count("failed"), report.count("skipped")
    left = [one for one in report.errands if one.end != "done"]
    then = f"; of what came then {len(left)} not done" if left else ""
    return Verdict(f"Apply incomplete: {len(done)} done, {failed} failed, {skipped} skipped{then}.", is_bad=True)


# ---- in words ----------------------------------------------------------------------------------


def _mails(plan: Plan) -> str:
    """Whom `apply --invite` would mail; empty for nobody."""
    if not plan.invitations:
        return ""
    people = plural(len(plan.invitations), "person").replace("persons", "people")
    return f"apply --invite would mail {people}"


def _unread(plan: Plan) -> str:
    """How many fields could not be compared; empty for none."""
    if not plan.unreadable:
        return ""
    verb = "was" if len(plan.unreadable) == 1 else "were"
    return f"{plural(len(plan.unreadable), 'field')} cannot be read back and {verb} not compared."


def _news(outcome: Outcome, planned: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What was done for a change beyond what its plan says."""
    known = planned.get(outcome.address, ())
    return tuple(text for text in outcome.warnings if text not in known) if outcome.outcome == "done" else ()
