"""The scripts that write into Gitea, Forgejo and Azure Repos, against stand-ins for their APIs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, request

from tests.support.forge import TOKEN, Forge
from tests.support.git_repo import GitRepo
from tests.support.sandbox import served_app
from tests.support.workflows import GITOPS, step

MARKER = "<!-- lsops:plan prod -->"


def run(script: str, folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """The exit code of a script of the examples, and what it said."""
    words = [sys.executable, "-I", str(GITOPS / script), *arguments]
    done = subprocess.run(words, cwd=folder, env=variables, check=False, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


@dataclass
class Gitea:
    """Repository `team/studio` with a pull request 3, and a folder with the texts."""

    forge: Forge
    folder: Path
    url: str

    def run(self, errand: str, what: str, text: str, token: str = TOKEN) -> tuple[int, str]:
        """`forge.py ERRAND WHAT FILE`, as the job runs it."""
        (self.folder / "text.md").write_text(text, "utf-8")
        variables = {"GITHUB_API_URL": f"{self.url}/api/v1", "GITHUB_REPOSITORY": "team/studio", "FORGE_TOKEN": token}
        return run("gitea/.gitea/forge.py", self.folder, errand, what, "text.md", **variables)


@pytest.fixture
def gitea(tmp_path: Path) -> Iterator[Gitea]:
    header, by = ("Authorization", f"token {TOKEN}"), {"user": {"login": "gitea-actions"}}
    forge = Forge("/api/v1/repos/team/studio/", header, by, {"issues/3/comments": [], "issues": []})
    forge.elsewhere["issues/comments"] = "issues/3/comments"
    with served_app(forge.app()) as url:
        yield Gitea(forge, tmp_path, url)


@pytest.mark.parametrize("documents", [{}, {"/api/v1/user": {"login": "gitea-actions"}}], ids=["may not ask", "may"])
def test_gitea_has_one_comment_which_each_push_writes_anew(gitea: Gitea, documents: dict[str, Any]) -> None:
    gitea.forge.documents |= documents
    comments = gitea.forge.lists["issues/3/comments"]
    comments.append({"id": 1, "user": {"login": "mallory"}, "body": f"{MARKER}\nnot ours"})
    assert [gitea.run("comment", "3", f"{MARKER}\n{text}") for text in ("first", "second")] == [(0, "")] * 2
    assert [one["body"] for one in comments] == [f"{MARKER}\nnot ours", f"{MARKER}\nsecond"]
    assert gitea.forge.written == ["POST issues/3/comments", "PATCH issues/comments/2"]


def test_gitea_has_one_issue_as_long_as_there_is_drift(gitea: Gitea) -> None:
    others = [{"number": n, "state": "open", "user": {"login": "x"}, "body": "other"} for n in range(1, 51)]
    gitea.forge.lists["issues"].extend(others)
    for code, text in (("2", "first"), ("1", "no answer"), ("2", "second"), ("0", "nothing")):
        assert gitea.run("issue", code, f"<!-- lsops:drift -->\n{text}") == (0, "")
    issue = gitea.forge.lists["issues"][50]
    assert (issue["title"], issue["state"]) == ("Label Studio has drifted", "closed")
    assert issue["body"].endswith("second")
    assert gitea.forge.written == ["POST issues", "PATCH issues/51", "POST issues/51/comments", "PATCH issues/51"]


def test_gitea_says_which_request_was_refused(gitea: Gitea) -> None:
    url = f"{gitea.url}/api/v1/repos/team/studio/issues/3/comments"
    assert gitea.run("comment", "3", MARKER, token="wrong") == (1, f"The forge answers 401 to {url}.\n")


def test_gitea_s_job_checks_out_its_commit_by_git_alone(tmp_path: Path) -> None:
    origin = GitRepo.made(tmp_path / "team" / "studio")
    commit = origin.commit(**{"lsops.yaml": "version: 1\n"}).strip()
    origin.commit(**{"lsops.yaml": "version: 2\n"})
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")  # as Gitea has it
    work = tmp_path / "work"
    work.mkdir()
    script = str(step("gitea/.gitea/workflows/label-studio.yaml", "lsops", "Check out")["run"])
    env = {"PATH": os.environ["PATH"], "GITHUB_SERVER_URL": f"file://{tmp_path}", "GITHUB_REPOSITORY": "team/studio"}
    env |= {"GITHUB_SHA": commit, "HOME": str(tmp_path)}
    subprocess.run(["sh", "-e", "-c", script], cwd=work, env=env, check=True, timeout=60, capture_output=True)
    assert (work / "lsops.yaml").read_text() == "version: 1\n"


@pytest.fixture
def threads() -> list[dict[str, Any]]:
    """Threads of the pull request; the first is somebody else's, who wrote our marker."""
    return [{"id": 1, "comments": [{"id": 1, "author": {"id": "else"}, "content": f"{MARKER}\nnot ours"}]}]


@pytest.fixture
def azure(threads: list[dict[str, Any]]) -> Iterator[str]:
    """The URL of a stand-in for Azure Repos."""
    app, path = Flask("azure"), "/org/pid/_apis/git/repositories/rid/pullRequests/3/threads"

    def added() -> dict[str, Any]:
        comments = [{"id": n, "author": {"id": "build"}, **one} for n, one in enumerate(request.json["comments"], 1)]
        threads.append({"id": len(threads) + 1, "comments": comments})
        return threads[-1]

    def changed(thread: int, comment: int) -> dict[str, Any]:
        threads[thread - 1]["comments"][comment - 1].update(request.json)
        return {}

    app.before_request(lambda: None if request.headers["Authorization"] == f"Bearer {TOKEN}" else abort(401))
    app.add_url_rule("/org/_apis/connectionData", "me", lambda: {"authenticatedUser": {"id": "build"}})
    app.add_url_rule(path, "list", lambda: {"value": threads})
    app.add_url_rule(path, "add", added, methods=["POST"])
    app.add_url_rule(f"{path}/<int:thread>/comments/<int:comment>", "change", changed, methods=["PATCH"])
    with served_app(app) as url:
        yield url


def test_azure_has_one_comment_which_each_push_writes_anew(
    tmp_path: Path, azure: str, threads: list[dict[str, Any]]
) -> None:
    variables = {"SYSTEM_COLLECTIONURI": f"{azure}/org/", "SYSTEM_TEAMPROJECTID": "pid", "SYSTEM_ACCESSTOKEN": TOKEN}
    variables |= {"BUILD_REPOSITORY_ID": "rid", "SYSTEM_PULLREQUEST_PULLREQUESTID": "3"}
    for text in ("first", "second"):
        (tmp_path / "plan.md").write_text(f"{MARKER}\n{text}", "utf-8")
        assert run("azure/ci/comment.py", tmp_path, "plan.md", **variables) == (0, "")
    assert [one["comments"][0]["content"] for one in threads] == [f"{MARKER}\nnot ours", f"{MARKER}\nsecond"]
