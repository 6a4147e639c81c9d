"""Plans, drift, reports and findings in each form, as strings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsops.engine.drift import Drift
from lsops.errors import Finding
from lsops.model.plan import Plan
from lsops.model.report import Report
from lsops.render.document import Document, Look, of_errors
from lsops.render.formats import format_named
from lsops.render.lines import Line
from lsops.render.review import of_drift, of_plan, of_report


def as_text(lines: Iterable[Line]) -> str:
    """The lines without styles."""
    return "".join(line.text + "\n" for line in lines)


def rendered(document: Document, form: str) -> str:
    """A document in a form."""
    found = format_named(form)
    assert found is not None
    return as_text(found.forms[document.subject](document))


def plan_as(form: str, plan: Plan, *, verbose: bool = False, prefix: str = "") -> str:
    """A plan in a form."""
    return rendered(of_plan(plan, Look(verbose, prefix)), form)


def drift_as(form: str, drift: Drift, *, verbose: bool = False, prefix: str = "") -> str:
    """Drift in a form."""
    return rendered(of_drift(drift, Look(verbose, prefix)), form)


def report_as(form: str, report: Report, prefix: str = "") -> str:
    """A report in a form."""
    return rendered(of_report(report, Look(prefix=prefix)), form)


def errors_as(form: str, findings: Iterable[Finding], prefix: str = "") -> str:
    """Findings in a form."""
    found: Sequence[Finding] = tuple(findings)
    return rendered(of_errors(found, prefix=prefix), form)
