"""Nobody takes from themselves what only somebody else could give back: refused before the first write, with the reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user
from tests.support.cli import Lsops
from tests.support.sandbox import served
from tests.support.wire import writes

OWNERS = "f" * 40
ME = "me@example.com"


@dataclass(frozen=True)
class Lockout:
    """A manifest that locks out whoever applies it; `first` are permissions that were given before."""

    name: str
    role: str
    manifest: dict[str, Any]
    code: str = "LS807"
    says: str = ""
    first: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __str__(self) -> str:
        return self.name


def permission(key: str, *roles: str) -> dict[str, Any]:
    return {"permissions": {key: list(roles)}}


GIVEN = (("organizations.permissions", ("OW", "AD")),)
LOCKOUTS = (
    Lockout(
        "the permission to change permissions, of the owner",
        "owner",
        permission("organizations.permissions", "administrator"),
        says="who may give it back would need it",
    ),
    Lockout(
        "the permission to change permissions, of an administrator",
        "administrator",
        permission("organizations.permissions", "owner"),
        first=GIVEN,
        says="it takes organizations.permissions from the role administrator",
    ),
    Lockout(
        "the permission to change permissions, back to its default by prune",
        "administrator",
        {"permissions": {}, "prune": ["permissions"]},
        first=GIVEN,
    ),
    Lockout(
        "the permission to change permissions, back to its default by absent",
        "administrator",
        {"permissions": {"organizations.permissions": {"lifecycle": {"absent": True}}}},
        first=GIVEN,
    ),
    Lockout(
        "the permission to change the organisation, of an administrator",
        "administrator",
        permission("organizations.change", "owner"),
        first=GIVEN,
        says="lsops reads and changes the organisation by it",
    ),
    Lockout(
        "tokens",
        "owner",
        permission("users.token.any", "administrator", "manager"),
        says="the token of lsops may stop working without it",
    ),
    Lockout("storages", "owner", permission("storages.change", "administrator"), says="lsops writes storages by it"),
    Lockout("everything that nobody may", "owner", permission("projects.create")),
    Lockout(
        "the kind of token in use",
        "owner",
        {"jwt_settings": {"legacy_api_tokens_enabled": False}},
        says="lsops uses a legacy token",
    ),
    Lockout("one's own role", "administrator", {"members": {ME: "manager"}}, "LS507", "the owner of the token"),
    Lockout("one's own role, off", "administrator", {"members": {ME: "deactivated"}}, "LS507"),
    Lockout(
        "one's own membership",
        "administrator",
        {"members": {ME: {"lifecycle": {"absent": True}}}},
        "LS507",
        "cannot be removed: this is the owner of the token",
    ),
)


@pytest.mark.parametrize("tried", LOCKOUTS, ids=str)
def test_locking_oneself_out_is_refused_before_the_first_write(lsops: Lsops, tried: Lockout) -> None:
    database = lsops.folder / "served.db"
    with served(database, edition="enterprise", token=OWNERS) as url:
        token = OWNERS if tried.role == "owner" else add_user(database, ME, tried.role)
        for key, roles in tried.first:
            give(url, key, roles)
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=token)
        lsops.write(json.dumps({"version": 1, **tried.manifest}))

        with writes() as sent:
            refused = lsops("apply", "--yes", "--allow-deletes", "9")

    assert (refused.code, list(sent)) == (5 if tried.code == "LS807" else 3, [])
    assert f"error[{tried.code}]" in refused.err
    assert tried.says in refused.err


def give(url: str, key: str, roles: tuple[str, ...]) -> None:
    body = {"permission": key, "roles": list(roles)}
    httpx.post(
        f"{url}/api/organizations/1/permissions", json=body, headers={"Authorization": f"Token {OWNERS}"}
    ).raise_for_status()
