"""The official SDK reads and changes people and settings in the sandbox, and finds every key that its types know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.types import ProjectMemberBulkAssignRolesRequest

from lsops.sandbox import add_user
from tests.support.sandbox import served

TOKEN = "0123456789abcdef0123456789abcdef01234567"
PEOPLE = {"ana": "reviewer", "ben": "annotator", "mia": "manager"}
ANA, BEN, MIA = 2, 3, 4


def missing(answer: Any) -> set[str]:
    """The keys that the SDK's type has and the answer does not."""
    return set(type(answer).model_fields) - answer.model_fields_set


def page(pager: Any) -> list[Any]:
    """The first page; the SDK asks for more until a page is empty, and the server has none beyond the last."""
    return list(pager.items)


@contextmanager
def connected(url: str, key: str = TOKEN) -> Iterator[LabelStudio]:
    with httpx.Client(timeout=30) as http:
        yield LabelStudio(base_url=url, api_key=key, httpx_client=http)


@pytest.fixture
def sdk(tmp_path: Path) -> Iterator[LabelStudio]:
    """The owner's client of an Enterprise sandbox over HTTP, with a few people."""
    for name, role in PEOPLE.items():
        add_user(tmp_path / "s.db", f"{name}@example.com", role)
    with served(tmp_path / "s.db", token=TOKEN) as url, connected(url) as client:
        yield client


@pytest.fixture
def project(sdk: LabelStudio) -> int:
    workspace = sdk.workspaces.create(title="Radiology")
    return sdk.projects.create(title="Chest", workspace=workspace.id).id


def test_the_organization_is_read_and_updated(sdk: LabelStudio) -> None:
    organization = sdk.organizations.get(id=1)
    assert missing(organization) | missing(organization.billing) == set()
    domains = [{"domain": "example.com"}]
    changed = sdk.organizations.update(
        id=1, title="Ours", contact_info="a@example.com", embed_domains=domains, embed_enabled=True
    )
    assert (changed.title, changed.embed_domains, changed.embed_enabled) == ("Ours", domains, True)
    assert sdk.organizations.list()[0].contact_info == "a@example.com"


def test_the_defaults_are_updated_and_answered_in_full(sdk: LabelStudio) -> None:
    when = datetime(2026, 1, 1, tzinfo=timezone.utc)
    answer = sdk.organizations.update_default_role(id=1, default_role="RE", read_only_quick_view_enabled_at=when)
    assert missing(answer) == set()
    assert (answer.default_role, answer.read_only_quick_view_enabled_at) == ("RE", when)
    assert sdk.organizations.get(id=1).default_role == "RE"


def test_members_are_listed_given_roles_and_removed(sdk: LabelStudio) -> None:
    rows = page(sdk.organizations.members.list(id=1, page_size=9))
    assert [row.role for row in rows] == ["OW", "RE", "AN", "MA"]
    assert set().union(*(missing(row) | missing(row.user) | missing(row.user.lse_fields) for row in rows)) == set()
    changed = sdk.organizations.members.update(id=1, user_id=BEN, role="RE")
    assert (changed.role, changed.role_source, missing(changed)) == ("RE", "api", set())
    assert missing(sdk.organizations.members.get(id=1, user_pk=BEN)) == set()
    sdk.organizations.members.delete(id=1, user_pk=BEN)
    with pytest.raises(ApiError) as caught:
        sdk.organizations.members.delete(id=1, user_pk=BEN)
    assert (caught.value.status_code, caught.value.body["detail"]) == (404, "Member not found")


def test_people_are_invited_and_invitations_revoked(sdk: LabelStudio) -> None:
    sdk.organizations.invites.send_email(emails=["zoe@example.com"], role="AN")
    (row,) = page(sdk.organizations.members.list(id=1, search="zoe"))
    assert (row.role, row.user.lse_fields.invite_activated, row.user.lse_fields.invited_by) == ("NO", False, 1)
    assert row.user.lse_fields.invite_expired_at > row.user.lse_fields.invited_at
    sdk.organizations.invites.revoke_invite(email="zoe@example.com")
    link = sdk.organizations.invites.get_invite_link()
    assert missing(link) == set()
    assert sdk.organizations.reset_token().token != link.token


def test_members_of_a_workspace_are_added_listed_and_removed(sdk: LabelStudio, project: int) -> None:
    key = sdk.projects.get(id=project).workspace
    added = sdk.workspaces.members.create(id=key, user=ANA, workspace=key)
    assert (added.user, added.workspace) == (ANA, key)
    assert sdk.workspaces.members.bulk.post(id=key, all_=False, included=[ANA, BEN]).assignments == 1
    rows = sdk.workspaces.members.list(id=key)
    assert [row.user.email for row in rows] == ["ana@example.com", "ben@example.com"]
    assert missing(rows[0]) | missing(rows[0].user) == set()
    sdk.workspaces.members.delete(id=key, user_id=ANA)
    assert sdk.workspaces.members.bulk.delete(id=key, all_=False, included=f"{BEN}").unassignments == 1
    assert page(sdk.workspaces.members.paginated.list(id=key)) == []


def test_members_of_a_project_have_roles(sdk: LabelStudio, project: int) -> None:
    assert sdk.projects.members.add(id=project, user=MIA).user == MIA
    answer = sdk.projects.members.bulk.post(
        id=project,
        all_=False,
        included=[ANA, BEN],
        roles=[ProjectMemberBulkAssignRolesRequest(user_id=ANA, role="AN")],
    )
    assert (answer.assignments, answer.skipped_user_ids) == (2, [])
    rows = page(sdk.projects.members.paginated.list(id=project, implicit=False, page_size=9))
    assert [(row.id, row.project_role, row.implicit_member) for row in rows] == [
        (ANA, "AN", False),
        (BEN, None, False),
        (MIA, None, False),
    ]
    assert set().union(*(missing(row) | missing(row.org_membership[0]) for row in rows)) == set()
    assert 1 in [row.id for row in page(sdk.projects.members.paginated.list(id=project))]
    sdk.projects.members.remove(id=project, user=MIA)
    assert sdk.projects.members.bulk.delete(id=project, all_=False, included=f"{ANA},{BEN}").unassignments == 2


def test_a_role_in_a_project_is_given_and_taken(sdk: LabelStudio, project: int) -> None:
    made = sdk.projects.roles.add(project=project, user=ANA, role="AN")
    assert missing(made) == set()
    assert sdk.projects.roles.get(id=project) == [made]
    assert sdk.projects.roles.list() == []
    sdk.projects.roles.remove(id=made.id)
    assert sdk.projects.roles.get(id=project) == []


def test_the_jwt_settings_and_the_session_policy_are_set(sdk: LabelStudio) -> None:
    settings = sdk.jwt_settings.update(api_token_ttl_days=9, api_tokens_enabled=False, legacy_api_tokens_enabled=True)
    assert (settings.api_token_ttl_days, settings.api_tokens_enabled, missing(settings)) == (9, False, set())
    assert sdk.jwt_settings.get() == settings
    assert sdk.session_policy.update(max_time_between_activity=60).max_time_between_activity == 60


def test_the_activity_log_has_what_was_done(sdk: LabelStudio) -> None:
    sdk.session_policy.update(max_session_age=600)
    (answer,) = sdk.activity_logs.list(method="PATCH", page_size=1)
    (row,) = answer.data
    assert (row.email, row.request_url, row.response_code) == ("owner@example.com", "/api/session-policy/", "200")
    assert (missing(answer), missing(row), answer.model_extra) == (set(), set(), {})


def test_a_token_of_another_person_has_the_rights_of_their_role(sdk: LabelStudio, tmp_path: Path) -> None:
    token = add_user(tmp_path / "s.db", "mia@example.com", "manager")
    with connected(sdk._client_wrapper.get_base_url(), token) as manager:
        me = manager.users.whoami()
        assert (me.org_membership[0].role, missing(me)) == ("MA", set())
        with pytest.raises(ApiError) as caught:
            manager.organizations.update(id=1, title="Mine")
    assert caught.value.status_code == 403
    assert caught.value.body["detail"] == "You do not have permission to perform this action."


def test_community_has_an_organization_members_and_jwt_settings() -> None:
    with served(token=TOKEN, edition="community") as url, connected(url) as sdk:
        assert sdk.organizations.update(id=1, title="Ours").title == "Ours"
        assert [row.user.email for row in page(sdk.organizations.members.list(id=1))] == ["owner@example.com"]
        assert sdk.jwt_settings.get().legacy_api_tokens_enabled is True
        assert sdk.organizations.invites.get_invite_link().token
