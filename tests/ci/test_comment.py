"""The comment: found again on any page, never another's, and never the reason why a job fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import comment
import pytest

from tests.ci.conftest import FORK, HEAD, of_pull_request
from tests.support.fake_github import FakeGitHub

MARKER = "<!-- lsops:plan prod -->"
TEXT = f"{MARKER}\n## lsops plan for `prod`\n"


@pytest.fixture
def body(tmp_path: Path) -> str:
    path = tmp_path / "result.md"
    path.write_text(TEXT, "utf-8")
    return str(path)


def bodies(hub: FakeGitHub) -> list[str]:
    return [one["body"].partition("\n\n<sub>")[0] for one in hub.comments.get(7, [])]


def test_a_comment_says_of_which_commit_and_run_it_is(hub: FakeGitHub, step: Callable[..., Path], body: str) -> None:
    step(of_pull_request(), INPUT_BODY=body)
    comment.main()
    footer = f"<sub>Commit {HEAD[:12]}, [run](https://github.example/octo/labels/actions/runs/1)</sub>"
    assert hub.comments[7][0]["body"] == f"{TEXT}\n{footer}\n"


def test_our_comment_is_found_on_the_third_page(hub: FakeGitHub, step: Callable[..., Path], body: str) -> None:
    for number in range(230):
        hub.comment(7, f"{MARKER}\n{number}", author="mallory")
    hub.comment(7, f"{MARKER}\nold")
    hub.comment(7, f"{MARKER}\nnewer")
    step(of_pull_request(), INPUT_BODY=body)
    comment.main()
    assert [one.partition("\n")[2] for one in bodies(hub)[229:]] == ["229", "## lsops plan for `prod`", "newer"]
    assert [one.partition(" ")[0] for one in hub.writes()] == ["PATCH"]


@pytest.mark.parametrize(
    "old",
    ["<!-- lsops:plan staging -->\nx", f"Look: {MARKER}", f"\n{MARKER}", "<!-- lsops:plan production -->"],
)
def test_what_only_looks_like_our_comment_stays(
    hub: FakeGitHub, step: Callable[..., Path], body: str, old: str
) -> None:
    hub.comment(7, old)
    step(of_pull_request(), INPUT_BODY=body)
    comment.main()
    assert bodies(hub) == [old, TEXT.rstrip()]


@pytest.mark.parametrize(
    ("user", "bot", "author"),
    [("octocat", "", "octocat"), ("", "my-app[bot]", "my-app[bot]"), ("", "", "github-actions[bot]")],
    ids=["a person's token", "an app's token", "the job's token"],
)
def test_only_the_author_of_the_token_is_believed(
    hub: FakeGitHub, step: Callable[..., Path], body: str, user: str, bot: str, author: str
) -> None:
    hub.user = user
    for name in ("octocat", "my-app[bot]", "github-actions[bot]"):
        hub.comment(7, f"{MARKER}\n{name}", author=name)
    step(of_pull_request(), INPUT_BODY=body, INPUT_BOT=bot)
    comment.main()
    assert [one["user"]["login"] for one in hub.comments[7] if one["body"].startswith(TEXT)] == [author]


def test_a_text_that_knows_of_no_environment_yet_is_found_again_as_that_of_the_job(
    hub: FakeGitHub, step: Callable[..., Path], body: str
) -> None:
    hub.comment(7, "<!-- lsops:plan a%20b -->\nold")
    Path(body).write_text("<!-- lsops:plan -->\nFailed", "utf-8")
    step(of_pull_request(), INPUT_BODY=body, INPUT_ENVIRONMENT="a b")
    comment.main()
    assert bodies(hub) == ["<!-- lsops:plan a%20b -->\nFailed"]


@pytest.mark.parametrize("repo", [FORK, {}], ids=["another repository", "a repository that is gone"])
def test_a_fork_gets_no_comment(hub: FakeGitHub, step: Callable[..., Path], body: str, repo: dict[str, Any]) -> None:
    step(of_pull_request(repo=repo), INPUT_BODY=body)
    comment.main()
    assert hub.log == []


def test_a_comment_that_is_deleted_meanwhile_is_posted_anew(
    hub: FakeGitHub, step: Callable[..., Path], body: str
) -> None:
    hub.comment(7, f"{MARKER}\nold")
    hub.failing = [("PATCH", 404)]
    step(of_pull_request(), INPUT_BODY=body)
    comment.main()
    assert len(bodies(hub)) == 2


@pytest.mark.parametrize("failing", [[("GET issues", 502)], [("POST", 500), ("GET issues", 503)]])
def test_a_forge_that_stumbles_is_asked_again(
    hub: FakeGitHub, step: Callable[..., Path], body: str, failing: list[tuple[str, int]]
) -> None:
    hub.failing = list(failing)
    step(of_pull_request(), INPUT_BODY=body)
    comment.main()
    assert bodies(hub) == [TEXT.rstrip()]


def test_a_comment_whose_answer_was_lost_is_not_posted_twice(
    hub: FakeGitHub, step: Callable[..., Path], body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = hub.answer

    def lost(method: str, *rest: Any) -> tuple[int, Any]:
        status, answer = made(method, *rest)
        return (502, {"message": "Bad Gateway"}) if method == "POST" else (status, answer)

    monkeypatch.setattr(hub, "answer", lost)
    step(of_pull_request(), INPUT_BODY=body)
    comment.main()
    assert bodies(hub) == [TEXT.rstrip()]


@pytest.mark.parametrize(
    ("failing", "hint"),
    [
        ([("POST", 403)], "403 as the test wants it The job needs `permissions: {pull-requests: write}`"),
        ([("GET issues", 404)], "404 as the test wants it The job needs"),
        ([("GET issues", 503)] * 3, "503 as the test wants it"),
    ],
)
def test_what_cannot_be_written_is_a_warning_and_no_failure(
    hub: FakeGitHub,
    step: Callable[..., Path],
    body: str,
    failing: list[tuple[str, int]],
    hint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hub.failing = list(failing)
    step(of_pull_request(), INPUT_BODY=body)
    comment.main()
    said = capsys.readouterr().out
    assert said.startswith("::warning title=lsops::The plan was not written into the pull request. ")
    assert hint in said
    assert hub.comments == {}


def test_a_wrong_token_and_a_forge_that_is_not_there_are_warnings_too(
    hub: FakeGitHub, step: Callable[..., Path], body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    step(of_pull_request(), INPUT_BODY=body, INPUT_GITHUB_TOKEN="wrong")
    comment.main()
    step(of_pull_request(), INPUT_BODY=body, GITHUB_API_URL="http://127.0.0.1:1")
    comment.main()
    first, second = capsys.readouterr().out.splitlines()
    assert "401 Bad credentials" in first
    assert "URLError" in second
    assert hub.token not in first + second


def test_a_text_without_a_marker_is_not_posted(
    hub: FakeGitHub, step: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "result.md").write_text("## lsops plan", "utf-8")
    step(of_pull_request(), INPUT_BODY=str(tmp_path / "result.md"))
    comment.main()
    step(of_pull_request(), INPUT_BODY=str(tmp_path / "missing.md"))
    comment.main()
    without, missing = capsys.readouterr().out.splitlines()
    assert "does not begin with the marker" in without
    assert "There is no result to comment with" in missing
    assert hub.writes() == []
