from __future__ import annotations

import pytest

from lsops.sandbox import manage_elsewhere
from lsops.sandbox.release import RELEASES

ORGANIZATION = "/api/organizations/1"
DEFAULTS = "/api/organizations/1/set-default-role"
JWT = "/api/jwt/settings"
WHEN = "2026-01-01T00:00:00Z"
HIDDEN = {
    "annotator_reviewer_firewall_enabled_at": None,
    "label_stream_navigation_disabled_at": None,
    "read_only_quick_view_enabled_at": None,
    "extra_data_on_activity_logs": False,
}
BOTH = {
    "custom_interfaces_enabled": True,
    "email_notification_settings": {"notifications_allowed": {"invite": False}},
    "embed_domains": [{"domain": "example.com"}],
    "embed_enabled": True,
    "embed_settings": {"public_verification_key": "k"},
    "interface_settings": {"csp": []},
    "react_code_settings": {"a": 1},
}


@pytest.mark.parametrize(("field", "value"), [("title", "Ours"), ("token", "t"), ("custom_scripts_enabled", True)])
def test_a_field_of_the_organization_is_kept(enterprise, field, value):
    assert enterprise.patch(ORGANIZATION, json={field: value}).json()[field] == value
    assert enterprise.get(ORGANIZATION).json()[field] == value


@pytest.mark.parametrize("path", [ORGANIZATION, DEFAULTS])
@pytest.mark.parametrize(("field", "value"), BOTH.items())
def test_a_field_of_both_calls_is_one_field(enterprise, path, field, value):
    assert enterprise.patch(path, json={field: value}).json()[field] == value
    assert enterprise.get(ORGANIZATION).json()[field] == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("contact_info", "nobody"),
        ("contact_info", f"{'x' * 250}@example.com"),
        ("token", "x" * 257),
        ("embed_domains", "example.com"),
        ("embed_domains", ["example.com"]),
        ("embed_domains", [{"domain": ""}]),
        ("custom_scripts_enabled", "perhaps"),
    ],
)
def test_a_bad_value_of_the_organization_is_refused(enterprise, field, value):
    refused = enterprise.patch(ORGANIZATION, json={field: value})
    assert (refused.status_code, list(refused.json()["validation_errors"])) == (400, [field])


def test_the_contact_is_in_the_list_alone(enterprise):
    assert "contact_info" not in enterprise.patch(ORGANIZATION, json={"contact_info": "a@example.com"}).json()
    assert enterprise.get("/api/organizations/").json()[0]["contact_info"] == "a@example.com"


def test_unknown_and_read_only_keys_of_the_organization_are_ignored(enterprise):
    before = enterprise.get(ORGANIZATION).json()
    ours = {"id": 9, "created_by": 9, "billing": None, "default_role": "MA", "nonsense": 1}
    assert enterprise.patch(ORGANIZATION, json=ours).json() == before


def test_another_organization_does_not_exist(enterprise):
    assert enterprise.patch("/api/organizations/2", json={}).status_code == 404
    assert enterprise.patch("/api/organizations/2/set-default-role", json={}).status_code == 404


def test_four_switches_can_be_read_in_the_answer_of_the_defaults_alone(enterprise):
    shown = enterprise.patch(DEFAULTS, json={}).json()
    assert {key: shown[key] for key in HIDDEN} == HIDDEN
    assert not HIDDEN.keys() & enterprise.get(ORGANIZATION).json().keys()
    changed = enterprise.patch(DEFAULTS, json=dict.fromkeys(list(HIDDEN)[:3], WHEN) | {"default_role": "RE"}).json()
    assert [changed[key] for key in HIDDEN] == [WHEN, WHEN, WHEN, False]
    off = {"label_stream_navigation_disabled_at": None}
    assert enterprise.patch(DEFAULTS, json=off).json() == {**changed, **off}
    assert enterprise.get(ORGANIZATION).json()["default_role"] == "RE"
    assert (enterprise.get(DEFAULTS).status_code, enterprise.post(DEFAULTS).status_code) == (405, 405)


def test_plugins_are_one_switch_with_two_names(enterprise):
    enterprise.patch(DEFAULTS, json={"custom_scripts_enabled_at": WHEN})
    assert enterprise.get(ORGANIZATION).json()["custom_scripts_enabled"] is True
    enterprise.patch(ORGANIZATION, json={"custom_scripts_enabled": True})
    assert enterprise.patch(DEFAULTS, json={}).json()["custom_scripts_enabled_at"] == WHEN
    enterprise.patch(ORGANIZATION, json={"custom_scripts_enabled": False})
    assert enterprise.patch(DEFAULTS, json={}).json()["custom_scripts_enabled_at"] is None


@pytest.mark.parametrize("body", [{"default_role": "boss"}, {"custom_scripts_enabled_at": True}])
def test_a_bad_default_is_refused(enterprise, body):
    assert enterprise.patch(DEFAULTS, json=body).status_code == 400


def test_the_organization_says_whether_a_provider_manages_people(crew):
    manage_elsewhere(crew.db, roles=True)
    billing = crew["OW"].get(ORGANIZATION).json()["billing"]
    assert (billing["manual_role_management"], billing["manual_workspace_management"]) == (False, True)


def test_community_takes_less_and_has_no_defaults(community):
    sent = {"title": "Ours", "contact_info": "a@example.com", "created_by": 9, "custom_scripts_enabled": True}
    shown = community.patch(ORGANIZATION, json=sent).json()
    assert (shown["title"], shown["contact_info"], shown["created_by"]) == ("Ours", "a@example.com", 1)
    assert "custom_scripts_enabled" not in shown
    assert community.patch(DEFAULTS, json={}).status_code == 404


# ---- tokens --------------------------------------------------------------------------------------

ALL = {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True, "api_token_ttl_days": 30}


def test_the_jwt_settings_are_set_with_all_keys(enterprise):
    assert enterprise.get(JWT).json() == {**ALL, "api_token_ttl_days": 73000}
    answer = enterprise.post(JWT, json=ALL)
    assert (answer.status_code, answer.json(), enterprise.get(JWT).json()) == (201, ALL, ALL)


@pytest.mark.parametrize("missing", ALL)
def test_the_jwt_settings_want_every_key(enterprise, missing):
    refused = enterprise.post(JWT, json={key: value for key, value in ALL.items() if key != missing})
    assert refused.json()["validation_errors"] == {missing: ["This field is required."]}


@pytest.mark.parametrize(
    ("release", "days", "status"),
    [
        ("2.37.0", 0, 400),
        ("2.37.0", 73000, 201),
        ("2.37.0", 73001, 400),
        ("2.37.0", None, 400),
        ("2.29.0", 365, 201),
        ("2.29.0", 366, 400),
    ],
)
def test_a_token_lives_as_long_as_the_release_allows(enterprise, monkeypatch, release, days, status):
    monkeypatch.setitem(RELEASES, "enterprise", release)
    assert enterprise.post(JWT, json={**ALL, "api_token_ttl_days": days}).status_code == status


def test_community_takes_any_key_and_knows_no_lifetime(community):
    answer = community.post(JWT, json={"legacy_api_tokens_enabled": False, "api_token_ttl_days": 3})
    assert (answer.status_code, answer.json()) == (
        200,
        {"api_tokens_enabled": True, "legacy_api_tokens_enabled": False},
    )
    assert community.post(JWT, json={"api_tokens_enabled": None}).status_code == 400
    assert community.patch(JWT, json={}).status_code == 405


def test_a_disabled_legacy_token_opens_no_door(connect):
    client = connect(token="a" * 40, headers={"Authorization": f"Token {'a' * 40}"})
    refresh = client.post("/api/token/").json()["token"]
    assert client.post(JWT, json={**ALL, "legacy_api_tokens_enabled": False}).status_code == 201
    refused = client.get(JWT)
    assert (refused.status_code, refused.json()["detail"][:36]) == (401, "Authentication token no longer valid")
    access = client.post("/api/token/refresh/", json={"refresh": refresh}).json()["access"]
    assert client.get(JWT, headers={"Authorization": f"Bearer {access}"}).status_code == 200


def test_a_disabled_personal_token_is_still_exchanged_and_opens_no_door(enterprise):
    refresh = enterprise.post("/api/token/").json()["token"]
    enterprise.post(JWT, json={**ALL, "api_tokens_enabled": False})
    exchanged = enterprise.post("/api/token/refresh/", json={"refresh": refresh})
    assert exchanged.status_code == 200
    headers = {"Authorization": f"Bearer {exchanged.json()['access']}"}
    assert enterprise.get(JWT, headers=headers).status_code == 401
