"""The organisation behind its two paths, the kinds of tokens, and the session policy's doubts."""

from __future__ import annotations

import re

import pytest

from lsops.engine.planning import plan
from lsops.errors import ManifestError
from lsops.kinds import Query, Where, kind
from lsops.model.desired import Desired
from lsops.model.live import Live
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import Resource
from tests.unit.people.declared import reasons
from tests.unit.people.server import HOME, PeopleServer

ORGANIZATION, TOKENS, POLICY = kind("organization"), kind("jwt_settings"), kind("session_policy")
HERE = Where(1)


def single(kind_name, values):
    return Resource(kind_name, f"/{kind_name}", "", values)


def planned(server, kind_name, values, **known):
    item = single(kind_name, values)
    reader = server.reader(**known)
    live = Live(kind(kind_name).read(reader, Query((item,), {"": 0})), reader.names)
    return plan(Desired((item,)), live, server.facts(**known))


def changed(found):
    return [(field.path, field.before, field.after) for change in found.changes for field in change.fields]


# ---- organisation ------------------------------------------------------------------------------


def test_the_organisation_is_one_request_and_its_invitation_secret_is_dropped():
    server = PeopleServer()
    found = ORGANIZATION.read(server.reader(), Query((single("organization", {"title": "Clinic"}),), {"": 0}))
    (one,) = found["/organization"].resources
    assert (server.asked(), one.id) == ([HOME], 1)
    assert "invite-secret" not in repr(one) + repr(one.raw)


def test_the_contact_is_in_the_list_where_the_organisation_lacks_it():
    server = PeopleServer()
    server.contact = "it@example.com"
    assert changed(planned(server, "organization", {"contact_info": "it@example.com"})) == []
    assert server.asked() == [HOME, "/api/organizations/"]


@pytest.mark.parametrize(
    ("live", "declared", "differs"),
    [
        ({"default_role": "AN"}, {"default_role": "annotator"}, False),
        ({"default_role": "AN"}, {"default_role": "NO"}, True),
        ({"custom_scripts_enabled": True}, {"custom_scripts_enabled_at": True}, False),
        ({"custom_scripts_enabled": False}, {"custom_scripts_enabled_at": True}, True),
        ({"embed_domains": [{"domain": "a"}, {"domain": "b"}]}, {"embed_domains": [{"domain": "b"}, {"domain": "a"}]}, False),
        ({"email_notification_settings": {"x": {"a": True, "b": True}}}, {"email_notification_settings": {"x": {"a": True}}}, False),
        ({"email_notification_settings": {"x": {"a": True}}}, {"email_notification_settings": {"x": {"a": False}}}, True),
        ({}, {"read_only_quick_view_enabled_at": True, "extra_data_on_activity_logs": False}, False),
    ],
)  # fmt: skip
def test_what_differs(live, declared, differs):
    server = PeopleServer()
    server.organization.update(live)
    assert bool(changed(planned(server, "organization", declared))) is differs


def test_switches_that_nobody_can_read_are_told():
    found = planned(PeopleServer(), "organization", {"label_stream_navigation_disabled_at": True})
    assert (found.changes, found.unreadable) == ((), ("/organization/label_stream_navigation_disabled_at",))


def test_each_field_goes_to_its_path_and_the_answers_are_one_row():
    server = PeopleServer()
    values = {"title": "New", "default_role": "annotator", "custom_scripts_enabled_at": True}
    values |= {"embed_domains": [], "read_only_quick_view_enabled_at": False, "extra_data_on_activity_logs": True}
    row = ORGANIZATION.update(server.session(), ORGANIZATION.encode(values, HERE, {}), HERE)
    (_, own_path, own), (_, path, defaults) = server.written()
    assert (own_path, own) == (HOME, {"title": "New", "embed_domains": []})
    assert path == f"{HOME}/set-default-role"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", defaults.pop("custom_scripts_enabled_at"))
    assert defaults == {
        "default_role": "AN",
        "read_only_quick_view_enabled_at": None,
        "extra_data_on_activity_logs": True,
    }
    assert ORGANIZATION.decode(row, {})["default_role"] == "annotator"
    assert "token" not in row


@pytest.mark.parametrize(
    ("values", "paths"), [({"title": "x"}, [HOME]), ({"external_id": "x"}, [f"{HOME}/set-default-role"])]
)
def test_what_has_nothing_to_say_is_not_called(values, paths):
    server = PeopleServer()
    ORGANIZATION.update(server.session(), values, HERE)
    assert server.asked() == paths


def test_one_switch_under_two_names_must_agree():
    values = {"custom_scripts_enabled": True, "custom_scripts_enabled_at": False}
    with pytest.raises(ManifestError) as caught:
        planned(PeopleServer(), "organization", values)
    assert [finding.code for finding in caught.value.findings] == ["LS110"]


def test_a_field_that_newer_servers_dropped_is_an_error_there():
    server = PeopleServer()
    with pytest.raises(ManifestError) as caught:
        planned(server, "organization", {"custom_scripts_editable_by": "manager"})
    assert [finding.code for finding in caught.value.findings] == ["LS108"]
    server.organization["custom_scripts_editable_by"] = "MA"
    assert changed(planned(server, "organization", {"custom_scripts_editable_by": "manager"})) == []


@pytest.mark.parametrize(("role", "codes"), [("manager", ["LS807"]), ("administrator", [])])
def test_a_manager_cannot_take_plugins_from_managers(role, codes):
    field = FieldChange("/custom_scripts_editable_by", "manager", "AD")
    change = Change("/organization", "organization", "update", fields=(field,))
    assert [one.code for one in ORGANIZATION.veto(change, PeopleServer().facts(role=role))] == codes


# ---- tokens ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "field", "refused"),
    [
        ("legacy", "legacy_api_tokens_enabled", True),
        ("legacy", "api_tokens_enabled", False),
        ("personal", "api_tokens_enabled", True),
        ("personal", "legacy_api_tokens_enabled", False),
        ("none", "api_tokens_enabled", False),
        ("none", "legacy_api_tokens_enabled", False),
    ],
)
def test_the_kind_of_token_in_use_is_not_switched_off(token, field, refused):
    server = PeopleServer()
    (change,) = planned(server, "jwt_settings", {field: False}).changes
    found = list(TOKENS.veto(change, server.facts(token_kind=token)))
    assert [one.code for one in found] == (["LS807"] if refused else [])
    assert change.warnings[0].endswith("tokens stop working at once")


def test_switching_on_is_never_refused():
    server = PeopleServer()
    server.jwt["legacy_api_tokens_enabled"] = False
    (change,) = planned(server, "jwt_settings", {"legacy_api_tokens_enabled": True}).changes
    assert (change.warnings, list(TOKENS.veto(change, server.facts()))) == ((), [])


@pytest.mark.parametrize(
    ("stored", "release", "declared", "shown"),
    [
        (73000, "2.29.0", {}, False),
        (365, "2.29.0", {}, True),
        (73000, "2.30.0", {}, True),
        (73000, "2.29.0", {"api_token_ttl_days": 90}, True),
    ],
)
def test_a_stored_life_time_that_the_server_would_refuse_is_left_out(stored, release, declared, shown):
    server = PeopleServer()
    server.jwt["api_token_ttl_days"] = stored
    item = single("jwt_settings", {"api_tokens_enabled": False, **declared})
    (one,) = TOKENS.read(server.reader(release=release), Query((item,), {"": 0}))["/jwt_settings"].resources
    assert ("api_token_ttl_days" in one.values) is shown


def test_settings_are_updated_by_a_post_that_may_answer_201():
    server = PeopleServer()
    row = TOKENS.update(server.session(), {"api_tokens_enabled": False}, Where())
    assert row["api_tokens_enabled"] is False
    assert server.written() == [("POST", "/api/jwt/settings", {"api_tokens_enabled": False})]


# ---- session policy ----------------------------------------------------------------------------

SHORT = "max_session_age (60) is less than max_time_between_activity (90), so that no session ends for idleness"


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        ({"max_session_age": 11520, "max_time_between_activity": 4320}, []),
        ({"max_session_age": 43200}, []),
        ({"max_session_age": 43201}, ["max_session_age is 43201 minutes, more than 30 days"]),
        ({"max_session_age": 60, "max_time_between_activity": 60}, []),
        ({"max_session_age": 60, "max_time_between_activity": 90}, [SHORT]),
    ],
)
def test_doubtful_limits_are_told_whether_they_change_or_not(values, messages):
    found = list(POLICY.warn(single("session_policy", values)))
    assert reasons(found) == [("LS112", message) for message in messages]
    assert not any(finding.is_error for finding in found)


@pytest.mark.parametrize(
    ("declared", "warnings"),
    [({"max_session_age": 60}, (SHORT,)), ({"max_session_age": 60, "max_time_between_activity": 90}, ())],
)
def test_a_limit_that_nobody_declares_counts_too(declared, warnings):
    held = Resource("session_policy", "/session_policy", "", {"max_session_age": 100, "max_time_between_activity": 90})
    change = Change(
        "/session_policy", "session_policy", "update", after=single("session_policy", declared), before=held
    )
    assert POLICY.describe(change, PeopleServer().facts()).warnings == warnings
