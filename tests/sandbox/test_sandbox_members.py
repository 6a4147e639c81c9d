from __future__ import annotations

import pytest

from lsops.errors import LsopsError
from lsops.sandbox import add_user, expire_invitation, manage_elsewhere, set_role_source

MEMBERS = "/api/organizations/1/memberships"
DENIED = "You do not have permission to perform this action."


def emails(client, path=MEMBERS, **query):
    return [row["user"]["email"] for row in client.get(path, params=query).json()["results"]]


def row_of(client, email):
    return next(row for row in client.get(MEMBERS).json()["results"] if row["user"]["email"] == email)


def test_members_come_in_pages_of_twenty(enterprise):
    invited = [f"user{index:02}@example.com" for index in range(24)]
    enterprise.post("/api/invite/send-email", json={"emails": invited, "role": "AN"})
    first = enterprise.get(MEMBERS).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (25, 20, None)
    assert len(enterprise.get(first["next"]).json()["results"]) == 5
    assert len(emails(enterprise, page_size=-1)) == 25
    assert enterprise.get(MEMBERS, params={"page": 3}).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "MA@"}, ["ma"]),
        ({"search": "nobody"}, []),
        ({"role": "RE,AN"}, ["re", "an"]),
        ({"ordering": "-id", "role": "RE,AN"}, ["an", "re"]),
        ({"ordering": "user__email", "role": "RE,AN"}, ["an", "re"]),
        ({"ordering": "nonsense", "role": "RE,AN"}, ["re", "an"]),
        ({"exclude_project_id": 1, "role": "RE,AN"}, ["re"]),
        ({"exclude_workspace_id": 8, "role": "RE,AN"}, ["an"]),
        ({"is_deleted": "true"}, []),
        ({"is_deleted": "false", "role": "AN"}, ["an"]),
    ],
)
def test_members_are_searched_filtered_and_sorted(crew, query, found):
    owner = crew["OW"]
    assert owner.post("/api/projects/", json={"title": "One"}).json()["id"] == 1
    owner.post("/api/projects/1/members/", json={"user": crew.id("AN")})
    assert owner.post("/api/workspaces/", json={"title": "One"}).json()["id"] == 8
    owner.post("/api/workspaces/8/memberships/", json={"user": crew.id("RE")})
    assert emails(owner, **query) == [f"{name}@example.com" for name in found]


def test_a_role_is_set_and_the_answer_is_the_row(crew):
    changed = crew["AD"].patch(MEMBERS, json={"user_id": crew.id("AN"), "role": "RE"})
    assert changed.status_code == 200
    assert changed.json() == row_of(crew["OW"], "an@example.com")
    assert (changed.json()["role"], changed.json()["role_source"]) == ("RE", "api")


@pytest.mark.parametrize(
    ("caller", "body", "status", "detail"),
    [
        ("OW", {"user_id": 5}, 400, "Validation error"),
        ("OW", {"role": "AN"}, 400, "Validation error"),
        ("OW", {"user_id": 5, "role": "annotator"}, 400, "Validation error"),
        ("OW", {"user_id": 5, "role": "OW"}, 403, DENIED),
        ("AD", {"user_id": 1, "role": "AN"}, 403, DENIED),
        ("AD", {"user_id": 2, "role": "AN"}, 405, "You cannot change your own role."),
        ("MA", {"user_id": 5, "role": "RE"}, 403, DENIED),
        ("RE", {"user_id": 5, "role": "RE"}, 403, DENIED),
    ],
)
def test_a_role_that_may_not_be_set_is_refused(crew, caller, body, status, detail):
    refused = crew[caller].patch(MEMBERS, json=body)
    assert (refused.status_code, refused.json()["detail"]) == (status, detail)
    assert row_of(crew["OW"], "an@example.com")["role"] == "AN"


def test_the_role_of_nobody_is_a_page_that_is_not_there(crew):
    missing = crew["OW"].patch(MEMBERS, json={"user_id": 99, "role": "AN"})
    assert (missing.status_code, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_role_that_a_provider_owns_is_shown_as_such_and_stays(crew):
    set_role_source(crew.db, "an@example.com", "saml")
    assert row_of(crew["OW"], "an@example.com")["role_source"] == "saml"
    manage_elsewhere(crew.db, roles=True, workspaces=True)
    assert crew["OW"].patch(MEMBERS, json={"user_id": crew.id("AN"), "role": "RE"}).status_code == 403


def test_one_member_has_counters_and_no_role(crew):
    member = crew["OW"].get(f"{MEMBERS}/{crew.id('AN')}/").json()
    assert (member["user"], member["annotations_count"]) == (crew.id("AN"), 0)
    assert "role" not in member
    assert crew["OW"].get(f"{MEMBERS}/99/").status_code == 404


def test_a_removed_member_stays_as_deleted_and_can_do_nothing(crew):
    owner, path = crew["OW"], f"{MEMBERS}/{crew.id('AN')}/"
    owner.post("/api/projects/", json={"title": "One"})
    owner.post("/api/projects/1/members/bulk/", json={"all": False, "included": [crew.id("AN")]})
    assert owner.delete(path).status_code == 204
    again = owner.delete(path)
    assert (again.status_code, again.json()["detail"]) == (404, "Member not found")
    gone = row_of(owner, "Deleted")["user"]
    names = ("id", "email", "username", "first_name", "last_name", "initials")
    assert [gone[name] for name in names] == [crew.id("AN"), "Deleted", "Deleted", "Deleted", "User", "DU"]
    assert "Deleted" in [user["email"] for user in owner.get("/api/users/").json()]
    assert emails(owner, is_deleted="true") == ["Deleted"]
    assert "Deleted" not in emails(owner, is_deleted="false")
    assert owner.get("/api/projects/1/members/paginated/", params={"implicit": "false"}).json()["count"] == 0
    assert crew["AN"].get("/api/projects/").status_code == 401
    assert owner.patch(MEMBERS, json={"user_id": crew.id("AN"), "role": "RE"}).status_code == 404


@pytest.mark.parametrize(
    ("caller", "target", "status"), [("OW", "OW", 405), ("AD", "AD", 405), ("AD", "OW", 403), ("MA", "AN", 403)]
)
def test_some_members_are_not_removed(crew, caller, target, status):
    assert crew[caller].delete(f"{MEMBERS}/{crew.id(target)}/").status_code == status


def test_nobody_is_removed_from_another_organization(crew):
    assert crew["OW"].delete("/api/organizations/2/memberships/5/").status_code == 404
    assert crew["OW"].delete(f"{MEMBERS}/99/").status_code == 404


def test_removing_oneself_is_answered_without_the_envelope(community):
    refused = community.delete(f"{MEMBERS}/1/")
    assert (refused.status_code, refused.json()) == (405, {"detail": "User cannot soft delete self"})


def test_community_has_no_roles(community):
    assert community.patch(MEMBERS, json={"user_id": 1, "role": "AN"}).status_code == 405
    assert "role" not in community.get(MEMBERS).json()["results"][0]


# ---- invitations ---------------------------------------------------------------------------------


def invite(client, *people, role="RE", **more):
    return client.post("/api/invite/send-email", json={"emails": list(people), "role": role, **more})


def test_an_invited_person_is_a_member_without_a_role_until_they_accept(connect, tmp_path):
    db = tmp_path / "s.db"
    owner = connect(db)
    answer = invite(owner, "ana@example.com")
    assert (answer.status_code, answer.content) == (200, b"")
    pending = row_of(owner, "ana@example.com")
    fields = pending["user"]["lse_fields"]
    assert (pending["role"], fields["invite_activated"], fields["invite_expired"]) == ("NO", False, False)
    assert (fields["invited_by"], fields["invited_at"] < fields["invite_expired_at"]) == (1, True)
    token = add_user(db, "ANA@example.com", "reviewer")
    accepted = row_of(owner, "ana@example.com")
    assert (accepted["id"], accepted["user"]["id"], accepted["role"]) == (pending["id"], pending["user"]["id"], "RE")
    assert accepted["user"]["lse_fields"]["invite_activated"] is True
    headers = {"Authorization": f"Token {token}"}
    assert owner.get("/api/current-user/whoami", headers=headers).json()["org_membership"][0]["role"] == "RE"


def test_the_role_of_a_pending_person_cannot_be_set(enterprise):
    invite(enterprise, "ana@example.com")
    refused = enterprise.patch(MEMBERS, json={"user_id": 2, "role": "RE"})
    assert "user_id" in refused.json()["validation_errors"]


def test_an_invitation_is_renewed_and_revoked(connect, tmp_path):
    owner = connect(tmp_path / "s.db")
    invite(owner, "ana@example.com")
    expire_invitation(tmp_path / "s.db", "ana@example.com")
    assert row_of(owner, "ana@example.com")["user"]["lse_fields"]["invite_expired"] is True
    assert invite(owner, "Ana@example.com").status_code == 200
    assert row_of(owner, "ana@example.com")["user"]["lse_fields"]["invite_expired"] is False
    assert owner.post("/api/invite/revoke", json={"email": "ana@example.com"}).content == b""
    assert emails(owner) == ["owner@example.com", "Deleted"]
    assert owner.post("/api/invite/revoke", json={"email": "ana@example.com"}).status_code == 404


def test_a_removed_member_comes_back_by_an_invitation(crew):
    crew["OW"].delete(f"{MEMBERS}/{crew.id('AN')}/")
    assert invite(crew["OW"], "an@example.com").status_code == 200
    add_user(crew.db, "an@example.com", "annotator")
    assert row_of(crew["OW"], "an@example.com")["user"]["id"] == crew.id("AN")
    assert crew["AN"].get("/api/projects/").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"emails": [], "role": "AN"}, "emails"),
        ({"emails": "ana@example.com", "role": "AN"}, "emails"),
        ({"emails": ["ana"], "role": "AN"}, "emails"),
        ({"emails": ["new@example.com", "owner@example.com"], "role": "AN"}, "emails"),
        ({"emails": ["new@example.com"], "role": "OW"}, "role"),
        ({"emails": ["new@example.com"]}, "role"),
        ({"emails": ["new@example.com"], "role": "AN", "projects": [9]}, "projects"),
    ],
)
def test_an_invitation_that_is_wrong_invites_nobody(enterprise, body, field):
    assert list(enterprise.post("/api/invite/send-email", json=body).json()["validation_errors"]) == [field]
    assert emails(enterprise) == ["owner@example.com"]


def test_an_invitation_may_come_with_projects_and_workspaces(enterprise):
    workspace = enterprise.post("/api/workspaces/", json={"title": "W"}).json()["id"]
    project = enterprise.post("/api/projects/", json={"title": "One", "workspace": workspace}).json()["id"]
    invite(enterprise, "ana@example.com", projects=[project], workspaces=[workspace])
    assert enterprise.get(f"/api/workspaces/{workspace}/memberships/").json()[0]["user"]["email"] == "ana@example.com"
    explicit = enterprise.get(f"/api/projects/{project}/members/paginated/", params={"implicit": "false"}).json()
    assert [user["email"] for user in explicit["results"]] == ["ana@example.com"]


@pytest.mark.parametrize("edition", ["enterprise", "community"])
def test_the_link_has_a_token_that_can_be_made_anew(connect, edition):
    client = connect(edition=edition)
    link = client.get("/api/invite").json()
    assert link["invite_url"] == f"/user/signup/?token={link['token']}"
    again = client.post("/api/invite/reset-token")
    assert (again.status_code, again.json()["token"] != link["token"]) == (201, True)
    assert client.get("/api/organizations/1").json()["token"] == again.json()["token"]


def test_community_sends_no_invitations(community):
    assert invite(community, "ana@example.com").status_code == 404


def test_only_somebody_can_be_changed_from_outside(tmp_path):
    with pytest.raises(LsopsError, match="nobody in the sandbox"):
        set_role_source(tmp_path / "s.db", "ana@example.com", "saml")
