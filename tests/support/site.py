"""A sandbox in this process and the command line aimed at it, with what one project holds below it."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from lsops.cli import context
from lsops.sandbox import create_app
from tests.support import one_project
from tests.support.cli import Lsops, Ran

BASE = "http://models.example.com"
"""Below it everything answers: in a sandbox every host does."""
ASKING = ("updated_at", "state", "error_message")
"""What a look at an ML backend writes into it."""


@dataclass(frozen=True)
class Asked:
    """One request that lsops sent."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Watch:
    """What lsops sent, and how much of it at a time; with what the sandbox does wrong, for the calls that follow.

    `meanwhile` is called with each request before it arrives, as `METHOD PATH`: what somebody else does at that moment.
    `instead` may answer a request, so that the sandbox never sees it.
    """

    database: Path
    edition: str
    faults: tuple[str, ...] = ()
    wait: float = 0.0
    requests: list[Asked] = field(default_factory=list)
    in_flight: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    meanwhile: Callable[[str], None] = lambda request: None
    instead: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def transport(self, app: Any) -> httpx.BaseTransport:
        """In place of the one that `lsops` makes for a sandbox of its process."""
        app.extensions["sandbox"].store.close()
        return _Watched(self, create_app(self.database, edition=self.edition, faults=self.faults))

    def writes(self) -> list[str]:
        """Everything but reads, as `METHOD PATH`."""
        return [str(one) for one in self.requests if one.method != "GET"]

    def reads(self, path: str) -> list[Asked]:
        """The reads of a list."""
        return [one for one in self.requests if (one.method, one.path) == ("GET", path)]

    def enter(self, request: httpx.Request) -> None:
        """A request comes."""
        body = json.loads(request.content) if request.content else None
        path = request.url.path
        with self.lock:
            self.requests.append(Asked(request.method, path, dict(request.url.params), body))
            self.in_flight[path] = self.in_flight.get(path, 0) + 1
            self.most[path] = max(self.most.get(path, 0), self.in_flight[path])
        self.meanwhile(f"{request.method} {path}")
        time.sleep(self.wait)

    def leave(self, request: httpx.Request) -> None:
        """It is answered."""
        with self.lock:
            self.in_flight[request.url.path] -= 1


class _Watched(httpx.WSGITransport):
    def __init__(self, watch: Watch, app: Any) -> None:
        super().__init__(app=app)
        self.watch, self.store = watch, app.extensions["sandbox"].store

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.watch.enter(request)
        try:
            return self.watch.instead(request) or super().handle_request(request)
        except ConnectionResetError as error:
            raise httpx.ReadError(str(error)) from error
        finally:
            self.watch.leave(request)

    def close(self) -> None:
        self.store.close()


@dataclass(frozen=True)
class Site:
    """The sandbox, its own project `Triage`, and the command line."""

    lsops: Lsops
    api: httpx.Client
    edition: str
    watch: Watch

    @classmethod
    def of(cls, lsops: Lsops, api: httpx.Client, edition: str, database: Path) -> Site:
        """With a watch on every request that `lsops` sends from now on."""
        watch = Watch(database, edition)
        lsops.monkeypatch.setattr(context, "_in_process", watch.transport)
        lsops.setenv(LSOPS_SETTLE_TIMEOUT="0.2", ML_PASSWORD="open sesame")
        return cls(lsops, api, edition, watch)

    @property
    def home(self) -> dict[str, str]:
        """What a project cannot be without on this edition."""
        return {"workspace": "Radiology"} if self.edition == "enterprise" else {}

    def declare(self, project: Mapping[str, Any], **top: Any) -> None:
        """A manifest with the project `Triage`; `top` stands beside `projects`."""
        one_project.declare(self.lsops, {**self.home, **project}, **top)

    def declare_projects(self, projects: Mapping[str, Mapping[str, Any]], **top: Any) -> None:
        """A manifest with these projects."""
        one_project.declare_projects(self.lsops, {name: {**self.home, **one} for name, one in projects.items()}, **top)

    def apply(self, *flags: str) -> Ran:
        """What an apply did, which need not have worked."""
        return self.lsops("apply", "--yes", *flags)

    def settled(self, *flags: str) -> str:
        """What an apply printed that worked and left nothing to do."""
        return one_project.settled(self.lsops, *flags)

    def unchanged(self, *flags: str) -> Ran:
        """A plan that finds nothing to do."""
        return one_project.unchanged(self.lsops, *flags)

    def planned(self, *flags: str) -> list[tuple[str, str]]:
        """Action and address of each change."""
        changes = self.changes(*flags)
        return [(change["action"], change["address"]) for change in changes]

    def changes(self, *flags: str) -> list[dict[str, Any]]:
        """The changes of the plan's document."""
        ran = self.lsops("plan", "--format", "json", *flags)
        assert ran.code == 0, ran
        return list(ran.json()["changes"])

    def refused(self, *flags: str) -> str:
        """Why nothing can be planned."""
        ran = self.lsops("plan", *flags)
        assert ran.code == 3, ran
        return ran.err

    def rows(self, collection: str) -> list[dict[str, Any]]:
        """What the server has of a collection in `Triage`."""
        answer = self.api.get(one_project.PATHS[collection], params={"project": self.project()["id"]})
        return list(answer.raise_for_status().json())

    def keys(self, collection: str) -> list[str]:
        """What a manifest calls these, sorted."""
        return sorted(one_project.key(collection, row) for row in self.rows(collection))

    def row(self, collection: str, key: str) -> dict[str, Any]:
        """The one row of that key."""
        (found,) = (row for row in self.rows(collection) if one_project.key(collection, row) == key)
        return found

    def by_hand(self, collection: str, key: str, **values: Any) -> None:
        """Somebody changes a row; of a view, keys of its data."""
        one_project.by_hand(self.api, collection, self.row(collection, key), **values)

    def make(self, collection: str, key: str, **values: Any) -> int:
        """Somebody makes a row in the oldest project; its id."""
        place = {"url": f"{BASE}/by-hand"} if collection == "ml_backends" and "url" not in values else {}
        return one_project.make(self.api, collection, key, **place, **values)

    @property
    def workspace(self) -> int | None:
        """The id of the workspace of `home`."""
        if not self.home:
            return None
        rows = self.api.get("/api/workspaces/").raise_for_status().json()
        return next(int(row["id"]) for row in rows if row["title"] == self.home["workspace"])

    def projects(self) -> list[dict[str, Any]]:
        """All projects, as the list has them."""
        answer = self.api.get("/api/projects/", params={"page_size": 100}).raise_for_status()
        return list(answer.json()["results"])

    def project(self, title: str = "Triage") -> dict[str, Any]:
        """The one project of that title."""
        (row,) = (row for row in self.projects() if row["title"] == title)
        return dict(self.api.get(f"/api/projects/{row['id']}/").raise_for_status().json())

    def state(self) -> dict[str, list[Any]]:
        """All that the sandbox keeps, less what a look at an ML backend changes, and what it logs of refused writes."""
        connection = sqlite3.connect(self.watch.database)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [table for table in tables if table not in LOGGED]
        found = {table: [_still(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in kept}
        connection.close()
        return found


LOGGED = ("activity_log", "sqlite_sequence")
"""What tells of requests, refused ones too, and not of what there is."""


def _still(row: tuple[Any, ...]) -> list[Any]:
    return [_without(json.loads(part)) if isinstance(part, str) and part.startswith("{") else part for part in row]


def _without(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ASKING}
