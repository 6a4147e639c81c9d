"""What is left to somebody who was removed from the organisation, and who may remove them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user
from tests.sandbox.conftest import make

OWNER = "0" * 40
MEMBERS = "/api/organizations/1/memberships"
REFUSED = "You do not have permission to perform this action."
As = Callable[[str], httpx.Client]


@pytest.fixture
def people(connect: Any, tmp_path: Any) -> As:
    """Clients of a Community sandbox by name: the owner, who has the project 1, and two members."""
    db = tmp_path / "people.db"
    tokens = {"owner": OWNER}
    for name in ("stays", "leaves"):
        connect(db, edition="community", token=OWNER)
        tokens[name] = add_user(db, f"{name}@example.com", "annotator")
    clients = {
        name: connect(db, edition="community", token=OWNER, headers={"Authorization": f"Token {token}"})
        for name, token in tokens.items()
    }
    make(clients["owner"])
    return clients.__getitem__


@pytest.fixture
def outsider(people: As) -> httpx.Client:
    assert people("owner").delete(f"{MEMBERS}/3/").status_code == 204
    return people("leaves")


@pytest.mark.parametrize("user", [1, 2, 3, 999])
def test_only_the_owner_of_the_organization_removes_members(people, user):
    response = people("stays").delete(f"{MEMBERS}/{user}/")
    assert (response.status_code, response.json()["detail"]) == (403, REFUSED)


def test_the_token_of_who_was_removed_still_works(outsider):
    me = outsider.get("/api/current-user/whoami").json()
    assert (me["email"], me["active_organization"]) == ("leaves@example.com", None)
    assert me["active_organization_meta"] == {"title": "", "email": ""}


@pytest.mark.parametrize("path", ["/api/users/", "/api/organizations/", "/api/webhooks/", "/api/dm/views/?project=1"])
def test_their_lists_are_empty(outsider, path):
    assert outsider.get(path).json() == []


def test_their_project_belongs_to_nobody_and_the_owner_does_not_see_it(people, outsider):
    made = make(outsider, title="Lost")
    assert made["organization"] is None
    assert [row["title"] for row in outsider.get("/api/projects/").json()["results"]] == ["Lost"]
    assert [row["title"] for row in people("owner").get("/api/projects/").json()["results"]] == ["A project"]
    assert people("owner").get(f"/api/projects/{made['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/projects/1/", 404),
        ("/api/projects/1/summary/", 403),
        ("/api/tasks/?project=1", 403),
        ("/api/ml/?project=1", 403),
        ("/api/storages/s3/?project=1", 403),
        ("/api/organizations/1", 403),
        (f"{MEMBERS}/3/", 403),
        (MEMBERS, 200),
        ("/api/users/1/", 404),
    ],
)
def test_what_they_may_not_see_is_not_found_or_refused(outsider, path, status):
    assert outsider.get(path).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "detail"),
    [
        ("GET", "/api/session-policy/", "FOREIGN KEY constraint failed"),
        ("GET", "/api/jwt/settings", "'NoneType' object has no attribute 'jwt'"),
        ("GET", "/api/invite", "'NoneType' object has no attribute 'token'"),
        ("POST", "/api/invite/reset-token", "'NoneType' object has no attribute 'reset_token'"),
    ],
)
def test_settings_of_no_organization_crash(outsider, method, path, detail):
    response = outsider.request(method, path)
    assert (response.status_code, response.json()["detail"]) == (500, detail)


def test_an_import_into_a_project_without_organization_crashes(outsider):
    lost = make(outsider)["id"]
    response = outsider.post(f"/api/projects/{lost}/import", json=[{"t": "a"}])
    assert (response.status_code, response.json()["detail"]) == (500, "'NoneType' object has no attribute 'created_by'")


@pytest.mark.parametrize("path", ["/api/version", "/api/current-user/whoami", "/api/projects/"])
def test_their_access_token_crashes_the_server_whatever_is_asked(people, path):
    refresh = people("leaves").post("/api/token/").json()["token"]
    people("owner").delete(f"{MEMBERS}/3/")
    door = people("leaves").post("/api/token/refresh/", json={"refresh": refresh}).json()["access"]
    response = people("leaves").get(path, headers={"Authorization": f"Bearer {door}"})
    assert (response.status_code, response.headers["content-type"]) == (500, "text/html; charset=utf-8")
