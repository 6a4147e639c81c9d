"""What each role may do on Enterprise."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import CREW

DENIED = "You do not have permission to perform this action."
ORGANIZATION = "/api/organizations/1"
TOKENS = {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True, "api_token_ttl_days": 9}
ADMINISTRATORS = {"OW", "AD"}
MANAGERS = {*ADMINISTRATORS, "MA"}
EVERYBODY = {*MANAGERS, "RE", "AN"}

CALLS = [
    ("GET", "/api/current-user/whoami", None, set(CREW)),
    ("GET", "/api/projects/", None, EVERYBODY),
    ("GET", "/api/workspaces/", None, EVERYBODY),
    ("GET", "/api/session-policy/", None, EVERYBODY),
    ("GET", ORGANIZATION, None, EVERYBODY),
    ("GET", f"{ORGANIZATION}/memberships", None, MANAGERS),
    ("GET", "/api/invite", None, ADMINISTRATORS),
    ("GET", "/api/activity-logs/", None, ADMINISTRATORS),
    ("PATCH", ORGANIZATION, {"title": "x"}, ADMINISTRATORS),
    ("PATCH", f"{ORGANIZATION}/set-default-role", {}, ADMINISTRATORS),
    ("PATCH", f"{ORGANIZATION}/memberships", {"user_id": 5, "role": "AN"}, ADMINISTRATORS),
    ("PATCH", "/api/session-policy/", {"max_session_age": 5}, {"OW"}),
    ("POST", "/api/jwt/settings", TOKENS, ADMINISTRATORS),
    ("POST", "/api/invite/send-email", {"emails": ["x@example.com"], "role": "AN"}, ADMINISTRATORS),
    ("POST", "/api/projects/", {"title": "New"}, MANAGERS),
    ("PATCH", "/api/projects/1/", {"title": "New"}, MANAGERS),
    ("DELETE", "/api/projects/1/", None, MANAGERS),
    ("POST", "/api/projects/1/members/", {"user": 1}, MANAGERS),
    ("POST", "/api/projects/roles/", {"project": 1, "user": 5, "role": "RE"}, MANAGERS),
    ("POST", "/api/workspaces/", {"title": "x"}, MANAGERS),
    ("POST", "/api/storages/s3/", {"project": 1, "bucket": "b"}, MANAGERS),
    ("POST", "/api/token/", None, set(CREW)),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"), CALLS, ids=[f"{method} {path}" for method, path, _, _ in CALLS]
)
def test_a_call_is_for_those_who_may(crew, method, path, body, allowed):
    owner = crew["OW"]
    workspace = owner.post("/api/workspaces/", json={"title": "W"}).json()["id"]
    owner.post("/api/projects/", json={"title": "One", "workspace": workspace})
    owner.post("/api/projects/1/members/bulk/", json={"all": False, "included": [2, 3, 4, 5]})
    answers = {code: crew[code].request(method, path, json=body) for code in reversed(CREW)}
    refused = {code for code, answer in answers.items() if answer.status_code == 403}
    assert refused == set(CREW) - allowed
    assert all(answers[code].json()["detail"] == DENIED for code in refused)
    assert answers["OW"].status_code < 500


def test_a_manager_sees_the_workspaces_and_projects_they_belong_to(crew):
    owner, manager = crew["OW"], crew["MA"]
    for title in ("Theirs", "Other"):
        key = owner.post("/api/workspaces/", json={"title": title}).json()["id"]
        owner.post("/api/projects/", json={"title": f"In {title}", "workspace": key})
    owner.post("/api/projects/", json={"title": "Single", "workspace": key})
    owner.post(f"/api/workspaces/{key - 1}/memberships/", json={"user": crew.id("MA")})
    owner.post("/api/projects/3/members/", json={"user": crew.id("MA")})
    titles = [workspace["title"] for workspace in manager.get("/api/workspaces/").json()]
    assert titles == ["ma@example.com's Sandbox", "Theirs"]
    listed = manager.get("/api/projects/", params={"ordering": "id"}).json()["results"]
    assert [project["title"] for project in listed] == ["In Theirs", "Single"]
    assert manager.get("/api/projects/2/").status_code == 404
    assert manager.patch(f"/api/workspaces/{key}/", json={"title": "Mine"}).status_code == 404


def test_what_a_manager_makes_is_theirs(crew):
    key = crew["MA"].post("/api/workspaces/", json={"title": "Own"}).json()["id"]
    made = crew["MA"].post("/api/projects/", json={"title": "Own", "workspace": key}).json()["id"]
    assert crew["MA"].patch(f"/api/projects/{made}/", json={"title": "Mine"}).status_code == 200


@pytest.mark.parametrize("code", ["RE", "AN"])
def test_reviewers_and_annotators_see_their_projects_and_change_none(crew, code):
    owner, worker = crew["OW"], crew[code]
    for title in ("Theirs", "Other"):
        owner.post("/api/projects/", json={"title": title})
    owner.post("/api/projects/1/members/", json={"user": crew.id(code)})
    assert [project["title"] for project in worker.get("/api/projects/").json()["results"]] == ["Theirs"]
    assert worker.patch("/api/projects/1/", json={"title": "Mine"}).json()["detail"] == DENIED
    task = owner.post("/api/tasks/", json={"project": 1, "data": {"text": "x"}}).json()["id"]
    assert worker.post(f"/api/tasks/{task}/annotations/", json={"result": []}).status_code == 201
    assert worker.delete(f"/api/tasks/{task}/").status_code == 403


def test_an_administrator_sees_personal_workspaces_of_others_on_request(crew):
    everything = {"include_all_workspaces": "true"}
    assert len(crew["AD"].get("/api/workspaces/").json()) == 1
    assert len(crew["AD"].get("/api/workspaces/", params=everything).json()) == len(CREW)
    assert len(crew["MA"].get("/api/workspaces/", params=everything).json()) == 1


def test_every_member_of_community_may_do_everything(connect, tmp_path):
    from lsops.sandbox import add_user, create_app

    create_app(tmp_path / "s.db", edition="community")
    token = add_user(tmp_path / "s.db", "an@example.com", "annotator")
    client = connect(tmp_path / "s.db", edition="community", headers={"Authorization": f"Token {token}"})
    assert client.post("/api/projects/", json={"title": "Mine"}).status_code == 201
    assert client.patch(ORGANIZATION, json={"title": "Mine"}).status_code == 200
