"""GitHub's API as far as the action uses it, on 127.0.0.1: comments, issues, runs and artifacts of one repository."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "octo/labels"
REPOSITORY_ID = 7
BOT = "github-actions[bot]"
TOKEN = "ghs_" + "t" * 36
LARGEST_BODY = 1_000_000
NOW = "2026-11-28T03:17:00Z"


@dataclass
class FakeGitHub:
    """What the repository holds; a test reads and changes it."""

    token: str = TOKEN
    user: str = ""
    """Who the token is; empty is an app, which may not ask."""
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    artifacts: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    archives: dict[int, bytes] = field(default_factory=dict)
    failing: list[tuple[str, int]] = field(default_factory=list)
    """Beginnings of `METHOD PATH` and the status that the next such request gets, once each."""
    log: list[str] = field(default_factory=list)
    url: str = ""
    last_id: int = 100

    @property
    def author(self) -> str:
        return self.user or BOT

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def writes(self) -> list[str]:
        """The requests that changed something, in order."""
        return [one for one in self.log if not one.startswith("GET ")]

    def comment(self, number: int, body: str, author: str = "") -> dict[str, Any]:
        """A comment that stands there already."""
        made = {"id": self.next_id(), "body": body, "user": {"login": author or self.author}, "html_url": "https://c"}
        self.comments.setdefault(number, []).append(made)
        return made

    def issue(self, body: str, author: str = "", title: str = "") -> dict[str, Any]:
        """An open issue."""
        number = self.next_id()
        user = {"login": author or self.author}
        made = {"number": number, "title": title, "body": body, "user": user, "state": "open", "html_url": "https://i"}
        self.issues.append(made)
        return made

    def run(self, head_sha: str, **other: Any) -> dict[str, Any]:
        """A finished run for the head of a pull request of this repository."""
        made = {
            "id": self.next_id(),
            "run_number": len(self.runs) + 1,
            "head_sha": head_sha,
            "event": "pull_request",
            "status": "completed",
            "path": ".github/workflows/label-studio.yml",
            "head_repository": {"full_name": REPOSITORY},
            "run_started_at": NOW,
            "html_url": "https://r",
            **other,
        }
        self.runs.append(made)
        return made

    def artifact(self, run: int, name: str, files: dict[str, bytes], **other: Any) -> None:
        """What a run uploaded; one of the same name is overwritten."""
        number = self.next_id()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for file, content in files.items():
                archive.writestr(file, content)
        kept = [one for one in self.artifacts.get(run, []) if one["name"] != name]
        made = {"id": number, "name": name, "expired": False, "created_at": NOW, **other}
        self.artifacts[run] = [*kept, made]
        self.archives[number] = packed.getvalue()

    # ---- answers ------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        """Status and JSON for a request below `/repos/OWNER/NAME/`."""
        for pattern, answered in _ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return answered(self, found.groups(), query, body)
        return 404, {"message": "Not Found"}

    def page(self, entries: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
        size, number = int(query.get("per_page", 30)), int(query.get("page", 1))
        return entries[(number - 1) * size : number * size]


_Answer = Callable[[FakeGitHub, tuple[str, ...], dict[str, str], dict[str, Any]], tuple[int, Any]]


def _comments(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    return 200, hub.page(hub.comments.get(int(at[0]), []), query)


def _add_comment(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    return 201, hub.comment(int(at[0]), body["body"])


def _edit_comment(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    for one in (one for found in hub.comments.values() for one in found if one["id"] == int(at[0])):
        one.update(body)
        return 200, one
    return 404, {"message": "Not Found"}


def _issues(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    return 200, hub.page([one for one in hub.issues if one["state"] == query.get("state", "open")], query)


def _add_issue(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    return 201, hub.issue(body["body"], title=body["title"])


def _edit_issue(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    found = next(one for one in hub.issues if one["number"] == int(at[0]))
    found.update(body)
    return 200, found


def _pulls(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    return 200, hub.pulls.get(at[0], [])


def _runs(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"workflow_runs": hub.page([one for one in hub.runs if one["head_sha"] == query["head_sha"]], query)}


def _artifacts(hub: FakeGitHub, at: tuple[str, ...], query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    found = [one for one in hub.artifacts.get(int(at[0]), []) if one["name"] == query["name"]]
    return 200, {"artifacts": hub.page(found, query)}


_ROUTES: list[tuple[str, _Answer]] = [
    (r"GET issues/(\d+)/comments", _comments),
    (r"POST issues/(\d+)/comments", _add_comment),
    (r"PATCH issues/comments/(\d+)", _edit_comment),
    (r"GET issues", _issues),
    (r"POST issues", _add_issue),
    (r"PATCH issues/(\d+)", _edit_issue),
    (r"GET commits/(\w+)/pulls", _pulls),
    (r"GET actions/runs", _runs),
    (r"GET actions/runs/(\d+)/artifacts", _artifacts),
]


class _Handler(BaseHTTPRequestHandler):
    hub: FakeGitHub
    timeout = 10

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the library's
        """Say nothing."""

    def _answer(self) -> None:
        size = min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY)
        body = json.loads(self.rfile.read(size)) if size else {}
        at = urlsplit(self.path)
        said = f"{self.command} {at.path.removeprefix(f'/repos/{REPOSITORY}/')}"
        self.hub.log.append(said)
        if failure := next((one for one in self.hub.failing if said.startswith(one[0])), None):
            self.hub.failing.remove(failure)
            return self._send(failure[1], {"message": "as the test wants it"})
        if blob := re.fullmatch(r"/blob/(\d+)", at.path):  # another host, really, which refuses a second credential
            return self._send(400 if self.headers["Authorization"] else 200, self.hub.archives[int(blob[1])])
        if self.headers["Authorization"] != f"Bearer {self.hub.token}":
            return self._send(401, {"message": "Bad credentials"})
        if at.path == "/user":
            refusal = {"message": "Resource not accessible by integration"}
            return self._send(*((200, {"login": self.hub.user}) if self.hub.user else (403, refusal)))
        if archive := re.fullmatch(r"GET actions/artifacts/(\d+)/zip", said):
            return self._send(302, {}, Location=f"{self.hub.url}/blob/{archive[1]}")
        query = {name: values[-1] for name, values in parse_qs(at.query).items()}
        return self._send(*self.hub.answer(self.command, at.path.removeprefix(f"/repos/{REPOSITORY}/"), query, body))

    def _send(self, status: int, content: Any, **headers: str) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def fake_github(**state: Any) -> Iterator[FakeGitHub]:
    """A repository with this state, until the block ends; its `url` is that of the API."""
    hub = FakeGitHub(**state)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    worker = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    worker.start()
    try:
        yield hub
    finally:
        server.shutdown()
        worker.join(10)
        server.server_close()
