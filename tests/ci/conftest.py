"""The scripts of the action, as its steps run them, and a forge for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_github import REPOSITORY, REPOSITORY_ID, FakeGitHub, fake_github

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "ci"))  # a script finds what stands beside it

HEAD = "a" * 40
FORK = {"id": 8, "full_name": "mallory/labels"}


def of_pull_request(sha: str = HEAD, repo: dict[str, Any] | None = None, number: int = 7) -> dict[str, Any]:
    """What GitHub says of a pull request; without a repository its head is this one's."""
    own = {"id": REPOSITORY_ID, "full_name": REPOSITORY}
    head = {"sha": sha, "repo": own if repo is None else repo or None}
    return {"pull_request": {"number": number, "head": head, "base": {"repo": own}}}


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    with fake_github() as made:
        yield made


@pytest.fixture
def step(hub: FakeGitHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Path]:
    """Set the environment of a step for an event, and give the file of its outputs."""

    def prepared(event: dict[str, Any], name: str = "pull_request", **variables: str) -> Path:
        output = tmp_path / "output"
        (tmp_path / "event.json").write_text(json.dumps(event), "utf-8")
        given = {
            "GITHUB_API_URL": hub.url,
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "1",
            "GITHUB_SERVER_URL": "https://github.example",
            "INPUT_GITHUB_TOKEN": hub.token,
            "LSOPS_CI_PAUSE": "0",
            **variables,
        }
        for variable, value in given.items():
            monkeypatch.setenv(variable, value)
        return output

    return prepared
