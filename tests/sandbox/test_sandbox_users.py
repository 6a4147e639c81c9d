from __future__ import annotations

import pytest

USERS = "/api/users/"


def test_a_user_that_is_made_is_a_member_without_an_active_organization(api):
    made = api.post(USERS, json={"username": "tv", "email": "tv@example.com"})
    assert (made.status_code, made.json()["active_organization"]) == (201, None)
    assert api.get(f"/api/organizations/1/memberships/{made.json()['id']}/").status_code == 200


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"username": ["This field is required."]}),
        ({"username": ""}, {"username": ["This field may not be blank."]}),
        ({"username": "x", "email": "x"}, {"email": ["Enter a valid email address."]}),
        (
            {"username": "x", "email": "owner@example.com"},
            {"email": ["user with this email address already exists."]},
        ),
    ],
)
def test_a_bad_user_is_refused(api, body, errors):
    assert api.post(USERS, json=body).json()["validation_errors"] == errors


def test_an_e_mail_is_never_changed(api):
    response = api.patch(f"{USERS}1/", json={"email": "new@example.com", "first_name": "New"})
    assert (response.status_code, response.json()["detail"]) == (405, "Cannot update read-only field: email")
    assert api.patch(f"{USERS}1/", json={"first_name": " Ada "}).json()["first_name"] == "Ada"


def test_a_deleted_user_leaves_no_row_and_the_owner_stays(community):
    made = community.post(USERS, json={"username": "tv"}).json()["id"]
    assert community.delete(f"{USERS}{made}/").status_code == 204
    assert community.get(f"/api/organizations/1/memberships/{made}/").status_code == 404
    assert community.delete(f"{USERS}1/").json()["detail"] == "The organization owner cannot be deleted"


def test_enterprise_deletes_no_user(enterprise):
    assert enterprise.delete(f"{USERS}1/").status_code == 405


def test_the_own_token_and_hotkeys(api):
    assert len(api.get("/api/current-user/token").json()["token"]) == 40
    keys = {"custom_hotkeys": {"a:b": {"key": "k"}}}
    assert api.patch("/api/current-user/hotkeys/", json=keys).json() == keys
    assert api.get("/api/current-user/hotkeys/").json() == keys
    assert api.patch("/api/current-user/hotkeys/", json={}).json()["error"] == "Invalid hotkeys configuration"
