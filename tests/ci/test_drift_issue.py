"""The issue about drift: one, of ours, and left alone by a run that could not look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import drift_issue
import pytest

from tests.ci.conftest import of_pull_request
from tests.support.fake_github import FakeGitHub

MARKER = "<!-- lsops:drift prod -->"


@pytest.fixture
def night(step: Callable[..., Path], tmp_path: Path) -> Callable[[str], None]:
    """A nightly run that ended with an exit code."""

    def ended(code: str, event: str = "schedule") -> None:
        body = tmp_path / "result.md"
        body.write_text(f"{MARKER}\nDrift: {code}", "utf-8")
        payload = of_pull_request() if event == "pull_request" else {}
        step(payload, event, INPUT_BODY=str(body), INPUT_CODE=code, INPUT_ENVIRONMENT="prod")
        drift_issue.main()

    return ended


def test_drift_writes_into_the_open_issue_of_ours(hub: FakeGitHub, night: Callable[..., None]) -> None:
    hub.issue(f"{MARKER}\nmallory's", author="mallory")
    hub.issue(MARKER)["pull_request"] = {"url": "https://p"}
    ours = hub.issue(f"{MARKER}\nold")
    hub.issue(f"{MARKER}\nclosed")["state"] = "closed"
    night("2")
    assert [one["body"].partition("\n\n")[0] for one in hub.issues if "Drift: 2" in one["body"]] == [
        f"{MARKER}\nDrift: 2"
    ]
    assert "Drift: 2" in ours["body"]


def test_every_open_issue_of_ours_is_closed_with_a_word(hub: FakeGitHub, night: Callable[..., None]) -> None:
    for number in range(120):
        hub.issue(f"another {number}", author="octocat")
    ours = [hub.issue(f"{MARKER}\n{number}") for number in range(2)]
    night("0")
    assert [one["state"] for one in ours] == ["closed", "closed"]
    assert [one["state_reason"] for one in ours] == ["completed", "completed"]
    assert "Nothing differs any more" in hub.comments[ours[0]["number"]][0]["body"]
    assert sum(one["state"] == "open" for one in hub.issues) == 120


@pytest.mark.parametrize("code", ["1", "3", ""])
def test_a_run_that_could_not_look_leaves_the_issue(hub: FakeGitHub, night: Callable[..., None], code: str) -> None:
    hub.issue(f"{MARKER}\nold")
    night(code)
    assert hub.log == []


def test_drift_in_a_pull_request_opens_nothing(hub: FakeGitHub, night: Callable[..., None]) -> None:
    night("2", "pull_request")
    assert hub.log == []


def test_what_cannot_be_written_is_a_warning(
    hub: FakeGitHub, night: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    hub.failing = [("POST issues", 410)]
    night("2")
    assert "410 as the test wants it The job needs `permissions: {issues: write}`." in capsys.readouterr().out
