"""What `--format json` prints: exactly one document, also on failure."""

from __future__ import annotations

from typing import Any

from lsops.engine.planfile import header, outcomes
from lsops.model.report import Report

REPORT = "lsops.report/1"


def report_document(report: Report) -> dict[str, Any]:
    """A report as `lsops.report/1`: the plan's header, every outcome, and how many of each."""
    counts = {name: report.count(name) for name in ("done", "failed", "skipped")}
    return {
        **header(report.plan.facts, REPORT),
        "outcomes": outcomes(report.outcomes),
        "counts": counts,
        "throttled": {"answers": report.throttled.answers, "seconds": report.throttled.seconds},
        **({"interrupted": True} if report.interrupted else {}),
    }
