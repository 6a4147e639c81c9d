"""What a plan renames is not named by its old title elsewhere: that apply would stop in the middle."""

from __future__ import annotations

import pytest

from tests.support.cli import Lsops

CONFIG = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
OWN = "{extraction_method: jsonpath, extraction_method_params: {path: $.m}}"
PROJECT = "{workspace: A, label_config: '" + CONFIG + "'"


def _manifest(before: str, after: str, naming: str) -> tuple[str, str]:
    return f"version: 1\n{before}\n{naming}\n", f"version: 1\n{after}\n{naming}\n"


def _renamed(old: str, new: str, rest: str = "") -> tuple[str, str]:
    return f"{old}: {{{rest}}}", f"{new}: {{lifecycle: {{renamed_from: {old}}}{', ' if rest else ''}{rest}}}"


def _moved(collection: str, rest: str, naming: str) -> tuple[str, str]:
    above = "" if collection == "workspaces" else "workspaces: {A: {}}\n"
    before, after = _renamed("Old", "New", rest)
    return _manifest(f"{above}{collection}: {{{before}}}", f"{above}{collection}: {{{after}}}", naming)


PROMPT = "skill_name: TextClassification, input_fields: [t], output_classes: [A], associated_projects: [Old]"
INSIDE = f"workspace: A, label_config: '{CONFIG}'"
CASES = {
    "a workspace, by SAML": _moved("workspaces", "", "saml: {workspaces_groups: [{workspace: Old, group: g}]}"),
    "a workspace, by a project": _moved("workspaces", "", "projects: {Pro: {workspace: Old}}"),
    "a project, by SCIM": _moved(
        "projects", INSIDE, "scim: {projects_groups: [{project: Old, group: g, role: inherit}]}"
    ),
    "a project, by a prompt": _moved("projects", INSIDE, f"prompts: {{S: {{{PROMPT}}}}}"),
    "a tag, by a member": _moved("member_tags", "", "members: {owner@example.com: {tags: [Old]}}"),
    "a dimension, by a rule": _manifest(
        f"workspaces: {{A: {{}}}}\nprojects: {{Pro: {PROJECT}, dimensions: {{Old: {OWN}}}, ",
        f"workspaces: {{A: {{}}}}\nprojects: {{Pro: {PROJECT}, dimensions: {{New: "
        f"{OWN[:-1]}, lifecycle: {{renamed_from: Old}}}}}}, ",
        "review_routing: {rules: [{dimension: Old, operator: lt, agreement_threshold: 0.5, sample_rate: 1}]}}}",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_old_name_of_what_the_same_plan_renames_is_an_error_that_says_the_new_one(lsops: Lsops, case: str) -> None:
    before, after = CASES[case]
    lsops.write(before)
    assert lsops("apply", "--yes", "--server", "sandbox:").code == 0
    lsops.write(after)

    ran = lsops("plan", "--server", "sandbox:")

    assert ran.code == 3, ran.out
    assert "is renamed by the same plan" in ran.err
    assert 'write "New"' in ran.err


def test_a_rule_cannot_name_a_dimension_that_the_same_plan_deletes(lsops: Lsops) -> None:
    before, _ = CASES["a dimension, by a rule"]
    lsops.write(before)
    assert lsops("apply", "--yes", "--server", "sandbox:").code == 0
    lsops.write(before.replace("{extraction", "{lifecycle: {absent: true}, extraction"))

    ran = lsops("plan", "--server", "sandbox:")

    assert ran.code == 3, ran.out
    assert "a rule names the dimension Old, which is to be deleted" in ran.err


@pytest.mark.parametrize("case", CASES)
def test_the_new_name_plans_the_rename_alone(lsops: Lsops, case: str) -> None:
    before, after = CASES[case]
    lsops.write(before)
    assert lsops("apply", "--yes", "--server", "sandbox:").code == 0
    lsops.write(after.replace(": Old,", ": New,").replace("[Old]", "[New]").replace("space: Old}", "space: New}"))

    ran = lsops("apply", "--yes", "--server", "sandbox:")

    assert ran.code == 0, ran.err
    assert ran.last.startswith("Apply complete: 0 created")


PROVIDER = (
    "model_providers: {ours: {provider: Custom, endpoint: 'https://m.example/v1', auth_token: '${env:KEY}'LIFE}}\n"
    "prompts: {S: {skill_name: TextClassification, input_fields: [t], output_classes: [A], versions: {v1: "
    "{prompt: '{t}', provider: Custom, provider_model_id: m, model_provider_connection: ours}}}}\n"
)


@pytest.mark.parametrize("pinned", ["", ", lifecycle: {id: 1}"], ids=["found by what it is", "pinned"])
def test_what_is_left_out_and_live_is_named_as_before(lsops: Lsops, pinned: str) -> None:
    lsops.setenv(KEY="k" * 20)
    lsops.write(f"version: 1\n{PROVIDER.replace('LIFE', '')}")
    assert lsops("apply", "--yes", "--server", "sandbox:").code == 0
    more = PROVIDER.replace("LIFE", pinned).replace(
        "{v1:", "{v2: {prompt: 'x {t}', provider: Custom, provider_model_id: m, model_provider_connection: ours}, v1:"
    )
    lsops.write(f"version: 1\n{more}")

    ran = lsops("apply", "--yes", "--skip", "model_providers", "--server", "sandbox:")

    assert ran.code == 0, ran.out + ran.err
    assert ran.last == "Apply complete: 1 created, 0 updated, 0 replaced, 0 deleted."


LEFT_OUT = {
    "a model provider": (PROVIDER.replace("LIFE", ""), "model_providers", "its entry is left out"),
    "a dimension": (
        (
            f"workspaces: {{A: {{}}}}\nprojects: {{Pro: {PROJECT}, dimensions: {{Old: {OWN}}}, "
            "review_routing: {rules: [{dimension: Old, operator: lt, agreement_threshold: 0.5, sample_rate: 1}]}}}\n"
        ),
        "projects/*/dimensions",
        "whose entry is left out",
    ),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_left_out_and_not_there_cannot_be_named(lsops: Lsops, case: str) -> None:
    text, collection, told = LEFT_OUT[case]
    lsops.write(f"version: 1\n{text}")

    ran = lsops("plan", "--skip", collection, "--server", "sandbox:")

    assert ran.code == 3, ran.out
    assert told in ran.err
