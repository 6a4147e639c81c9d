"""One JSON document: `lsops.plan/1`, `.drift/1`, `.report/1`, `.errors/1`, `.doctor/1` or `.dump/1`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lsops.engine.drift import Drift
from lsops.engine.planfile import as_document, dumps, header, outcomes
from lsops.model.plan import Plan
from lsops.model.report import Report
from lsops.render.document import Document
from lsops.render.formats import Form, Format
from lsops.render.lines import Line
from lsops.signs import ascii_json

DRIFT, REPORT, ERRORS, DOCTOR = "lsops.drift/1", "lsops.report/1", "lsops.errors/1", "lsops.doctor/1"
DUMP = "lsops.dump/1"


def plan_document(document: Document) -> dict[str, Any]:
    """The plan, as `--out` saves it."""
    assert isinstance(document.value, Plan)  # noqa: S101  # a document of a plan
    return as_document(document.value)


def drift_document(document: Document) -> dict[str, Any]:
    """The plan's document as `lsops.drift/1`, and whether there is drift."""
    drift = document.value
    assert isinstance(drift, Drift)  # noqa: S101  # a document of drift
    return {**as_document(drift.plan), "format": DRIFT, "drift": drift.is_there}


def report_document(document: Document) -> dict[str, Any]:
    """A report as `lsops.report/1`: the plan's header, every outcome, and how many of each."""
    report = document.value
    assert isinstance(report, Report)  # noqa: S101  # a document of a report
    return {
        **header(report.plan.facts, REPORT),
        "outcomes": outcomes(report.outcomes),
        "counts": dict(document.counts),
        "throttled": {"answers": report.throttled.answers, "seconds": report.throttled.seconds},
        **({"interrupted": True} if report.interrupted else {}),
    }


def errors_document(document: Document) -> dict[str, Any]:
    """The findings as `lsops.errors/1`: errors and warnings apart, each with its severity."""
    told: dict[str, list[dict[str, Any]]] = {"errors": [], "warnings": []}
    for finding in document.findings:
        code, *rest = finding.as_document().items()
        told["errors" if finding.is_error else "warnings"].append(dict([code, ("severity", finding.severity), *rest]))
    return {"format": ERRORS, **told}


def settings_document(document: Document) -> dict[str, Any]:
    """What `doctor` found, and its errors where there are any."""
    failed = {"errors": errors_document(document)["errors"]} if document.errors else {}
    return {"format": DOCTOR, **document.settings, **failed}


def dump_document(document: Document) -> dict[str, Any]:
    """What was written, which variables are to be set, and what was left out, with the reads that failed."""
    failed = [finding.as_document() for finding in document.failures]
    return {"format": DUMP, **document.settings, **({"errors": failed} if failed else {})}


def _form(make: Callable[[Document], Mapping[str, Any]]) -> Form:
    def form(document: Document) -> Iterator[Line]:
        return (Line(row) for row in dumps(make(document)).split("\n")[:-1])

    return form


FORMAT = Format(
    {
        "plan": _form(plan_document),
        "drift": _form(drift_document),
        "report": _form(report_document),
        "errors": _form(errors_document),
        "valid": _form(errors_document),
        "settings": _form(settings_document),
        "dump": _form(dump_document),
    },
    rank=1,
    in_ascii=ascii_json,
    is_for_programs=True,
)
