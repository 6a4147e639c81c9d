"""Users and members in the script: who may remove whom, and what is left to somebody who was removed."""

from __future__ import annotations

from typing import Any

from tests.parity.steps import Step

USERS = "/api/users/"
MEMBERS = "/api/organizations/1/memberships"
P = "/api/projects/"
CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
STAYS: dict[str, str | None] = {"Authorization": "Token {stays}"}
LEAVES: dict[str, str | None] = {"Authorization": "Token {leaves}"}
BEARER: dict[str, str | None] = {"Authorization": "Bearer {door}"}


def by(headers: dict[str, str | None], method: str, path: str, *body: Any, **settings: Any) -> Step:
    """A step of somebody else than the owner."""
    who = str(headers["Authorization"])
    return Step(f"{who}: {method} {path} {str(body)[:40]}", method, path, *body, headers=headers, **settings)


def each(method: str, path: str, *bodies: Any, **settings: Any) -> list[Step]:
    return [Step(f"{method} {path} {str(body)[:60]}", method, path, body, **settings) for body in bodies]


LONG = "x" * 257
MADE = [
    *each(
        "POST",
        USERS,
        *({}, [], {"email": "owner@example.com"}),
        *({"email": value} for value in ("", "x", None, "y" * 250 + "@x.example")),
        {"username": "x", "first_name": LONG, "last_name": LONG, "phone": LONG, "email": "long@example.com"},
        {"username": "x", "email": "null@example.com", "last_name": None},
        {"username": "x", "email": "no@example.com", "active_organization": 999},
    ),
    Step("make a user", "POST", USERS, {"username": "tv", "email": "tv@example.com"}, save="made"),
    *each("POST", USERS, {"username": "tv", "email": "tv@example.com"}),
    *each(
        "PATCH",
        f"{USERS}{{made}}/",
        *({}, [], {"first_name": " A "}, {"last_name": "B", "phone": "2"}, {"first_name": None}, {"email": "x"}),
        *({"username": value} for value in ("z", "", None)),
        *({"active_organization": value} for value in (1, 999, "x", None)),
        {"allow_newsletters": False, "custom_hotkeys": {"a": 1}, "id": 7, "password": "secret"},
        masked=("custom_hotkeys",),
    ),
    *each("PUT", f"{USERS}{{made}}/", {}),
    *each("PATCH", f"{USERS}999999/", {}),
    *each("PATCH", USERS, {}),
    Step("get the user", "GET", f"{USERS}{{made}}/"),
    Step("the user is a member", "GET", f"{MEMBERS}/{{made}}/"),
    Step("delete the user", "DELETE", f"{USERS}{{made}}/"),
    Step("get the deleted user", "GET", f"{USERS}{{made}}/"),
    Step("a deleted user is no member", "GET", f"{MEMBERS}/{{made}}/"),
    Step("delete nobody", "DELETE", f"{USERS}999999/"),
    Step("delete the owner", "DELETE", f"{USERS}1/"),
    Step("the own token", "GET", "/api/current-user/token", masked=("token",)),
    Step("the own token with a slash", "GET", "/api/current-user/token/"),
    *each("POST", "/api/current-user/token", {}),
    *each("PATCH", "/api/current-user/hotkeys/", {"custom_hotkeys": {"a:b": {"key": "k"}}}, {}, {"custom_hotkeys": 5}),
    *each("PATCH", "/api/current-user/hotkeys/", {"custom_hotkeys": {}}),
]

# Signing up fills in more than `lsops sandbox user` does.
SAME = {"username": "left", "allow_newsletters": None}
REMOVED = [
    by(STAYS, "GET", "/api/current-user/whoami", save="stays_id", only=("email",)),
    by(LEAVES, "GET", "/api/current-user/whoami", save="leaves_id", only=("email",)),
    *each("PATCH", f"{USERS}{{leaves_id}}/", SAME),
    by(LEAVES, "POST", "/api/token/", {}, save="own", key="token"),
    by({"Authorization": None}, "POST", "/api/token/refresh/", {"refresh": "{own}"}, save="door", key="access"),
    Step("a project of the owner", "POST", P, {"title": "Parity in", "label_config": CONFIG}, save="in"),
    Step("its task", "POST", "/api/tasks/", {"project": "{in}", "data": {"text": "a"}}, save="in_task"),
    Step("its view", "POST", "/api/dm/views/", {"project": "{in}", "data": {}}, save="in_view"),
    Step("its webhook", "POST", "/api/webhooks/", {"project": "{in}", "url": "http://x.example"}, save="in_hook"),
    *(by(STAYS, "DELETE", f"{MEMBERS}/{who}/") for who in ("{leaves_id}", "{stays_id}", "1", "999999")),
    by(STAYS, "DELETE", "/api/organizations/999/memberships/1/"),
    Step("remove the member", "DELETE", f"{MEMBERS}/{{leaves_id}}/"),
    Step("remove them again", "DELETE", f"{MEMBERS}/{{leaves_id}}/"),
    Step("the removed user", "GET", f"{USERS}{{leaves_id}}/"),
    Step("the removed member", "GET", f"{MEMBERS}/{{leaves_id}}/"),
    *(
        by(LEAVES, "GET", path)
        for path in (
            "/api/current-user/whoami",
            *(P, f"{P}counts/", USERS, f"{USERS}1/", "/api/organizations/", "/api/organizations/1"),
            *(f"{MEMBERS}/1/", f"{MEMBERS}/{{leaves_id}}/", "/api/session-policy/", "/api/jwt/settings", "/api/invite"),
            *("/api/webhooks/", "/api/webhooks/?project={in}", "/api/webhooks/{in_hook}/"),
            *("/api/dm/views/", "/api/dm/views/?project={in}", "/api/dm/views/{in_view}/"),
            *("/api/ml/", "/api/ml/?project={in}", "/api/tasks/?project={in}", "/api/tasks/{in_task}/"),
            *("/api/storages/?project={in}", "/api/storages/s3/?project={in}", "/api/storages/export?project={in}"),
            *(f"{P}{{in}}/", f"{P}{{in}}/summary/", f"{P}{{in}}/validate/"),
        )
    ),
    by(LEAVES, "GET", MEMBERS, only=("next", "previous")),
    by(LEAVES, "POST", f"{P}validate/", {"label_config": CONFIG}),
    by(LEAVES, "POST", f"{P}{{in}}/validate/", {"label_config": CONFIG}),
    by(LEAVES, "POST", P, {"title": "Parity out", "label_config": CONFIG}, save="out"),
    *(by(LEAVES, "GET", path) for path in (P, f"{P}{{out}}/", f"{P}{{out}}/summary/", "/api/tasks/?project={out}")),
    by(LEAVES, "PATCH", f"{P}{{out}}/", {"title": "Parity out there"}),
    Step("the owner does not see it", "GET", f"{P}{{out}}/"),
    Step("nor its tasks", "GET", "/api/tasks/?project={out}"),
    Step("nor in a list", "GET", f"{P}?title=Parity%20out"),
    by(LEAVES, "POST", f"{P}{{out}}/import", [{"text": "a"}]),
    *(by(LEAVES, "POST", "/api/webhooks/", {"url": "http://x.example", **more}) for more in ({}, {"project": "{out}"})),
    by(LEAVES, "POST", "/api/webhooks/", {"url": "http://x.example", "project": "{in}"}),
    *(by(LEAVES, "POST", "/api/dm/views/", {"project": where, "data": {}}) for where in ("{in}", "{out}")),
    by(LEAVES, "POST", "/api/storages/localfiles", {"project": "{in}", "path": "{folder}"}),
    by(LEAVES, "PATCH", "/api/session-policy/", {"max_session_age": 11520}),
    by(LEAVES, "POST", "/api/jwt/settings", {"api_tokens_enabled": True}),
    by(LEAVES, "PATCH", "/api/organizations/1", {"title": "x"}),
    by(LEAVES, "POST", "/api/invite/reset-token", {}),
    by(LEAVES, "POST", "/api/organizations/", {"title": "x"}),
    by(LEAVES, "DELETE", f"{MEMBERS}/{{stays_id}}/"),
    *(by(LEAVES, "PATCH", f"{P}{where}/", {"title": "Parity in"}) for where in ("{in}", "999999")),
    by(LEAVES, "DELETE", f"{P}{{in}}/"),
    by({"Authorization": None}, "POST", "/api/token/refresh/", {"refresh": "{own}"}),
    *(by(BEARER, "GET", path) for path in ("/api/current-user/whoami", P, "/api/version")),
    by(LEAVES, "DELETE", f"{P}{{out}}/"),
    Step("delete the project", "DELETE", f"{P}{{in}}/"),
    Step("delete who left", "DELETE", f"{USERS}{{leaves_id}}/"),
    Step("delete who stayed", "DELETE", f"{USERS}{{stays_id}}/"),
]
MEMBERSHIPS = [*MADE, *REMOVED]
