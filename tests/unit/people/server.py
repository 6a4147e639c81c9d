"""Label Studio Enterprise's endpoints about people as an httpx transport, with slash rules and paging."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from lsops.kinds import Reader
from lsops.model.live import Facts
from lsops.server.session import Session

HOME = "/api/organizations/1"
CALLER = 1


class PeopleServer:
    """Holds one organisation; `faults` maps a method and a path to the status that is answered instead.

    User ids count from 1, who is the caller; ids of memberships and of role rows are others on purpose.
    """

    def __init__(self) -> None:
        self.people: dict[int, dict[str, Any]] = {}
        self.workspaces: dict[int, list[int]] = {}
        self.projects: dict[int, list[int]] = {}
        self.roles: list[dict[str, Any]] = []
        self.organization: dict[str, Any] = {"id": 1, "title": "Clinic", "token": "invite-secret", "billing": {}}
        self.contact: str | None = None
        self.defaults: dict[str, Any] = {}
        self.jwt: dict[str, Any] = {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True}
        self.lists_project_roles = True
        self.faults: dict[tuple[str, str], int] = {}
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[tuple[str, str, Any]] = []
        self.add("boss@example.com", "OW")

    def add(self, email: str, role: str = "AN", **extra: Any) -> int:
        """A person; `invited` and `expired` say that an invitation is out."""
        number = len(self.people) + 1
        invited = extra.pop("invited", False)
        told = {
            "invited_at": "2026-11-01T00:00:00Z" if invited else None,
            "invite_activated": False if invited else None,
            "invite_expired": extra.pop("expired", False),
        }
        user = {"id": number, "email": email, "lse_fields": told}
        self.people[number] = {"id": 900 + number, "organization": 1, "role": role, "user": user, **extra}
        return number

    def give(self, project: int, user: int, role: str) -> None:
        """A role of the project's own."""
        self.roles.append({"id": 700 + len(self.roles), "project": project, "role": role, "user": user})

    def session(self) -> Session:
        session = Session("http://label.test", token="t" * 40, transport=httpx.MockTransport(self.answer))
        session.settle_edition("enterprise")
        return session

    def facts(self, **known: Any) -> Facts:
        told = {"role": "owner", "user_id": CALLER, "organization": 1, "token_kind": "legacy", "release": "2.37.0"}
        return Facts("http://label.test", "enterprise", **{**told, **known})

    def reader(self, **known: Any) -> Reader:
        return Reader(self.session(), self.facts(**known))

    # ---- what was asked ----------------------------------------------------------------------

    def written(self) -> list[tuple[str, str, Any]]:
        """Every write as method, path with query, and body."""
        return self.bodies

    def asked(self) -> list[str]:
        """The paths of every request, without queries."""
        return [path.partition("?")[0] for _, path in self.requests]

    # ---- the endpoints -----------------------------------------------------------------------

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, method = request.url.path, request.method
        self.requests.append((method, str(request.url.raw_path, "ascii")))
        body = json.loads(request.content) if request.content else None
        if method != "GET":
            self.bodies.append((method, str(request.url.raw_path, "ascii"), body))
        if (method, path) in self.faults:
            return httpx.Response(self.faults[method, path], json={"detail": "as told"})
        for pattern, handler in self._routes():
            found = re.fullmatch(pattern, f"{method} {path}")
            if found:
                return handler(request, body, *map(int, found.groups()))
        return httpx.Response(404, text="<title>Page not found</title>")

    def _routes(self) -> Iterable[tuple[str, Callable[..., httpx.Response]]]:
        return (
            (r"GET /api/organizations/", lambda r, b: _ok([{"id": 1, "contact_info": self.contact}])),
            (rf"GET {HOME}", lambda r, b: _ok(self.organization)),
            (rf"PATCH {HOME}", self._patch_organization),
            (rf"PATCH {HOME}/set-default-role", self._patch_defaults),
            (rf"GET {HOME}/memberships", lambda r, b: _page(r, list(self.people.values()))),
            (rf"PATCH {HOME}/memberships", self._set_role),
            (rf"DELETE {HOME}/memberships/(\d+)/", self._remove),
            (r"POST /api/invite/send-email", lambda r, b: _ok({})),
            (r"GET /api/workspaces/(\d+)/memberships/", self._workspace),
            (r"(?:POST|DELETE) /api/workspaces/(\d+)/memberships/bulk/", self._place),
            (r"GET /api/projects/(\d+)/members/paginated/", self._members),
            (r"(?:POST|DELETE) /api/projects/(\d+)/members/bulk/", self._staff),
            (r"GET /api/projects/(\d+)/roles", self._roles_of),
            (r"DELETE /api/projects/roles/(\d+)/", self._forget),
            (r"GET /api/jwt/settings", lambda r, b: _ok(self.jwt)),
            (r"POST /api/jwt/settings", self._set_jwt),
        )

    def _patch_organization(self, _request: httpx.Request, body: Any) -> httpx.Response:
        self.organization.update(body)
        return _ok(self.organization)

    def _patch_defaults(self, _request: httpx.Request, body: Any) -> httpx.Response:
        self.defaults.update(body)
        shown = {name: value for name, value in body.items() if name in ("default_role", "external_id")}
        self.organization.update(shown)
        if "custom_scripts_enabled_at" in body:
            self.organization["custom_scripts_enabled"] = body["custom_scripts_enabled_at"] is not None
        return _ok({"organization": 1, **self.defaults})

    def _set_role(self, _request: httpx.Request, body: Any) -> httpx.Response:
        self.people[body["user_id"]]["role"] = body["role"]
        return _ok(self.people[body["user_id"]])

    def _remove(self, _request: httpx.Request, _body: Any, user: int) -> httpx.Response:
        return httpx.Response(204) if self.people.pop(user, None) else httpx.Response(404, json={"detail": "gone"})

    def _workspace(self, _request: httpx.Request, _body: Any, number: int) -> httpx.Response:
        return _ok([{"user": self.people[user]["user"], "workspace": number} for user in self.workspaces[number]])

    def _place(self, request: httpx.Request, body: Any, number: int) -> httpx.Response:
        return _changed(request, body, self.workspaces[number])

    def _members(self, request: httpx.Request, _body: Any, number: int) -> httpx.Response:
        if request.url.params.get("implicit") != "false":
            return httpx.Response(400, json={"detail": "the test wants explicit members"})
        roles = {row["user"]: row["role"] for row in self.roles if row["project"] == number}
        rows = [dict(self.people[user]["user"]) for user in self.projects[number]]
        if self.lists_project_roles:
            rows = [{**row, "project_role": roles.get(row["id"])} for row in rows]
        return _page(request, rows)

    def _staff(self, request: httpx.Request, body: Any, number: int) -> httpx.Response:
        for given in body.get("roles", ()) if request.method == "POST" else ():
            self.give(number, given["user_id"], given["role"])
        return _changed(request, body, self.projects[number])

    def _roles_of(self, _request: httpx.Request, _body: Any, number: int) -> httpx.Response:
        return _ok([row for row in self.roles if row["project"] == number])

    def _forget(self, _request: httpx.Request, _body: Any, number: int) -> httpx.Response:
        self.roles = [row for row in self.roles if row["id"] != number]
        return httpx.Response(204)

    def _set_jwt(self, _request: httpx.Request, body: Any) -> httpx.Response:
        self.jwt.update(body)
        return httpx.Response(201, json=self.jwt)


def _ok(answer: Any) -> httpx.Response:
    return httpx.Response(200, json=answer)


def _page(request: httpx.Request, rows: list[dict[str, Any]]) -> httpx.Response:
    size, number = int(request.url.params["page_size"]), int(request.url.params["page"])
    end = size * number
    more = "http://label.test/next" if end < len(rows) else None
    return _ok({"count": len(rows), "next": more, "previous": None, "results": rows[end - size : end]})


def _changed(request: httpx.Request, body: Any, held: list[int]) -> httpx.Response:
    """What a bulk call does to a list of users; `all: true` is never right."""
    assert body["all"] is False
    if request.method == "POST":
        held += [user for user in body["included"] if user not in held]
        return _ok({"assignments": len(body["included"])})
    assert request.url.params["all"] == "false"
    gone = {int(user) for user in request.url.params["included"].split(",")}
    assert gone == set(body["included"])
    held[:] = [user for user in held if user not in gone]
    return _ok({"unassignments": len(gone)})
