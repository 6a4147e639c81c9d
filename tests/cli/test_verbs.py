"""The verbs, each through the command line: files that they write, consent, targets, environments."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from lsops import __version__
from lsops.schema import documents
from tests.support.cli import Lsops

ROOT = Path(__file__).parents[2]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
TWO = "version: 1\nprojects: {One: {description: first}, Two: {description: second}}\n"
LABELS = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'


def titles(server: httpx.Client) -> list[str]:
    """The projects that are there."""
    return sorted(row["title"] for row in server.get("/api/projects/").json()["results"])


def errors(lsops: Lsops, *arguments: str) -> list[str]:
    """The codes of the errors of a run."""
    return [error["code"] for error in lsops(*arguments, "--format", "json").json()["errors"]]


# ---- init, schema, completion, version, doctor ---------------------------------------------------


def test_what_init_writes_validates_and_plans_and_converges(lsops: Lsops) -> None:
    assert lsops("init", "starter").code == 0
    assert lsops("validate", "starter").code == 0
    lsops.setenv(LSOPS_SERVER="sandbox:")
    assert lsops("plan", "starter").last.startswith("No changes. 0 resources match")
    path = lsops.folder / "starter" / "lsops.yaml"
    lsops.write(path.read_text("utf-8").replace("# include:", "include:"), "starter/lsops.yaml")
    assert lsops("plan", "starter").last == "Plan: 2 to create, 0 to update, 0 to replace, 0 to delete."
    assert lsops("apply", "starter", "--yes").code == 0
    assert lsops("plan", "starter", "--detailed-exitcode").code == 0
    schema = json.loads((lsops.folder / "starter" / "lsops.schema.json").read_text("utf-8"))
    assert schema == lsops("schema").json()


def test_init_overwrites_nothing(lsops: Lsops) -> None:
    lsops.write("mine\n")
    ran = lsops("init")
    assert ran.code == 3
    assert "lsops.yaml exists already" in ran.err
    assert [path.name for path in lsops.folder.iterdir()] == ["lsops.yaml"]


def test_init_into_a_file_is_an_error(lsops: Lsops) -> None:
    lsops.write("mine\n", "folder")
    assert lsops("init", "folder/below").code == 3


@pytest.mark.parametrize("kind", [None, *documents()])
def test_every_schema_is_a_valid_one(lsops: Lsops, kind: str | None) -> None:
    document = lsops("schema", *([kind] if kind else [])).json()
    draft = Draft202012Validator if kind else Draft7Validator  # editors want the older one
    assert document["$schema"] == draft.META_SCHEMA["$schema"]
    draft.check_schema(document)


def test_the_schema_accepts_the_quickstart_and_refuses_a_typo(lsops: Lsops) -> None:
    validator = Draft7Validator(lsops("schema").json())
    manifest = yaml.safe_load((ROOT / "examples" / "quickstart" / "lsops.yaml").read_text("utf-8"))
    assert [error.message for error in validator.iter_errors(manifest)] == []
    manifest["projects"]["Support tickets NER"]["colour"] = "#000000"
    assert "colour" in " ".join(error.message for error in validator.iter_errors(manifest))


def test_an_unknown_kind_is_suggested(lsops: Lsops) -> None:
    ran = lsops("schema", "projct")
    assert ran.code == 3
    assert "did you mean project?" in ran.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_names_lsops(lsops: Lsops, shell: str) -> None:
    ran = lsops("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert "_LSOPS_COMPLETE" in ran.out


def test_the_version_is_printed(lsops: Lsops) -> None:
    assert lsops("version").out == f"lsops {__version__}\n"


def test_doctor_on_the_sandbox_needs_no_token(lsops: Lsops, enterprise: httpx.Client) -> None:
    ran = lsops("doctor")
    assert ran.code == 0
    rows = dict(row.split("  ", 1) for row in ran.out.splitlines())
    assert rows["token"].strip() == "none needed"
    assert rows["role"].strip() == "owner"


def test_sandbox_serve_says_where_it_is_answers_and_stops(lsops: Lsops) -> None:
    command = [sys.executable, "-m", "lsops", "sandbox", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=lsops.folder, env=ENV, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("Listening on ").strip()
        token = process.stdout.readline().removeprefix("Token: ").strip()
        answer = httpx.get(f"{url}/api/current-user/whoami", headers={"Authorization": f"Token {token}"})
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        rest, _ = process.communicate(timeout=10)
    assert url.startswith("http://127.0.0.1:")
    assert answer.json()["email"] == "owner@example.com"
    assert (process.returncode, rest) == (0, "")
    assert time.monotonic() - began < 5.0


def test_a_sandbox_user_gets_a_token(lsops: Lsops, enterprise: httpx.Client) -> None:
    ran = lsops("sandbox", "user", "ana@example.com", "--role", "reviewer", "--db", "sandbox.db")
    assert ran.code == 0
    token = ran.out.removeprefix("Token: ").strip()
    who = enterprise.get("/api/current-user/whoami", headers={"Authorization": f"Token {token}"}).json()
    assert who["email"] == "ana@example.com"


# ---- plan files ----------------------------------------------------------------------------------


def test_a_plan_file_is_the_owner_s_and_the_same_document_as_stdout(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    printed = lsops("plan", "--out", "plan.json", "--format", "json")
    path = lsops.folder / "plan.json"
    text = path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert text == printed.out
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


def test_a_plan_file_replaces_an_open_one_and_is_closed_to_others(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    (lsops.folder / "plan.json").write_text("old")
    (lsops.folder / "plan.json").chmod(0o644)
    assert lsops("plan", "--out", "plan.json").code == 0
    assert (lsops.folder / "plan.json").stat().st_mode & 0o777 == 0o600


def test_a_plan_file_that_cannot_be_written_leaves_nothing(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    before = sorted(path.name for path in lsops.folder.iterdir())
    assert errors(lsops, "plan", "--out", "nowhere/plan.json") == ["LS605"]
    assert errors(lsops, "plan", "--out", ".") == ["LS605"]
    assert sorted(path.name for path in lsops.folder.iterdir()) == before


NO_PLANS = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "another format": '{"format": "lsops.plan/2"}',
    "a report": '{"format": "lsops.report/1", "outcomes": []}',
    "a stump": '{"format": "lsops.plan/1"}',
    "deep": "[" * 5000,
}


@pytest.mark.parametrize(
    "text", [value for name, value in NO_PLANS.items() if name != "deep"], ids=[n for n in NO_PLANS if n != "deep"]
)
def test_a_file_that_is_no_plan_is_exit_3(lsops: Lsops, community: httpx.Client, text: str) -> None:
    lsops.write(TWO)
    (lsops.folder / "plan.json").write_text(text)
    for arguments in (["show", "plan.json"], ["apply", "--plan", "plan.json"]):
        ran = lsops(*arguments)
        assert ran.code == 3, ran
        assert "plan.json is" in ran.err
    assert titles(community) == []


def test_a_plan_that_is_not_there_is_exit_3(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    assert errors(lsops, "show", "plan.json") == errors(lsops, "apply", "--plan", "plan.json") == ["LS605"]


def test_a_plan_file_made_by_somebody_else_prints_no_control_character(lsops: Lsops, community: httpx.Client) -> None:
    nasty = "\x1b[2J"
    lsops.write(TWO)
    saved(lsops, summary={"unchanged": nasty}, warnings=[{"code": nasty, "message": nasty, "hint": nasty}])
    path = lsops.folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    changed = {"live": {"id": nasty}, "destroys": {nasty: nasty}, "source": {"file": nasty, "line": nasty}}
    for changes in ([{**document["changes"][0], **changed}], []):
        path.write_text(json.dumps({**document, "changes": changes}), "utf-8")
        for form in ("text", "json"):
            ran = lsops("show", "plan.json", "--format", form)
            assert "\x1b" not in ran.out + ran.err


def saved(lsops: Lsops, **changes: object) -> None:
    """A saved plan of the manifest, with keys of its document changed."""
    assert lsops("plan", "--out", "plan.json").code == 0
    path = lsops.folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**document, **changes}), "utf-8")


def test_a_saved_plan_is_carried_out(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    saved(lsops)
    ran = lsops("apply", "--plan", "plan.json")
    assert ran.code == 0
    assert titles(community) == ["One", "Two"]


def test_a_plan_that_no_longer_fits_names_every_address(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    saved(lsops)
    community.post("/api/projects/", json={"title": "One", "description": "first"})
    lsops.write(TWO.replace("second", "changed"))
    ran = lsops("apply", "--plan", "plan.json", "--format", "json")
    assert ran.code == 5
    assert {error["address"] for error in ran.json()["errors"]} == {"/projects/One", "/projects/Two"}
    assert {error["code"] for error in ran.json()["errors"]} == {"LS805"}
    assert titles(community) == ["One"]


def test_what_the_saved_plan_lacks_is_listed_and_not_made(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    saved(lsops)
    lsops.write(TWO.replace("projects: {", "projects: {Three: {}, "))
    ran = lsops("apply", "--plan", "plan.json")
    assert ran.code == 0
    assert "not in the saved plan, not made: /projects/Three" in ran.err
    assert titles(community) == ["One", "Two"]


def test_a_file_cannot_add_what_the_manifest_does_not_have(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    saved(lsops)
    path = lsops.folder / "plan.json"
    path.write_text(path.read_text("utf-8").replace("second", "injected"), "utf-8")
    assert lsops("apply", "--plan", "plan.json").code == 5
    assert titles(community) == []


def test_a_plan_for_another_server_or_environment_is_refused(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + "environments: {prod: {}}\n")
    saved(lsops, server={"url": "https://other.example.com", "edition": "community", "release": "1"})
    assert lsops("apply", "--plan", "plan.json").code == 5
    saved(lsops)
    ran = lsops("apply", "--plan", "plan.json", "-e", "prod")
    assert ran.code == 5
    assert "environment prod" in ran.err
    assert titles(community) == []


# ---- consent -------------------------------------------------------------------------------------

GONE = "version: 1\nprojects: {One: {lifecycle: {absent: true}}, Two: {lifecycle: {absent: true}}}\n"


@pytest.fixture
def full(lsops: Lsops, community: httpx.Client) -> httpx.Client:
    """A sandbox with two projects, the first with a task."""
    lsops.write(f"version: 1\nprojects: {{One: {{label_config: '{LABELS}'}}, Two: {{}}}}\n")
    assert lsops("apply", "--yes").code == 0
    found = {row["title"]: row["id"] for row in community.get("/api/projects/").json()["results"]}
    community.post(f"/api/projects/{found['One']}/import", json=[{"t": "text"}]).raise_for_status()
    return community


@pytest.mark.parametrize(
    ("flags", "codes"),
    [
        ([], ["LS803", "LS804"]),
        (["--allow-deletes", "1"], ["LS803", "LS804"]),
        (["--allow-deletes", "2"], ["LS804"]),
        (["--allow-data-loss", "/projects/One"], ["LS803"]),
        (["--allow-deletes", "2", "--allow-data-loss", "/projects/*"], ["LS804"]),
        (["--allow-deletes", "2", "--allow-data-loss", "/projects/Two"], ["LS804"]),
    ],
)
def test_a_delete_needs_consent_for_its_number_and_for_its_data(
    lsops: Lsops, full: httpx.Client, flags: list[str], codes: list[str]
) -> None:
    lsops.write(GONE)
    ran = lsops("apply", "--yes", "--format", "json", *flags)
    assert ran.code == 5
    assert [error["code"] for error in ran.json()["errors"]] == codes
    assert titles(full) == ["One", "Two"]


def test_with_both_consents_it_is_deleted(lsops: Lsops, full: httpx.Client) -> None:
    lsops.write(GONE)
    ran = lsops("apply", "--yes", "--allow-deletes", "2", "--allow-data-loss", "/projects/One")
    assert ran.code == 0
    assert ran.last == "Apply complete: 0 created, 0 updated, 0 replaced, 2 deleted."
    assert titles(full) == []


def test_tasks_that_came_after_the_saved_plan_are_counted(lsops: Lsops, full: httpx.Client) -> None:
    lsops.write(GONE)
    saved(lsops)
    two = next(row["id"] for row in full.get("/api/projects/").json()["results"] if row["title"] == "Two")
    full.post(f"/api/projects/{two}/import", json=[{"t": "text"}]).raise_for_status()
    ran = lsops("apply", "--plan", "plan.json", "--allow-deletes", "2", "--allow-data-loss", "/projects/One")
    assert ran.code == 5
    assert titles(full) == ["One", "Two"]


def test_a_plan_needs_no_consent_and_says_what_apply_will_need(lsops: Lsops, full: httpx.Client) -> None:
    lsops.write(GONE)
    ran = lsops("plan", "--detailed-exitcode")
    assert ran.code == 2
    assert "apply will need --allow-deletes 2" in ran.out


# ---- targets, environments, overlays --------------------------------------------------------------


def test_a_target_leaves_the_others_out_and_says_so(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO)
    ran = lsops("apply", "--yes", "-t", "/projects/One")
    assert ran.code == 0
    assert "1 left out by the targets" in ran.out
    assert "/projects/Two" in ran.out
    assert titles(community) == ["One"]


@pytest.mark.parametrize("glob", ["/projects/Thre", "/projects/T", "projects/One", "/projects/one", "/projects/\\*"])
def test_a_target_that_matches_nothing_is_exit_3(lsops: Lsops, community: httpx.Client, glob: str) -> None:
    lsops.write(TWO)
    assert errors(lsops, "plan", "-t", "/projects/One", "-t", glob) == ["LS606"]


def test_a_missing_parent_is_added_and_said(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {import_storages: {in: {type: s3, bucket: b}}}, Two: {}}\n")
    ran = lsops("plan", "-t", "/projects/One/import_storages/in")
    assert "/projects/One stands above a target: it is created if it is missing, and not changed" in ran.err
    assert "+ /projects/One " in ran.out
    assert "+ /projects/One/import_storages/in" in ran.out
    assert "+ /projects/Two" not in ran.out


def test_environments_overlays_and_variables_change_the_plan(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(
        """
        version: 1
        vars: {word: base}
        environments:
          prod: {vars: {word: prod}, overlays: [prod.yaml]}
        projects:
          One: {description: "${var:word}", color: "#000000"}
        """
    )
    lsops.write("projects: {One: {maximum_annotations: 3}}\n", "prod.yaml")
    lsops.write("projects: {One: {color: null}}\n", "more.yaml")

    def fields(*arguments: str) -> dict[str, object]:
        change = lsops("plan", "--format", "json", *arguments).json()["changes"][0]
        return {item["path"]: item["after"] for item in change["fields"] if item["path"] != "/title"}

    assert fields() == {"/description": "base", "/color": "#000000"}
    prod = fields("-e", "prod", "--overlay", "more.yaml")
    assert prod == {"/description": "prod", "/maximum_annotations": 3}
    assert fields("-e", "prod", "--var", "word=flag")["/description"] == "flag"
    lsops.setenv(LSOPS_VAR_word="variable", LSOPS_OVERLAY="more.yaml")
    assert fields() == {"/description": "variable"}


def test_an_unknown_environment_is_exit_3(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + "environments: {prod: {}}\n")
    assert errors(lsops, "plan", "-e", "prd") == ["LS306"]


def test_a_manifest_is_found_by_its_folder_or_its_file(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO, "below/lsops.yaml")
    assert lsops("validate", "below").code == lsops("validate", "below/lsops.yaml").code == 0
    lsops.write("version: 2\n", "below/lsops.yaml")
    assert lsops("validate", "below").err.startswith("below/lsops.yaml:1:10: error[LS211]")


def test_a_plan_without_an_environment_names_those_that_there_are(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(TWO + 'environments: {prod: {}, "te\\u202est": {}}\n')

    assert "no environment is chosen; the manifest has prod, te\\u202est (-e NAME)\n" in lsops("plan").err
    assert "no environment" not in lsops("plan", "-e", "prod").err
    lsops.write(TWO + "environments: {" + ", ".join(f"e{n}: {{}}" for n in range(14)) + "}\n")
    assert "e8, e9 and 4 more (-e NAME)\n" in lsops("plan").err
    lsops.write(TWO)
    assert "no environment" not in lsops("plan").err
