"""Policies on the command line: who judges when, with which exit code, and that nothing loosens one."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator

from lsops.cli.planning import exit_code
from lsops.errors import Finding
from lsops.manifest.files import Folder
from lsops.manifest.findings import Findings
from lsops.manifest.include import FileReader
from lsops.manifest.policy_files import read_policy_file
from lsops.model.live import Facts
from lsops.model.plan import Change, Plan
from tests.support.cli import Lsops
from tests.support.policies import needs_cel, without_cel

TWO = "version: 1\nprojects: {One: {description: first}, Two: {description: second}}\n"
NO_TWO = "policies: {no-two: {on: change, deny: 'change.address == \"/projects/Two\"', message: Ask Ana.}}\n"
NO_SECOND = "policies: {no-second: {on: resource, deny: resource.values.description == 'second'}}\n"
BROKEN = "policies: {broken: {on: change, warn: change.destroys.tasks > 1}}\n"


def titles(server: httpx.Client) -> list[str]:
    return sorted(row["title"] for row in server.get("/api/projects/").json()["results"])


def codes(lsops: Lsops, *arguments: str) -> list[str]:
    return [error["code"] for error in lsops(*arguments, "--format", "json").json()["errors"]]


pytestmark = needs_cel


# ---- by verb -------------------------------------------------------------------------------------


def test_validate_judges_resources_alone(lsops: Lsops) -> None:
    lsops.write(TWO + NO_TWO)
    assert lsops("validate").code == 0
    lsops.write(TWO + NO_SECOND)
    ran = lsops("validate", "--format", "json")
    assert ran.code == 3
    assert [(one["code"], one["line"], one["address"]) for one in ran.json()["errors"]] == [
        ("LS130", 2, "/projects/Two")
    ]


def test_validate_warns_of_what_a_policy_warns_of(lsops: Lsops) -> None:
    lsops.write(TWO + NO_SECOND.replace("deny", "warn"))
    ran = lsops("validate")
    assert (ran.code, ran.last) == (0, "Valid: 2 resources, 1 warning.")
    assert 'lsops.yaml:2:39: warning[LS131]: against the policy "no-second" (lsops.yaml:3:12)' in ran.err


@pytest.mark.parametrize("policies", [NO_TWO, NO_SECOND])
def test_a_denied_plan_is_shown_whole_and_says_who_denies_it(
    lsops: Lsops, community: httpx.Client, policies: str
) -> None:
    lsops.write(TWO + policies)
    ran = lsops("plan")
    assert (ran.code, ran.last) == (0, "Plan: 2 to create, 0 to update, 0 to replace, 0 to delete.")
    assert ran.out.count("\n+ /projects/") + ran.out.startswith("+ /projects/") == 2
    assert (
        f'error[LS130]: denied by the policy "{policies.split("{")[1].split(":", maxsplit=1)[0]}" (lsops.yaml:3:12)'
        in ran.out
    )
    assert "apply will refuse this plan: denied by a policy" in ran.out
    assert lsops("plan", "--detailed-exitcode").code == 5


def test_apply_writes_nothing_of_what_is_denied_and_no_flag_helps(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + NO_TWO)
    for flags in ([], ["--yes"], ["--yes", "--allow-deletes", "9", "--allow-data-loss", "/projects/Two"]):
        ran = lsops("apply", *flags)
        assert ran.code == 5
        assert 'error[LS130]: denied by the policy "no-two"' in ran.err
        assert "Ask Ana." in ran.err
    assert titles(community) == []


def test_what_a_target_leaves_out_is_no_change_but_still_declared(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + NO_SECOND)
    assert lsops("apply", "--yes", "-t", "/projects/One").code == 5
    lsops.write(TWO + NO_TWO)
    assert lsops("apply", "--yes", "-t", "/projects/One").code == 0
    assert titles(community) == ["One"]


def test_apply_with_nothing_to_do_still_refuses_a_denied_manifest(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    assert lsops("apply", "--yes").code == 0
    lsops.write(TWO + NO_SECOND)
    assert lsops("apply", "--yes").code == 5
    assert lsops("plan", "--detailed-exitcode").code == 5


def test_drift_judges_nothing(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    assert lsops("apply", "--yes").code == 0
    lsops.write(TWO + "policies: {never: {on: plan, deny: 'true'}, nor: {on: resource, deny: 'true'}}\n")
    ran = lsops("drift")
    assert (ran.code, "LS13" in ran.out + ran.err) == (0, False)


def test_a_policy_without_an_answer_is_exit_3_and_the_plan_is_shown_and_not_saved(
    lsops: Lsops, community: httpx.Client
) -> None:
    lsops.write(TWO + BROKEN)
    ran = lsops("plan", "--out", "plan.json")
    assert (ran.code, (lsops.folder / "plan.json").exists()) == (3, False)
    assert ran.last.startswith("Plan: 2 to create")
    assert 'lsops.yaml:3:46: error[LS133]: the policy "broken" has no answer: there is no "destroys"' in ran.out
    assert (lsops("apply", "--yes").code, titles(community)) == (3, [])


CHANGED, DENIAL = Change("/a", "project", "create"), Finding("LS130", "denied")
UNREAD, UNANSWERED = Finding("LS703", "not read"), Finding("LS133", "no answer")
REASONS = [
    ((CHANGED,), (), (), 0, 2),
    ((CHANGED,), (DENIAL,), (), 0, 5),
    ((), (DENIAL,), (), 0, 5),
    ((CHANGED,), (DENIAL,), (UNREAD,), 1, 1),
    ((CHANGED,), (DENIAL, UNANSWERED), (UNREAD,), 3, 3),
]


@pytest.mark.parametrize(("changes", "warnings", "failures", "plain", "detailed"), REASONS)
def test_several_reasons_give_the_first_of_3_1_5_2(
    changes: tuple[Change, ...], warnings: tuple[Finding, ...], failures: tuple[Finding, ...], plain: int, detailed: int
) -> None:
    plan = Plan(Facts("", "community", "1", ""), changes, warnings=warnings, failures=failures)
    assert (exit_code(plan, detailed=False), exit_code(plan, detailed=True)) == (plain, detailed)


# ---- saved plans ---------------------------------------------------------------------------------


def test_a_saved_plan_s_own_word_is_not_trusted(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + NO_TWO)
    assert lsops("plan", "--out", "plan.json").code == 0
    path = lsops.folder / "plan.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "warnings": []}), "utf-8")
    assert codes(lsops, "apply", "--plan", "plan.json") == ["LS130"]
    assert titles(community) == []


def test_a_saved_plan_is_judged_by_what_it_makes(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + NO_TWO + "  \n")
    assert lsops("plan", "-t", "/projects/One", "--out", "plan.json").code == 0
    assert lsops("apply", "--plan", "plan.json").code == 0
    assert titles(community) == ["One"]


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_saved_plan_is_shown_as_it_was_from_a_folder_too(lsops: Lsops, community: httpx.Client, form: str) -> None:
    lsops.write(TWO + NO_TWO, "sub/lsops.yaml")
    planned = lsops("plan", "sub", "--out", "plan.json", "--format", form)
    assert "LS130" in planned.out
    assert lsops("show", "plan.json", "--format", form).out == planned.out


def test_the_schemas_for_editors_know_policies(lsops: Lsops) -> None:
    manifest = {"version": 1, "policies": {"a": {"on": "plan", "deny": "true"}}}
    for schema in (lsops("schema").json(), lsops("schema", "policies").json()):
        validator = Draft202012Validator(schema)
        told = manifest if "version" in schema["properties"] else {"policies": manifest["policies"]}
        assert [error.message for error in validator.iter_errors(told)] == []
        assert not validator.is_valid({**told, "policies": {"a": {"on": "plan", "dney": "true"}}})


# ---- files of the command line -------------------------------------------------------------------


@pytest.mark.parametrize("by", ["flag", "variable"])
def test_a_policy_file_may_lie_anywhere_and_judges_besides(lsops: Lsops, community: httpx.Client, by: str) -> None:
    lsops.write(TWO, "repository/lsops.yaml")
    rules = lsops.write(NO_TWO, ".ci/rules.yaml")
    if by == "variable":
        lsops.setenv(LSOPS_POLICY=str(rules))
    ran = lsops("plan", "repository", "--detailed-exitcode", *(["--policy", str(rules)] if by == "flag" else []))
    assert ran.code == 5
    assert "(.ci/rules.yaml:1:12)" in ran.out


def test_a_manifest_cannot_loosen_a_policy_file(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(NO_TWO, "rules.yaml")
    for policies in (NO_TWO.replace("==", "!="), "policies: {other: {on: change, warn: 'false'}}\n"):
        lsops.write(TWO + policies)
        assert lsops("apply", "--yes", "--policy", "rules.yaml").code in (3, 5)
    lsops.write(TWO + NO_TWO.replace("==", "!="))
    assert codes(lsops, "validate", "--policy", "rules.yaml") == ["LS134"]
    assert titles(community) == []


def test_an_overlay_adds_policies(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + "environments: {prod: {overlays: [prod.yaml]}}\n")
    lsops.write(NO_TWO, "prod.yaml")
    assert lsops("plan", "--detailed-exitcode").code == 2
    assert lsops("plan", "--detailed-exitcode", "-e", "prod").code == 5


# ---- without the package -------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["validate", "plan", "apply", "drift"])
@pytest.mark.parametrize("where", ["manifest", "file"])
def test_without_the_package_policies_are_exit_3(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch, verb: str, where: str
) -> None:
    lsops.write(TWO + ("policies: {a: {on: plan, warn: 'false'}}\n" if where == "manifest" else ""))
    lsops.write("policies: {b: {on: change, warn: 'false'}}\n", "rules.yaml")
    without_cel(monkeypatch)
    ran = lsops(verb, *(["--policy", "rules.yaml"] if where == "file" else []))
    assert (ran.code, "error[LS607]" in ran.err, "lsops[policy]" in ran.err) == (3, True, True)
    assert titles(community) == []


def test_without_the_package_a_manifest_without_policies_is_as_it_was(
    lsops: Lsops, community: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lsops.write(TWO + "policies: {}\n")
    without_cel(monkeypatch)
    assert lsops("validate").code == lsops("apply", "--yes").code == 0
    assert titles(community) == ["One", "Two"]


# ---- testing policies ----------------------------------------------------------------------------

TESTED = """
    policies:
      short: {on: resource, warn: resource.values.ttl > 60, message: Keep it short.}
      no-deletes: {on: change, deny: change.action == "delete"}
      small: {on: plan, deny: plan.summary.delete > 5}
    tests:
      - {policy: short, resource: {values: {ttl: 61}}, expect: warn}
      - {policy: short, resource: {values: {ttl: 60}}, expect: pass}
      - {policy: no-deletes, change: {action: delete}, expect: deny}
      - {policy: small, plan: {summary: {delete: 6}}, expect: deny}
"""


def test_tests_that_are_as_expected_are_exit_0(lsops: Lsops) -> None:
    lsops.write(TESTED, "rules.yaml")
    ran = lsops("policy", "test", "rules.yaml")
    assert (ran.code, ran.out, ran.err) == (0, "Tested: 4 tests as expected.\n", "")
    assert lsops("policy", "test", "rules.yaml", "--format", "json").json()["errors"] == []


def test_each_failing_test_is_named_with_its_line(lsops: Lsops) -> None:
    more = (
        "  - {policy: short, resource: {values: {ttl: 61}}, expect: pass}\n"
        "  - {policy: small, plan: {summary: {}}, expect: pass}\n"
        "  - {policy: no-deletes, change: {action: create}, expect: deny}\n"
    )
    lsops.write(TESTED, "rules.yaml")
    with (lsops.folder / "rules.yaml").open("a") as file:
        file.write(more)
    ran = lsops("policy", "test", "rules.yaml", "--format", "json")
    assert ran.code == 3
    assert [(one["code"], one["line"]) for one in ran.json()["errors"]] == [("LS135", 10), ("LS135", 11), ("LS135", 12)]
    assert "3 of 7 tests failed" in ran.err
    assert '"small" (rules.yaml:4:3) says no answer: there is no "delete"; expected is pass' in ran.err


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("policies: {a: {on: plan, deny: 'true'}}\n", "LS101"),
        ("policies: {a: {on: plan, deny: '1 +'}}\ntests: [{policy: a, plan: {}, expect: deny}]\n", "LS132"),
        ("version: 1\npolicies: {}\n", "LS102"),
        ("policies: [\n", "LS203"),
    ],
)
def test_a_wrong_policy_file_is_exit_3(lsops: Lsops, text: str, code: str) -> None:
    lsops.write(text, "rules.yaml")
    ran = lsops("policy", "test", "rules.yaml")
    assert (ran.code, f"error[{code}]" in ran.err) == (3, True)
    assert lsops("policy", "test", "nowhere.yaml").code == 3


def test_tests_need_the_package(lsops: Lsops, monkeypatch: pytest.MonkeyPatch) -> None:
    lsops.write(TESTED, "rules.yaml")
    without_cel(monkeypatch)
    assert codes(lsops, "policy", "test", "rules.yaml") == ["LS607"]


EXAMPLE = Path(__file__).parents[2] / "examples/policies/rules.yaml"


def test_the_example_s_tests_catch_and_pass_each_of_its_policies(lsops: Lsops) -> None:
    assert lsops("policy", "test", str(EXAMPLE)).code == 0
    findings = Findings()
    read = read_policy_file(str(EXAMPLE), FileReader(Folder(EXAMPLE.parent), findings))
    seen = {(test.policy.name, test.expect) for test in read.tests}
    assert seen == {(one.name, said) for one in read.policies for said in (one.effect, "pass")}


@pytest.mark.parametrize("name", ["quickstart", "enterprise"])
def test_the_example_s_policies_have_an_answer_to_all_of_the_other_examples(lsops: Lsops, name: str) -> None:
    folder = EXAMPLE.parents[1] / name
    ran = lsops("plan", str(folder), "-s", "sandbox:x.db", "--policy", str(EXAMPLE), "--detailed-exitcode")
    assert (ran.code, "LS133" in ran.out, "LS130" in ran.out) == (5, False, True)
