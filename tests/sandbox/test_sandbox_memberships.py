"""Members of workspaces and of projects, and roles in projects."""

from __future__ import annotations

import time

import pytest

from lsops.sandbox import manage_elsewhere
from tests.sandbox.conftest import Crew

RE, AN, AD, MA = (Crew.id(code) for code in ("RE", "AN", "AD", "MA"))
PROJECT = "/api/projects/1/members/"
ROLES = "/api/projects/roles/"


@pytest.fixture
def workspace(crew):
    """The path of the members of a workspace that holds project 1."""
    made = crew["OW"].post("/api/workspaces/", json={"title": "Ours"}).json()["id"]
    crew["OW"].post("/api/projects/", json={"title": "One", "workspace": made})
    return f"/api/workspaces/{made}/memberships/"


def ids(answer):
    rows = answer.json()["results"] if isinstance(answer.json(), dict) else answer.json()
    return [row.get("user", row)["id"] for row in rows]


def listed(client, **query):
    return ids(client.get(f"{PROJECT}paginated/", params=query))


# ---- both ----------------------------------------------------------------------------------------


@pytest.fixture(params=["workspace", "project"])
def members(request, workspace):
    """The path of the members of a workspace, and of a project."""
    return workspace if request.param == "workspace" else PROJECT


def explicit(client, members):
    return ids(client.get(f"{members}paginated/", params={"implicit": "false"}))


def test_a_member_is_added_once(crew, members):
    added = crew["OW"].post(members, json={"user": RE, "workspace": 8})
    assert (added.status_code, added.json()["user"]) == (201 if members == PROJECT else 200, RE)
    again = crew["OW"].post(members, json={"user": RE})
    assert "unique set" in again.json()["validation_errors"]["non_field_errors"][0]
    assert explicit(crew["OW"], members) == [RE]


@pytest.mark.parametrize(("body", "status"), [({}, 400), ({"user": 99}, 400), ({"user": "x"}, 400)])
def test_only_somebody_of_the_organization_is_added(crew, members, body, status):
    assert crew["OW"].post(members, json=body).status_code == status


@pytest.mark.parametrize("form", ["query", "body", "both"])
def test_a_member_is_removed_by_query_or_body(crew, members, form):
    crew["OW"].post(members, json={"user": RE})
    name = "user" if members == PROJECT else "user_id"
    sent = {"params": {name: RE}} if form != "body" else {}
    sent |= {"json": {"user": RE}} if form != "query" else {}
    assert crew["OW"].request("DELETE", members, **sent).status_code == 204
    assert crew["OW"].request("DELETE", members, **sent).status_code == 404
    assert explicit(crew["OW"], members) == []


def test_a_removal_without_a_person_is_refused(crew, members):
    assert crew["OW"].delete(members).status_code == 400


def test_many_are_added_and_who_is_a_member_stays(crew, members):
    crew["OW"].post(members, json={"user": RE})
    answer = crew["OW"].post(f"{members}bulk/", json={"all": False, "included": [RE, AN]})
    assert (answer.status_code, answer.json()["assignments"]) == (200, 1)
    assert explicit(crew["OW"], members) == [RE, AN]


@pytest.mark.parametrize("form", ["query", "body", "both"])
def test_many_are_removed_by_query_or_body(crew, members, form):
    crew["OW"].post(f"{members}bulk/", json={"all": False, "included": [RE, AN, MA]})
    sent = {"params": {"all": "false", "included": f"{RE},{AN}"}} if form != "body" else {}
    sent |= {"json": {"all": False, "included": [RE, AN]}} if form != "query" else {}
    gone = crew["OW"].request("DELETE", f"{members}bulk/", **sent)
    assert (gone.status_code, gone.json()) == (200, {"unassignments": 2})
    assert crew["OW"].request("DELETE", f"{members}bulk/", **sent).json() == {"unassignments": 0}
    assert explicit(crew["OW"], members) == [MA]


@pytest.mark.parametrize(
    "body", [{"included": [RE]}, {"all": False, "included": [RE, 99]}, {"all": False, "included": RE}]
)
def test_a_bulk_call_that_is_wrong_adds_nobody(crew, members, body):
    assert crew["OW"].post(f"{members}bulk/", json=body).status_code == 400
    assert explicit(crew["OW"], members) == []


def test_all_means_everybody_but_some(crew, members):
    crew["OW"].post(f"{members}bulk/", json={"all": True, "excluded": [RE]})
    assert explicit(crew["OW"], members) == [1, AD, MA, AN, Crew.id("NO"), Crew.id("DI")]
    crew["OW"].request("DELETE", f"{members}bulk/", params={"all": "true", "excluded": str(AN)})
    assert explicit(crew["OW"], members) == [AN]


@pytest.mark.parametrize(
    ("query", "found"), [({"ids": f"{RE}"}, [RE]), ({"search": "AN@"}, [AN]), ({"page_size": 1, "page": 2}, [AN])]
)
def test_members_are_filtered_and_paged(crew, members, query, found):
    crew["OW"].post(f"{members}bulk/", json={"all": False, "included": [RE, AN]})
    assert ids(crew["OW"].get(f"{members}paginated/", params={"implicit": "false", **query})) == found
    assert crew["OW"].get(f"{members}paginated/", params={"ids": "x"}).status_code == 400


def test_what_the_caller_does_not_see_has_no_members(crew, members):
    for answer in (crew["AN"].get(f"{members}paginated/"), crew["MA"].post(members, json={"user": RE})):
        assert answer.status_code == 404


def test_community_has_no_members_of_anything(community):
    for path in (PROJECT, ROLES, "/api/projects/1/roles", "/api/workspaces/1/memberships/"):
        assert community.get(path).status_code == 404


# ---- workspaces ----------------------------------------------------------------------------------


def test_members_of_a_workspace_are_listed_whole(crew, workspace):
    crew["OW"].post(workspace, json={"user": RE})
    (row,) = crew["OW"].get(workspace).json()
    assert (row["user"]["email"], row["workspace"]) == ("re@example.com", 8)


def test_a_provider_that_manages_workspaces_lets_nobody_else(crew, workspace):
    manage_elsewhere(crew.db, workspaces=True)
    assert crew["OW"].post(workspace, json={"user": RE}).status_code == 403
    assert crew["OW"].request("DELETE", f"{workspace}bulk/", json={"all": False, "included": [RE]}).status_code == 403


def test_memberships_go_with_their_workspace_and_only_an_empty_one_goes(crew, workspace):
    crew["OW"].post(workspace, json={"user": RE})
    assert crew["OW"].delete("/api/workspaces/8/").status_code == 400
    crew["OW"].delete("/api/projects/1/")
    assert crew["OW"].delete("/api/workspaces/8/").status_code == 204
    assert crew["OW"].get(workspace).status_code == 404


# ---- projects ------------------------------------------------------------------------------------


def test_members_of_the_workspace_and_administrators_are_implicit_members(crew, workspace):
    crew["OW"].post(workspace, json={"user": RE})
    crew["OW"].post(PROJECT, json={"user": AN})
    rows = crew["OW"].get(f"{PROJECT}paginated/").json()["results"]
    assert {row["id"]: row["implicit_member"] for row in rows} == {1: True, AD: True, RE: True, AN: False}
    assert listed(crew["OW"], implicit="false") == [AN]


def test_who_is_both_is_explicit_and_stays_when_removed(crew, workspace):
    crew["OW"].post(workspace, json={"user": RE})
    crew["OW"].post(PROJECT, json={"user": RE})
    assert listed(crew["OW"], implicit="false") == [RE]
    crew["OW"].delete(PROJECT, params={"user": RE})
    assert listed(crew["OW"]) == [1, AD, RE]
    assert crew["OW"].delete(PROJECT, params={"user": RE}).status_code == 404


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"no_annotators": "true"}, [RE]),
        ({"role": "RE"}, [RE]),
        ({"role": "AN,RE"}, [MA, RE, AN]),
        ({"ordering": "-id"}, [AN, RE, MA]),
        ({"ordering": "email"}, [AN, MA, RE]),
        ({"ordering": "-role"}, [RE, MA, AN]),
    ],
)
def test_members_are_filtered_and_sorted_by_their_role_in_the_project(crew, query, found):
    owner = crew["OW"]
    owner.patch("/api/organizations/1/memberships", json={"user_id": MA, "role": "RE"})
    body = {"all": False, "included": [RE, AN, MA], "roles": [{"user_id": MA, "role": "AN"}]}
    owner.post(f"{PROJECT}bulk/", json=body)
    assert listed(owner, implicit="false", **query) == found


@pytest.mark.usefixtures("workspace")
def test_the_old_list_has_no_annotators_and_no_roles(crew):
    crew["OW"].post(f"{PROJECT}bulk/", json={"all": False, "included": [RE, AN]})
    rows = crew["OW"].get(PROJECT).json()
    assert [row["id"] for row in rows] == [1, AD, RE]
    assert "project_role" not in rows[0]
    assert ids(crew["OW"].get(PROJECT, params={"user_ids": f"{RE},{AN}"})) == [RE]


@pytest.mark.usefixtures("workspace")
def test_a_bulk_call_sets_the_roles_of_those_it_includes(crew):
    roles = [{"user_id": RE, "role": "AN"}, {"user_id": AN, "role": "RE"}]
    body = {"all": False, "included": [RE], "roles": roles}
    assert crew["OW"].post(f"{PROJECT}bulk/", json=body).json() == {"assignments": 1, "skipped_user_ids": []}
    (row,) = crew["OW"].get("/api/projects/1/roles").json()
    assert {name: row[name] for name in ("project", "user", "role")} == {"project": 1, "user": RE, "role": "AN"}
    crew["OW"].post(f"{PROJECT}bulk/", json={**body, "roles": [{"user_id": RE, "role": "RE"}]})
    assert [row["role"] for row in crew["OW"].get("/api/projects/1/roles").json()] == ["RE"]


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    "role",
    [{"user_id": MA, "role": "AN"}, {"user_id": RE, "role": "MA"}, {"user_id": RE, "role": None}, {"role": "AN"}],
)
def test_a_wrong_role_refuses_the_whole_bulk_call(crew, role):
    body = {"all": False, "included": [MA, RE, AN], "roles": [{"user_id": AN, "role": "RE"}, role]}
    refused = crew["OW"].post(f"{PROJECT}bulk/", json=body)
    assert list(refused.json()["validation_errors"]) == ["roles"]
    assert listed(crew["OW"], implicit="false") == []


@pytest.mark.usefixtures("workspace")
def test_a_role_is_given_once_and_taken_by_its_own_id(crew):
    body = {"project": 1, "user": RE, "role": "AN"}
    made = crew["OW"].post(ROLES, json=body)
    assert (made.status_code, made.json()["role"]) == (201, "AN")
    assert crew["OW"].post(ROLES, json={**body, "role": "RE"}).status_code == 400
    assert crew["OW"].delete(f"{ROLES}{made.json()['id']}/").status_code == 204
    assert crew["OW"].delete(f"{ROLES}{made.json()['id']}/").status_code == 404
    assert crew["OW"].get("/api/projects/1/roles").json() == []


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("change", "status"),
    [({"user": MA}, 400), ({"user": 99}, 400), ({"role": "MA"}, 400), ({"role": "x"}, 400), ({"project": 9}, 404)],
)
def test_a_role_that_nobody_can_have_is_refused(crew, change, status):
    assert crew["OW"].post(ROLES, json={"project": 1, "user": RE, "role": "AN", **change}).status_code == status


@pytest.mark.usefixtures("workspace")
def test_a_role_outlives_the_membership(crew):
    body = {"all": False, "included": [RE], "roles": [{"user_id": RE, "role": "AN"}]}
    crew["OW"].post(f"{PROJECT}bulk/", json=body)
    crew["OW"].delete(PROJECT, params={"user": RE})
    crew["OW"].post(PROJECT, json={"user": RE})
    (row,) = crew["OW"].get(f"{PROJECT}paginated/", params={"implicit": "false"}).json()["results"]
    assert (row["project_role"], row["project_role_source"]) == ("AN", "manual")


@pytest.mark.usefixtures("workspace")
def test_the_list_of_roles_without_a_project_is_the_callers_own(crew):
    crew["OW"].post(ROLES, json={"project": 1, "user": RE, "role": "AN"})
    assert crew["OW"].get(ROLES).json() == []
    assert [row["user"] for row in crew["RE"].get(ROLES, params={"ids": "1"}).json()] == [RE]
    assert crew["RE"].get(ROLES, params={"ids": "2"}).json() == []


# ---- size ----------------------------------------------------------------------------------------


def test_a_page_of_many_people_comes_fast(enterprise):
    people = [f"user{index:03}@example.com" for index in range(500)]
    enterprise.post("/api/invite/send-email", json={"emails": people, "role": "AN"})
    enterprise.post("/api/projects/", json={"title": "One"})
    enterprise.post(f"{PROJECT}bulk/", json={"all": False, "included": list(range(2, 32))})
    began = time.perf_counter()
    assert len(ids(enterprise.get("/api/organizations/1/memberships", params={"page_size": 100}))) == 100
    assert len(listed(enterprise, implicit="false", page_size=100)) == 30
    assert time.perf_counter() - began < 1.0  # a few milliseconds; a page that asks for each person takes much longer
