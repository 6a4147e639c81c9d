"""Findings as text and as a document."""

from __future__ import annotations

import json

from lsops.errors import Finding, Source
from lsops.render.findings import MANY
from tests.support.forms import errors_as


def finding(number: int, message: str = "m", hint: str = "h", severity: str = "warning") -> Finding:
    return Finding("LS108", message, f"/projects/{number}", Source("a.yaml", number), hint, severity)


def test_equal_findings_are_told_once_with_their_number_and_some_of_their_places() -> None:
    text = errors_as("text", [finding(number) for number in range(1, 267)], "sub/")

    assert text.splitlines() == [
        "sub/a.yaml:1:1: warning[LS108]: m",
        "  /projects/1",
        "  h",
        "  and 265 more like it: sub/a.yaml:2:1, sub/a.yaml:3:1, sub/a.yaml:4:1, …",
    ]


def test_a_few_equal_findings_and_those_that_differ_are_told_each() -> None:
    few = [finding(number) for number in range(1, MANY)]
    others = [finding(9, "n"), finding(9, hint="i"), finding(9, severity="error")]

    assert errors_as("text", [*few, *others]).count("/projects/") == MANY + 2


def test_a_group_stands_where_its_first_does() -> None:
    mixed = [finding(0, "first"), *(finding(n) for n in range(1, MANY + 1)), finding(5, "last")]

    rows = [row for row in errors_as("text", mixed).splitlines() if "LS108" in row]

    assert [row.rpartition(" ")[2] for row in rows] == ["first", "m", "last"]


def test_what_has_no_place_is_named_by_its_address() -> None:
    text = errors_as("text", [Finding("LS801", "m", f"/projects/{n}") for n in range(MANY)])

    assert "  and 3 more like it: /projects/1, /projects/2, /projects/3\n" in text


def test_the_document_has_each_finding_errors_and_warnings_apart() -> None:
    document = json.loads(errors_as("json", [finding(1, severity="error"), *(finding(n) for n in range(2, 9))]))

    assert [(e["code"], e["severity"]) for e in document["errors"]] == [("LS108", "error")]
    assert [w["severity"] for w in document["warnings"]] == ["warning"] * 7
    assert list(document["errors"][0])[:3] == ["code", "severity", "message"]


def test_equal_findings_of_one_place_are_told_by_what_they_are_about() -> None:
    rule = Source("rules.yaml", 3, 4)
    found = [Finding("LS133", "no answer", f"/projects/{number}", rule) for number in range(4)]
    assert errors_as("text", found).splitlines()[-1] == "  and 3 more like it: /projects/1, /projects/2, /projects/3"
