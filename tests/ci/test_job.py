"""The whole action, step by step, against a Label Studio over HTTP and GitHub's API: what a team sees in each case."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ci.conftest import FORK, HEAD, of_pull_request
from tests.support.composite import Ended, Job
from tests.support.editors import installed_wheel
from tests.support.fake_github import REPOSITORY, FakeGitHub
from tests.support.policies import needs_cel
from tests.support.sandbox import served

TOKEN = "f" * 40
MERGED = "b" * 40
TITLES = "version: 1\nenvironments: {{prod: {{}}}}\nprojects: {}\n"
DRAWN = TITLES.format(
    """{One: {label_config: '<View><Text name="t" value="$t"/><Rating name="r" toName="t"/></View>'}}"""
)
ONE = TITLES.format("{One: {description: first}}")
TWO = TITLES.format("{One: {description: second}, Two: {}}")
NONE_LEFT = TITLES.format("{One: {lifecycle: {absent: true}}}")
MISTAKE = TITLES.format("{One: {descripton: first}}")
DENIED = ONE + "policies: {no-one: {on: change, deny: 'change.kind == \"project\"', message: Ask Ana.}}\n"
WORKFLOW = f"{REPOSITORY}/.github/workflows/label-studio.yml@refs/heads/main"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path / "served.db", edition="community", token=TOKEN) as running:
        yield running


@pytest.fixture
def api(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"Authorization": f"Token {TOKEN}"}) as client:
        yield client


@pytest.fixture
def job(hub: FakeGitHub, url: str, tmp_path: Path) -> Job:
    """A job with the secrets of the repository, on the pull request #7 until a test says otherwise."""
    (tmp_path / "checkout").mkdir()
    env = {
        "CI": "true",
        "GITHUB_API_URL": hub.url,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "1",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_SHA": MERGED,
        "GITHUB_WORKFLOW_REF": WORKFLOW,
        "LABEL_STUDIO_API_KEY": TOKEN,
        "LABEL_STUDIO_URL": url,
        "LSOPS_CI_PAUSE": "0",
        "LSOPS_SECRET_ENV": "NONE",
    }
    return Job(tmp_path, env, of_pull_request(), hub.token)


def on(job: Job, event: str, manifest: str, **inputs: str) -> Ended:
    """The action with a manifest, for an event."""
    job.workspace.joinpath("lsops.yaml").write_text(manifest, "utf-8")
    job.env["GITHUB_EVENT_NAME"] = event
    if not event.startswith("pull_request"):
        job.event = {"ref": "refs/heads/main"}
    return job.run(environment="prod", **inputs)


def projects(api: httpx.Client) -> dict[str, str]:
    return {row["title"]: row["description"] for row in api.get("/api/projects/").json()["results"]}


def bodies(hub: FakeGitHub) -> list[str]:
    return [one["body"] for one in hub.comments.get(7, [])]


def test_a_pull_request_has_one_comment_that_the_second_push_updates_and_a_log_without_a_token(
    job: Job, hub: FakeGitHub
) -> None:
    hub.comment(7, "<!-- lsops:plan prod -->\nnothing to see", author="mallory")
    ended = on(job, "pull_request", ONE, command="plan")
    assert (ended.code, ended.outputs["exit-code"], ended.outputs["changes"], ended.outputs["deletes"]) == (
        0,
        "2",
        "1",
        "0",
    )
    assert "**Plan: 1 to create" in bodies(hub)[1]
    assert "**Plan: 1 to create" in ended.summary
    assert sorted(ended.uploaded["lsops-plan-prod"]) == ["lsops.sarif", "plan.json", "result.html", "result.md"]
    log = on(job, "pull_request", TWO, command="plan", args="-vv").log
    assert "GET /api/projects/" in log
    assert not any(token in log for token in (TOKEN, hub.token))
    assert [body.partition("\n")[0] for body in bodies(hub)] == ["<!-- lsops:plan prod -->"] * 2
    assert bodies(hub)[0].endswith("nothing to see")
    assert "**Plan: 2 to create" in bodies(hub)[1]


@pytest.mark.soak
def test_a_plan_has_pictures_of_what_changes_in_its_page_and_a_way_to_them_in_its_comment(
    job: Job, hub: FakeGitHub
) -> None:
    job.env["LSOPS_EDITOR"] = str(installed_wheel())
    ended = on(job, "pull_request", DRAWN, command="plan", preview="true", args="--check -t /projects/One")
    kept = ended.uploaded["lsops-plan-prod"]
    assert (ended.code, ended.outputs["exit-code"]) == (0, "2")
    assert kept["preview/1-after.png"].startswith(b"\x89PNG")
    assert b64encode(kept["preview/1-after.png"]) in kept["result.html"]
    assert b'href="preview/index.html#pair-1"' in kept["result.html"]
    assert b'href="../result.html"' in kept["preview/index.html"]
    assert "- drawn after: pair 1 of the preview" in bodies(hub)[0]
    assert "[page and pictures](https://github.example/artifacts/lsops-plan-prod)" in bodies(hub)[0]


def test_a_plan_without_its_pictures_is_a_plan(job: Job, hub: FakeGitHub) -> None:
    job.env["LSOPS_EDITOR"] = "nowhere"
    ended = on(job, "pull_request", DRAWN, command="plan", preview="true")
    assert (ended.code, ended.outputs["changes"]) == (0, "1")
    assert "::warning title=lsops::lsops preview ended with 3" in ended.log


def test_a_mistake_is_the_comment_and_the_exit_code(job: Job, hub: FakeGitHub) -> None:
    ended = on(job, "pull_request", MISTAKE, command="plan")
    assert (ended.code, ended.outputs["exit-code"], ended.outputs["plan-file"]) == (3, "3", "")
    assert "::error file=lsops.yaml,line=3" in ended.log
    assert "**Failed: 1 error.**" in bodies(hub)[0]


@needs_cel
def test_a_plan_that_a_policy_refuses_fails_and_says_so_in_the_comment(job: Job, hub: FakeGitHub) -> None:
    ended = on(job, "pull_request", DENIED, command="plan")
    assert (ended.code, ended.outputs["exit-code"]) == (5, "5")
    assert "Ask Ana" in bodies(hub)[0]


def test_a_fork_gets_validate_and_nothing_that_needs_a_token(job: Job, hub: FakeGitHub, api: httpx.Client) -> None:
    job.event = of_pull_request(repo=FORK)
    job.env["LABEL_STUDIO_URL"] = "http://127.0.0.1:1"
    ended = on(job, "pull_request", ONE, command="plan", args="--check --out elsewhere.json")
    assert (ended.code, ended.uploaded, hub.log) == (0, {}, [])
    assert "`lsops validate` runs instead of `plan`" in ended.log
    assert "Valid" in ended.summary
    assert not list(job.workspace.glob("*.json"))


def test_a_delete_is_counted_and_needs_the_word_of_a_person(job: Job, hub: FakeGitHub, api: httpx.Client) -> None:
    api.post("/api/projects/", json={"title": "One"}).raise_for_status()
    planned = on(job, "pull_request", NONE_LEFT, command="plan")
    assert (planned.code, planned.outputs["deletes"]) == (0, "1")
    assert "--allow-deletes 1" in bodies(hub)[0]
    refused = on(job, "push", NONE_LEFT, command="apply")
    assert (refused.code, list(projects(api))) == (5, ["One"])
    done = on(job, "workflow_dispatch", NONE_LEFT, command="apply", args="--allow-deletes 1")
    assert (done.code, done.outputs["deletes"], projects(api)) == (0, "1", {})


def reviewed(job: Job, hub: FakeGitHub, manifest: str, **inputs: str) -> Ended:
    """The plan of a pull request that is merged then, and the job of the merge."""
    planned = on(job, "pull_request", manifest, command="plan")
    run = hub.run(HEAD)
    for name, files in planned.uploaded.items():
        hub.artifact(run["id"], name, files)
    head: dict[str, Any] = {"sha": HEAD, "repo": {"full_name": REPOSITORY}}
    hub.pulls[MERGED] = [{"number": 7, "merged_at": "2026-11-28", "merge_commit_sha": MERGED, "head": head}]
    return on(job, "push", inputs.pop("merged", manifest), command="apply", reviewed_plan="true", **inputs)


def test_a_merge_makes_what_was_reviewed_and_nothing_else(job: Job, hub: FakeGitHub, api: httpx.Client) -> None:
    ended = reviewed(job, hub, ONE, merged=TITLES.format("{One: {description: first}, Three: {}}"))
    assert (ended.code, ended.outputs["changes"]) == (0, "1")
    assert projects(api) == {"One": "first"}


def test_a_merge_whose_plan_is_stale_says_to_plan_again(job: Job, hub: FakeGitHub, api: httpx.Client) -> None:
    ended = reviewed(job, hub, ONE, merged=TWO)
    assert (ended.code, projects(api)) == (5, {})
    assert "plan again: re-run the pull request's job" in ended.log


def test_a_merge_without_a_plan_applies_nothing(job: Job, hub: FakeGitHub, api: httpx.Client) -> None:
    ended = on(job, "push", ONE, command="apply", reviewed_plan="true")
    assert (ended.code, projects(api)) == (5, {})
    assert "No pull request was merged as bbbbbbbbbbbb" in ended.log


def test_drift_opens_an_issue_rewrites_it_and_closes_it(job: Job, hub: FakeGitHub, api: httpx.Client) -> None:
    project = api.post("/api/projects/", json={"title": "One", "description": "by hand"}).json()["id"]
    for shown in ("by hand", "once more"):
        api.patch(f"/api/projects/{project}/", json={"description": shown}).raise_for_status()
        ended = on(job, "schedule", ONE, command="drift", issue="true", args="--skip ml_backends")
        assert (ended.code, ended.outputs["exit-code"], ended.outputs["changes"]) == (2, "2", "1")
        assert [one["title"] for one in hub.issues] == ["Label Studio has drifted (prod)"]
        assert shown in hub.issues[0]["body"]
    api.patch(f"/api/projects/{project}/", json={"description": "first"}).raise_for_status()
    assert on(job, "schedule", ONE, command="drift", issue="true").code == 0
    assert [one["state"] for one in hub.issues] == ["closed"]
