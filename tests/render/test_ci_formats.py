"""GitHub's, GitLab's and SARIF's form: valid by the rules of who reads them, and all that is told is in them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for

from lsops.engine.drift import Drift
from lsops.errors import CODES, Finding, Source
from lsops.render.document import Document, Look, of_errors, of_valid
from lsops.render.formats.github import runner_files
from lsops.render.review import of_drift, of_plan, of_report
from tests.render.test_renderers import HERE, PLAN, REPORT
from tests.support.cli import Lsops
from tests.support.forms import rendered

DATA = Path(__file__).parents[1] / "data"
WARNING = Finding("LS126", "a hotkey, twice: 100%", "/projects/A", Source("a,b:c.yaml", 3, 7), "change one", "warning")
ERROR = Finding("LS102", "unknown field", "/projects/A", Source("lsops.yaml", 2), "did you mean it?")
LOOK = Look(prefix="work/")
DOCUMENTS = {
    "plan": of_plan(PLAN, LOOK),
    "drift": of_drift(Drift(PLAN), LOOK),
    "report": of_report(REPORT, LOOK),
    "errors": of_errors([ERROR, WARNING, ERROR, Finding("LS605", "no place")], "plan", "work/"),
    "valid": of_valid(3, [WARNING], LOOK),
}


def check(schema: str, document: Any) -> None:
    """Hold a document to a schema of tests/data, and the schema to its own."""
    rules = json.loads((DATA / schema).read_text("utf-8"))
    validator_for(rules).check_schema(rules)
    assert [error.message for error in validator_for(rules)(rules).iter_errors(document)] == []


# ---- GitHub --------------------------------------------------------------------------------------


def test_a_warning_stands_on_its_line_with_the_signs_that_end_a_property_encoded() -> None:
    first, last = rendered(DOCUMENTS["valid"], "github").splitlines()

    place = "file=work/a%2Cb%3Ac.yaml,line=3,col=7,title=lsops LS126"
    assert first == f"::warning {place}::a hotkey, twice: 100%25%0A/projects/A%0Achange one"
    assert last == "::notice title=lsops validate::Valid: 3 resources, 1 warning."


def test_what_is_graver_is_annotated_first() -> None:
    told = re.findall(r"^::(\w+) .*?::([^%]*)", rendered(DOCUMENTS["plan"], "github"), re.MULTILINE)

    assert [kind for kind, _ in told] == ["error", "warning", "warning", "warning", "warning", "warning", "notice"]
    assert [words.partition(" ")[0] for _, words in told] == [
        "GET",
        "apply",
        "replace",
        "delete",
        "update",
        "a",
        "Plan",
    ]


def test_the_whole_text_stands_in_a_group_of_the_log() -> None:
    lines = rendered(DOCUMENTS["report"], "github").splitlines()
    group = lines[lines.index("::group::lsops apply") + 1 : lines.index("::endgroup::")]

    assert group == rendered(DOCUMENTS["report"], "text").splitlines()


def parsed(outputs: str) -> dict[str, str]:
    """The outputs of a step as the runner reads them."""
    return {name: value for name, _, value in re.findall(r"(\w+)<<(\S+)\n(.*?)\n\2\n", outputs, re.DOTALL)}


@pytest.mark.parametrize(
    ("subject", "outputs"),
    [
        ("plan", {"changes": "5", "deletes": "2", "needs": "--allow-deletes 2 --allow-data-loss /projects/Old"}),
        ("drift", {"changes": "5", "deletes": "2", "needs": ""}),
        ("report", {"changes": "1", "deletes": "0", "needs": ""}),
        ("errors", {}),
        ("valid", {}),
    ],
)
def test_a_step_has_numbers_and_the_consent_that_apply_will_want(subject: str, outputs: dict[str, str]) -> None:
    files = runner_files(DOCUMENTS[subject])

    assert parsed(files.get("GITHUB_OUTPUT", "")) == outputs
    assert "\n## lsops " in files["GITHUB_STEP_SUMMARY"]
    assert files["GITHUB_STEP_SUMMARY"].endswith("\n\n")


def test_no_value_can_end_itself() -> None:
    marks = [set(re.findall(r"<<(\S+)", runner_files(DOCUMENTS["plan"])["GITHUB_OUTPUT"])) for _ in range(2)]
    assert len(marks[0] | marks[1]) == 6


def test_the_files_of_a_runner_are_appended_to_where_they_are_set(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects: {One: {}}\n")
    summary, output = lsops.write("before\n", "summary.md"), lsops.write("old=1\n", "output")
    lsops.setenv(LSOPS_SERVER="sandbox:", GITHUB_STEP_SUMMARY=str(summary), GITHUB_OUTPUT=str(output))
    lsops("plan")
    assert (summary.read_text(), output.read_text()) == ("before\n", "old=1\n")

    assert lsops("plan", "--format", "github").out.startswith("::notice title=lsops plan::Plan: 1 to create")
    assert summary.read_text().startswith("before\n<!-- lsops:plan -->\n## lsops plan\n")
    assert output.read_text().startswith("old=1\nchanges<<")


def test_a_run_that_fails_has_annotations_and_a_summary_too(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects: {One: {titel: x}}\n")
    summary = lsops.write("", "summary.md")
    lsops.setenv(GITHUB_STEP_SUMMARY=str(summary))

    ran = lsops("plan", "--output", "github=log")
    assert (ran.code, (lsops.folder / "log").read_text().partition("::unknown")[0]) == (
        3,
        "::error file=lsops.yaml,line=2,col=18,title=lsops LS102",
    )
    assert "**Failed: 1 error.**" in summary.read_text()


def test_a_summary_that_cannot_be_written_is_an_error(lsops: Lsops) -> None:
    lsops.write("version: 1\nprojects: {One: {}}\n")
    lsops.setenv(GITHUB_STEP_SUMMARY=str(lsops.folder))

    ran = lsops("validate", "--format", "github")
    assert "error[LS608]: the file of GITHUB_STEP_SUMMARY cannot be written: Is a directory" in ran.err
    assert ran.code == 1


# ---- GitLab --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("plan", {"create": 2, "update": 2, "delete": 2}),
        ("drift", {"create": 1, "update": 3, "delete": 1}),
    ],
)
def test_the_widget_of_a_merge_request_has_numbers(subject: str, numbers: dict[str, int]) -> None:
    told = json.loads(rendered(DOCUMENTS[subject], "gitlab"))

    check("gitlab-plan.schema.json", told)
    assert told == numbers


def test_findings_are_a_code_quality_report() -> None:
    told = json.loads(rendered(DOCUMENTS["errors"], "gitlab"))

    check("gitlab-code-quality.schema.json", told)
    assert [(one["check_name"], one["severity"], one["location"]["path"]) for one in told] == [
        ("LS102", "major", "work/lsops.yaml"),
        ("LS126", "minor", "work/a,b:c.yaml"),
        ("LS102", "major", "work/lsops.yaml"),
        ("LS605", "major", "work/lsops.yaml"),
    ]
    assert told[0]["description"] == "unknown field (did you mean it?)"


def marks(document: Document, form: str) -> list[str]:
    """By which a program knows a finding again."""
    told = json.loads(rendered(document, form))
    if form == "gitlab":
        return [one["fingerprint"] for one in told]
    return [one["partialFingerprints"]["primaryLocationLineHash"] for one in told["runs"][0]["results"]]


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_a_finding_is_known_again_when_lines_move_and_taken_for_no_other(form: str) -> None:
    moved = [replace(one, source=one.source and replace(one.source, line=40)) for one in DOCUMENTS["errors"].findings]
    before, after = marks(DOCUMENTS["errors"], form), marks(of_errors(moved, "plan", "work/"), form)

    assert before == after
    assert len(set(before)) == len(before) == 4


# ---- SARIF ---------------------------------------------------------------------------------------


PUBLISHED = Path(__file__).parents[1] / "node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="npm's packages are not installed: npm ci --prefix tests/node")
@pytest.mark.parametrize("subject", DOCUMENTS)
def test_a_log_is_valid_by_the_schema_that_is_published(subject: str) -> None:
    rules = json.loads(PUBLISHED.read_text("utf-8"))
    log = json.loads(rendered(DOCUMENTS[subject], "sarif"))
    broken = {**log, "runs": [{**log["runs"][0], "tool": {}}]}

    assert [error.message for error in validator_for(rules)(rules).iter_errors(log)] == []
    assert not validator_for(rules)(rules).is_valid(broken)


def run_of(document: Document) -> dict[str, Any]:
    log = json.loads(rendered(document, "sarif"))
    check("sarif-2.1.0.schema.json", log)
    return dict(log["runs"][0])


@pytest.mark.parametrize("subject", DOCUMENTS)
def test_a_log_is_valid_sarif_and_each_result_has_a_rule_with_help_and_a_place(subject: str) -> None:
    run = run_of(DOCUMENTS[subject])
    rules = run["tool"]["driver"]["rules"]

    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        place = result["locations"][0]["physicalLocation"]
        assert (rule["id"], bool(rule["help"]["text"])) == (result["ruleId"], True)
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert place["artifactLocation"]["uri"].startswith("work/")


def test_the_levels_are_those_of_a_review() -> None:
    levels = {(one["ruleId"], one["level"]) for one in run_of(DOCUMENTS["plan"])["results"]}

    assert levels == {
        *(("LS126", "warning"), ("LS703", "error")),
        *(("create", "note"), ("update", "note"), ("replace", "warning"), ("delete", "warning")),
    }
    assert {one["level"] for one in run_of(DOCUMENTS["drift"])["results"] if one["ruleId"] == "changed"} == {"warning"}


def test_a_report_has_what_failed() -> None:
    run = run_of(DOCUMENTS["report"])

    assert [one["ruleId"] for one in run["results"]] == ["LS705"]
    assert run["invocations"] == [{"executionSuccessful": False}]


def test_every_code_has_a_rule_whose_help_has_no_link_that_leads_nowhere() -> None:
    rules = run_of(of_errors([Finding(code, "m") for code in CODES]))["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == list(CODES)
    assert [rule["id"] for rule in rules if "](" in rule["help"]["text"]] == []


def test_a_rule_names_its_place_on_the_page_of_errors_where_the_package_says_where_that_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lsops.render.sarif_rules.error_page", lambda: "https://docs.example.com/errors.html")
    rules = run_of(DOCUMENTS["plan"])["tool"]["driver"]["rules"]

    pages = {rule["id"]: rule.get("helpUri") for rule in rules}
    assert (pages["LS126"], pages["update"]) == ("https://docs.example.com/errors.html#LS126", None)


def test_a_manifest_that_is_named_from_the_root_has_relative_places_too() -> None:
    run = run_of(of_valid(1, [replace(WARNING, source=Source("a b.yaml", 3))], Look(prefix="/tmp/my work/")))
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]

    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///tmp/my%20work/"}}
    assert place == {"uri": "a%20b.yaml", "uriBaseId": "%SRCROOT%"}


def test_a_viewer_finds_neither_a_link_nor_a_placeholder_in_a_name() -> None:
    finding = Finding("LS102", "a [link](https://evil.example) and {0} or {name}", source=HERE)
    text = run_of(of_errors([finding]))["results"][0]["message"]["text"]
    assert text == r"a \[link\](https://evil.example) and {{0}} or {name}"
