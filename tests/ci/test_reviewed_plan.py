"""Which plan counts as reviewed, and what is said where none does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import reviewed_plan
from runner import StepFailed

from tests.ci.conftest import FORK, HEAD
from tests.support.fake_github import REPOSITORY, FakeGitHub

MERGED = "b" * 40
NAME = "lsops-plan-prod"
PULL: dict[str, Any] = {
    "number": 7,
    "merged_at": "2026-11-28T03:00:00Z",
    "merge_commit_sha": MERGED,
    "head": {"sha": HEAD, "repo": {"full_name": REPOSITORY}},
}
WORKFLOW = f"{REPOSITORY}/.github/workflows/label-studio.yml@refs/heads/main"


@pytest.fixture
def fetched(hub: FakeGitHub, step: Callable[..., Path], tmp_path: Path) -> Callable[..., bytes]:
    """What the step fetches for the merge."""

    def run(**variables: str) -> bytes:
        given = {"GITHUB_SHA": MERGED, "GITHUB_WORKFLOW_REF": WORKFLOW, "INPUT_ARTIFACT": NAME, **variables}
        step({}, "push", INPUT_FOLDER=str(tmp_path), **given)
        reviewed_plan.main()
        return (tmp_path / "reviewed.json").read_bytes()

    return run


def planned(hub: FakeGitHub, content: bytes = b"{}", **run: Any) -> dict[str, Any]:
    """A run for the head of the merged pull request that left a plan."""
    hub.pulls[MERGED] = [PULL]
    made = hub.run(HEAD, **run)
    hub.artifact(made["id"], NAME, {"plan.json": content, "result.md": b"x"})
    return made


def test_the_plan_of_the_last_run_is_fetched(hub: FakeGitHub, fetched: Callable[..., bytes]) -> None:
    for content in (b"1", b"2", b"3"):
        planned(hub, content)
    assert fetched() == b"3"


@pytest.mark.parametrize(
    "other",
    [
        {"path": ".github/workflows/tests.yml"},
        {"event": "push"},
        {"head_repository": FORK},
        {"head_repository": None},
    ],
    ids=["another workflow", "another event", "a fork of the same commit", "a repository that is gone"],
)
def test_a_later_run_of_something_else_does_not_count(
    hub: FakeGitHub, fetched: Callable[..., bytes], other: dict[str, Any]
) -> None:
    planned(hub, b"reviewed")
    planned(hub, b"forged", **other)
    assert fetched() == b"reviewed"


def test_the_workflow_that_plans_may_be_another_one(hub: FakeGitHub, fetched: Callable[..., bytes]) -> None:
    planned(hub, b"theirs", path=".github/workflows/plan.yml@refs/pull/7/merge")
    assert fetched(INPUT_WORKFLOW=".github/workflows/plan.yml") == b"theirs"


def no_pull(hub: FakeGitHub) -> None:
    hub.pulls[MERGED] = [{**PULL, "merged_at": None}, {**PULL, "merge_commit_sha": "c" * 40}]


def of_a_fork(hub: FakeGitHub) -> None:
    hub.pulls[MERGED] = [{**PULL, "head": {"sha": HEAD, "repo": FORK}}]


def no_run(hub: FakeGitHub) -> None:
    hub.pulls[MERGED] = [PULL]
    hub.run("c" * 40)


def still_running(hub: FakeGitHub) -> None:
    planned(hub)
    planned(hub, status="in_progress")


def last_without_plan(hub: FakeGitHub) -> None:
    planned(hub)
    hub.run(HEAD)


def of_an_earlier_attempt(hub: FakeGitHub) -> None:
    planned(hub, run_started_at="2026-11-28T04:00:00Z")


def expired(hub: FakeGitHub) -> None:
    hub.artifacts[planned(hub)["id"]][0]["expired"] = True


def no_plan_inside(hub: FakeGitHub) -> None:
    hub.artifact(planned(hub)["id"], NAME, {"../plan.json": b"{}"})


def no_archive(hub: FakeGitHub) -> None:
    planned(hub)
    hub.archives = dict.fromkeys(hub.archives, b"PK nonsense")


AGAIN = "Plan again: re-run the pull request's job that planned"


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (no_pull, "No pull request was merged as bbbbbbbbbbbb"),
        (of_a_fork, "Pull request #7 came from a fork"),
        (
            no_run,
            f"No run of .github/workflows/label-studio.yml for aaaaaaaaaaaa, the head of pull request #7. {AGAIN}",
        ),
        (still_running, "Run https://r of pull request #7 goes on"),
        (last_without_plan, f"Run https://r of #7 left no plan (lsops-plan-prod). {AGAIN}"),
        (of_an_earlier_attempt, f"left no plan (lsops-plan-prod). {AGAIN}"),
        (expired, f"The plan of #7 has expired. {AGAIN}"),
        (no_plan_inside, f"The artifact holds no plan.json. {AGAIN}"),
        (no_archive, f"The artifact holds no plan.json. {AGAIN}"),
    ],
)
def test_where_no_plan_was_reviewed_the_job_is_refused_and_says_what_to_do(
    hub: FakeGitHub, fetched: Callable[..., bytes], prepare: Callable[[FakeGitHub], None], words: str
) -> None:
    prepare(hub)
    with pytest.raises(StepFailed) as failed:
        fetched()
    assert words in str(failed.value)
    assert failed.value.code == 5


def test_what_github_refuses_names_the_permissions(hub: FakeGitHub, fetched: Callable[..., bytes]) -> None:
    planned(hub)
    hub.failing = [("GET actions/runs", 403)]
    with pytest.raises(
        StepFailed, match=r"403 as the test wants it The job needs `permissions: \{actions: read"
    ) as failed:
        fetched()
    assert failed.value.code == 1


def test_an_archive_larger_than_a_plan_may_be_is_not_read(
    hub: FakeGitHub, fetched: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(hub, b"{" + b" " * 5000)
    monkeypatch.setattr(reviewed_plan, "LARGEST_PLAN", 5000)
    with pytest.raises(StepFailed, match="more than 5000 bytes"):
        fetched()
    monkeypatch.setattr(reviewed_plan, "LARGEST_ARCHIVE", 100)
    with pytest.raises(StepFailed, match="larger than 100 bytes"):
        fetched()


def test_no_plan_is_fetched_over_plain_http_from_elsewhere(hub: FakeGitHub, fetched: Callable[..., bytes]) -> None:
    planned(hub)
    api, hub.url = hub.url, "http://elsewhere.example"
    with pytest.raises(StepFailed, match="redirects to something that is not https"):
        fetched(GITHUB_API_URL=api)
