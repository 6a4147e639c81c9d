from __future__ import annotations

import pytest

from lsops.errors import LsopsError
from lsops.sandbox import add_user, create_app, owner_token


def test_without_a_token_a_request_without_credentials_is_the_owners(enterprise):
    me = enterprise.get("/api/current-user/whoami").json()
    assert me["email"] == "owner@example.com"
    assert me["org_membership"][0]["role"] == "OW"


def test_with_a_token_a_request_must_carry_one(connect):
    client = connect(token="a" * 40)
    refused = client.get("/api/projects/")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Token")
    assert client.get("/api/projects/", headers={"Authorization": f"Token {'a' * 40}"}).status_code == 200


def test_an_open_sandbox_still_refuses_a_wrong_token(enterprise):
    assert enterprise.get("/api/projects/", headers={"Authorization": "Token x"}).json()["detail"] == "Invalid token."


def test_the_owners_token_is_made_once_and_opens_the_door(connect, tmp_path):
    create_app(tmp_path / "s.db")
    token = owner_token(tmp_path / "s.db")
    assert owner_token(tmp_path / "s.db") == token
    assert len(bytes.fromhex(token)) == 20
    client = connect(tmp_path / "s.db", headers={"Authorization": f"Token {token}"})
    assert client.get("/api/current-user/whoami").json()["email"] == "owner@example.com"


def test_an_added_user_is_a_member_with_a_role_and_a_personal_workspace(connect, tmp_path):
    token = add_user(tmp_path / "s.db", "ana@example.com", "manager")
    client = connect(tmp_path / "s.db", headers={"Authorization": f"Token {token}"})
    assert client.get("/api/current-user/whoami").json()["organization_membership"]["role"] == "MA"
    rows = client.get("/api/organizations/1/memberships").json()["results"]
    assert [(row["user"]["email"], row["role"]) for row in rows] == [
        ("owner@example.com", "OW"),
        ("ana@example.com", "MA"),
    ]
    assert [workspace["title"] for workspace in client.get("/api/workspaces/").json()] == ["ana@example.com's Sandbox"]


def test_adding_a_known_user_changes_the_role_and_keeps_the_token(tmp_path):
    token = add_user(tmp_path / "s.db", "ana@example.com", "AN")
    assert add_user(tmp_path / "s.db", "ANA@example.com", "reviewer") == token


def test_an_unknown_role_is_an_error(tmp_path):
    with pytest.raises(LsopsError, match='unknown role "boss"'):
        add_user(tmp_path / "s.db", "ana@example.com", "boss")


def test_a_project_without_workspace_lands_where_others_do_not_see_it(connect, tmp_path):
    token = add_user(tmp_path / "s.db", "ana@example.com", "administrator")
    client = connect(tmp_path / "s.db")
    client.post("/api/projects/", json={"title": "Mine"})
    client.post("/api/workspaces/", json={"title": "Ours"})
    client.post("/api/projects/", json={"title": "Ours too", "workspace": 3})
    seen = client.get("/api/projects/", headers={"Authorization": f"Token {token}"}).json()["results"]
    assert [project["title"] for project in seen] == ["Ours too"]
    assert client.get("/api/projects/1/", headers={"Authorization": f"Token {token}"}).status_code == 404


def test_a_token_with_an_access_token_is_good_for_five_minutes(enterprise, monkeypatch):
    refresh = enterprise.post("/api/token/").json()["token"]
    access = enterprise.post("/api/token/refresh/", json={"refresh": refresh}).json()["access"]
    headers = {"Authorization": f"Bearer {access}"}
    assert enterprise.get("/api/projects/", headers=headers).status_code == 200
    later = __import__("time").time() + 301
    monkeypatch.setattr("lsops.sandbox.auth.time.time", lambda: later)
    assert enterprise.get("/api/projects/", headers=headers).status_code == 401
