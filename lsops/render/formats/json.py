"""One JSON document: `lsops.plan/1`, `.drift/1`, `.report/1`, `.errors/1`, `.doctor/1`, `.explain/1`,
`.dump/1`, `.adopt/1`, or that of a verb that works on data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lsops.engine.drift import Drift
from lsops.engine.planfile import as_document, dumps, header, outcomes
from lsops.model.deed import Deed
from lsops.model.errand import Errand, Errands
from lsops.model.explanation import ExplainedField, Explanation, FieldOrigin
from lsops.model.plan import Plan
from lsops.model.report import Report
from lsops.model.resource import UNSET
from lsops.render.document import Document
from lsops.render.formats import Form, Format
from lsops.render.lines import Line
from lsops.signs import ascii_json
from lsops.version import __version__

DRIFT, REPORT, ERRORS, DOCTOR = "lsops.drift/1", "lsops.report/1", "lsops.errors/1", "lsops.doctor/1"
EXPLAIN = "lsops.explain/1"
DUMP = "lsops.dump/1"
ADOPT = "lsops.adopt/1"


def plan_document(document: Document) -> dict[str, Any]:
    """The plan, as `--out` saves it."""
    assert isinstance(document.value, Plan)  # noqa: S101  # a document of a plan
    return as_document(document.value)


def drift_document(document: Document) -> dict[str, Any]:
    """The plan's document as `lsops.drift/1`, whether there is drift, and `who` in each change that was looked for."""
    drift = document.value
    assert isinstance(drift, Drift)  # noqa: S101  # a document of drift
    told = {**as_document(drift.plan), "format": DRIFT, "drift": drift.is_there}
    for change in told["changes"] if drift.who else ():
        if (deeds := drift.who.get(change["address"])) is not None:
            change["who"] = list(map(_deed, deeds))
    return told


def _deed(deed: Deed) -> dict[str, Any]:
    said = {"time": deed.time, "email": deed.email, "method": deed.method, "path": deed.path, "status": deed.status}
    return {**said, "certain": deed.is_certain}


def report_document(document: Document) -> dict[str, Any]:
    """A report as `lsops.report/1`: the plan's header, every outcome, and how many of each."""
    report = document.value
    assert isinstance(report, Report)  # noqa: S101  # a document of a report
    return {
        **header(report.plan.facts, REPORT),
        "outcomes": outcomes(report.outcomes),
        "counts": dict(document.counts),
        "throttled": {"answers": report.throttled.answers, "seconds": report.throttled.seconds},
        **({"then": [errand_document(one) for one in report.errands]} if report.errands else {}),
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


def explanation_document(document: Document) -> dict[str, Any]:
    """The fields of one resource, with every place that says something of each; what there is not is left out."""
    told = document.value
    assert isinstance(told, Explanation)  # noqa: S101  # a document of an explanation
    manifest = {"root": ".", "prefix": told.prefix or None, "environment": told.environment or None}
    place = {"file": told.source.file, "line": told.source.line} if told.source else None
    resource = {"address": told.address, "kind": told.kind, "type": told.type, "source": place}
    return {
        "format": EXPLAIN,
        "lsops": __version__,
        "manifest": {name: value for name, value in manifest.items() if value is not None},
        **{name: value for name, value in resource.items() if value is not None},
        "fields": [_explained(one) for one in told.fields],
        "unwritten": list(told.unwritten),
    }


def _explained(item: ExplainedField) -> dict[str, Any]:
    sides = {"value": item.value, "server_default": item.server_default}
    return {
        "path": item.path,
        **{name: value for name, value in sides.items() if value is not UNSET},
        **({"required": True} if item.required else {}),
        "schema": dict(item.schema),
        "origins": [_origin(one) for one in item.origins],
    }


def _origin(one: FieldOrigin) -> dict[str, Any]:
    named = {"by": one.by, "name": one.name}
    return {
        "from": one.layer,
        **({"file": one.source.file, "line": one.source.line} if one.source else {}),
        "value": one.value,
        "used": one.used,
        **{name: text for name, text in named.items() if text},
    }


def dump_document(document: Document) -> dict[str, Any]:
    """What was written, which variables are to be set, and what was left out, with the reads that failed."""
    failed = [finding.as_document() for finding in document.failures]
    return {"format": DUMP, **document.settings, **({"errors": failed} if failed else {})}


def adoption_document(document: Document) -> dict[str, Any]:
    """What came into the manifest, which files it changed, and which variables are to be set."""
    return {"format": ADOPT, **document.settings}


def errands_document(document: Document) -> dict[str, Any]:
    """What became of each part of a verb's work, as `lsops.VERB/1`."""
    told = document.value
    assert isinstance(told, Errands)  # noqa: S101  # a document of errands
    return {
        **header(told.server, f"lsops.{told.verb.replace(' ', '-')}/1"),
        "outcomes": [errand_document(one) for one in told.items],
        "counts": dict(document.counts),
        **({"interrupted": True} if told.interrupted else {}),
    }


def errand_document(one: Errand) -> dict[str, Any]:
    """One part: where, how it ended, why in words, and what it has in numbers."""
    return {"address": one.address, "outcome": one.end, **({"reason": one.told} if one.told else {}), **one.facts}


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
        "explain": _form(explanation_document),
        "dump": _form(dump_document),
        "adopt": _form(adoption_document),
        "errands": _form(errands_document),
    },
    rank=1,
    in_ascii=ascii_json,
    is_for_programs=True,
)
