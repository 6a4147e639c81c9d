"""Members of the organisation: what is read, who is pending, and whom nobody may change."""

from __future__ import annotations

import pytest

from lsops.engine.planning.identify import identify
from lsops.errors import ManifestError
from lsops.kinds import Where, kind
from lsops.model.desired import Desired
from tests.unit.people.declared import lines, member, planned, read, reasons
from tests.unit.people.server import CALLER, HOME, PeopleServer

ANA = "ana@example.com"
MEMBERS = kind("member")
HERE = Where(parent=1)


def refused(server, *desired, **known):
    with pytest.raises(ManifestError) as caught:
        planned(server, *desired, **known)
    return reasons(caught.value.findings)


def test_members_are_read_in_pages_of_a_hundred_and_the_organisation_once():
    server = PeopleServer()
    for number in range(250):
        server.add(f"p{number}@example.com")
    live = read(server, member(ANA)).at("/members", "member")
    assert len(live.resources) == 251
    assert sorted(server.asked()) == [HOME, *[f"{HOME}/memberships"] * 3]


def test_a_member_is_a_user_by_id_with_a_role_by_word():
    server = PeopleServer()
    number = server.add("Ana@Example.com", "RE")
    live = read(server, member(ANA))
    found = live.at("/members", "member").resources[1]
    assert (found.id, found.key, found.values) == (
        number,
        "Ana@Example.com",
        {"email": "Ana@Example.com", "role": "reviewer"},
    )
    assert live.names["member"] == {"boss@example.com": 1, ANA: number}


@pytest.mark.parametrize("email", ["Deleted", "", None])
def test_rows_of_deleted_users_are_skipped(email):
    server = PeopleServer()
    server.add(email)
    assert [one.key for one in read(server, member(ANA)).at("/members", "member").resources] == ["boss@example.com"]


@pytest.mark.parametrize(
    ("source", "billing", "owned"),
    [
        (None, {}, False),
        ("manual", {}, False),
        ("api", {"manual_role_management": True}, False),
        ("saml", {}, True),
        ("scim", {}, True),
        ("billing", {}, True),
        ("manual", {"manual_role_management": False}, True),
    ],
)
def test_whether_an_identity_provider_owns_a_role(source, billing, owned):
    server = PeopleServer()
    server.organization["billing"] = billing
    server.add(ANA, role_source=source)
    assert read(server, member(ANA)).at("/members", "member").resources[1].raw["externally_owned"] is owned


@pytest.mark.parametrize("declared", ["manager", "MA", "ma"])
def test_a_role_that_differs_is_an_update_and_equal_ones_are_none(declared):
    server = PeopleServer()
    server.add(ANA, "RE")
    assert lines(planned(server, member(ANA, declared))) == [f"~ /members/{ANA}"]
    server.people[2]["role"] = "MA"
    assert lines(planned(server, member("ANA@example.com", declared))) == []


# ---- pending -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "pending", "invitation"),
    [
        (None, True, (ANA, "RE")),
        ({"role": "NO", "invited": True}, True, None),
        ({"role": "NO", "invited": True, "expired": True}, True, (ANA, "RE")),
        ({"role": "NO"}, False, None),
        ({"role": "RE"}, False, None),
        ({"role": "DI"}, False, None),
    ],
)
def test_who_is_pending_and_who_may_be_mailed(row, pending, invitation):
    server = PeopleServer()
    if row:
        server.add(ANA, **row)
    found = planned(server, member(ANA, "reviewer"))
    assert found.pending == ((f"/members/{ANA}",) if pending else ())
    assert found.invitations == ({f"/members/{ANA}": invitation} if invitation else {})
    assert not (pending and found.changes)


@pytest.mark.parametrize(("role", "code"), [(None, "NO"), ("manager", "MA"), ("AD", "AD")])
def test_an_invitation_has_the_declared_role(role, code):
    assert MEMBERS.invitation(member(ANA, role), None) == (ANA, code)


@pytest.mark.parametrize("role", ["owner", "deactivated"])
def test_nobody_is_invited_to_a_role_that_cannot_be_had(role):
    assert MEMBERS.invitation(member(ANA, role), None) is None


def test_invitations_are_one_call_per_role():
    server = PeopleServer()
    MEMBERS.invite(server.session(), {ANA: "AN", "ben@example.com": "RE", "cem@example.com": "AN"})
    assert server.written() == [
        ("POST", "/api/invite/send-email", {"emails": [ANA, "cem@example.com"], "role": "AN"}),
        ("POST", "/api/invite/send-email", {"emails": ["ben@example.com"], "role": "RE"}),
    ]


def test_who_is_to_be_absent_and_is_not_there_is_nothing():
    found = planned(PeopleServer(), member(ANA, absent=True))
    assert (found.pending, found.changes) == ((), ())


# ---- what may not be changed -------------------------------------------------------------------

BOSS = "boss@example.com"


@pytest.mark.parametrize(
    ("row", "declared", "because"),
    [
        ({"role": "OW"}, "manager", "there is one owner, whom lsops never changes"),
        ({"role": "MA"}, "owner", "nobody becomes owner by a manifest"),
        ({"role": "AN", "role_source": "saml"}, "manager", "the role comes from SAML"),
        ({"role": "VO"}, "manager", "a view-only seat is changed where seats are"),
    ],
)
def test_a_difference_on_a_row_that_is_not_ours_is_an_error(row, declared, because):
    server = PeopleServer()
    server.add(ANA, **row)
    ((code, message),) = refused(server, member(ANA, declared))
    assert code == "LS507"
    assert message.endswith(because)


def test_the_callers_own_role_is_compared_and_never_changed():
    server = PeopleServer()
    caller = server.add(ANA, "AD")
    ((code, message),) = refused(server, member(ANA, "manager"), user_id=caller)
    assert (code, message) == (
        "LS507",
        f"the role of {ANA} is administrator, not manager: this is the owner of the token that lsops uses",
    )
    assert lines(planned(server, member(ANA, "administrator"), user_id=caller)) == []


def test_without_manual_role_management_every_difference_is_an_error():
    server = PeopleServer()
    server.organization["billing"] = {"manual_role_management": False}
    server.add(ANA, "AN")
    assert [code for code, _ in refused(server, member(ANA, "reviewer"))] == ["LS507"]
    assert lines(planned(server, member(ANA, "annotator"))) == []


def test_who_is_to_become_owner_and_is_not_there_is_an_error():
    ((code, message),) = refused(PeopleServer(), member(ANA, "owner"))
    assert (code, message) == ("LS507", f"{ANA} cannot become owner: nobody becomes owner by a manifest")


@pytest.mark.parametrize("row", [{"role": "OW"}, {"role": "AN", "role_source": "scim"}])
def test_who_is_not_ours_cannot_be_removed(row):
    server = PeopleServer()
    server.add(ANA, **row)
    assert [code for code, _ in refused(server, member(ANA, absent=True))] == ["LS507"]


@pytest.mark.parametrize("pointer", ["role", "/role"])
def test_an_ignored_role_is_no_difference(pointer):
    server = PeopleServer()
    assert lines(planned(server, member(BOSS, "manager", ignore=(pointer,)))) == []


@pytest.mark.parametrize("rules", [{"id": 2}, {"renamed_from": ANA}])
def test_an_address_cannot_be_changed(rules):
    server = PeopleServer()
    server.add(ANA)
    ((code, message),) = refused(server, member("new@example.com", **rules))
    assert (code, message) == ("LS506", f"the e-mail of {ANA} cannot be changed to new@example.com")


def test_a_list_that_cannot_be_read_is_no_reason_to_plan():
    server = PeopleServer()
    server.faults["GET", f"{HOME}/memberships"] = 403
    found = planned(server, member(ANA, "reviewer"))
    assert (found.changes, found.pending, [one.code for one in found.failures]) == ((), (), ["LS703"])


# ---- prune -------------------------------------------------------------------------------------


def test_prune_deactivates_and_counts_as_a_delete():
    server = PeopleServer()
    server.add(ANA)
    server.add("ben@example.com", "RE")
    found = planned(server, member(ANA), prune=("members",))
    (change,) = found.changes
    assert (change.symbol, change.address, change.remote_id) == ("~", "/members/ben@example.com", {"id": 3})
    assert [(one.path, one.before, one.after) for one in change.fields] == [("/role", "reviewer", "deactivated")]
    assert (found.consents, change.destroys, change.after.values) == (1, None, {"role": "deactivated"})


@pytest.mark.parametrize(("role", "consents"), [("deactivated", 1), ("DI", 1), ("not_activated", 0), ("annotator", 0)])
def test_a_role_that_is_written_out_needs_the_consent_that_prune_does(role: str, consents: int):
    server = PeopleServer()
    server.add("ben@example.com", "RE")
    found = planned(server, member("ben@example.com", role))
    assert (len(found.changes), found.consents) == (1, consents)


@pytest.mark.parametrize(
    "row",
    [
        {"role": "OW"},
        {"role": "DI"},
        {"role": "VO"},
        {"role": "NO", "invited": True},
        {"role": "AN", "role_source": "saml"},
    ],
)
def test_prune_leaves_alone(row):
    server = PeopleServer()
    server.add(ANA)
    server.add("ben@example.com", **row)
    assert lines(planned(server, member(ANA), prune=("members",))) == []


def test_prune_leaves_the_caller_alone():
    server = PeopleServer()
    caller = server.add("ben@example.com", "AD")
    server.add(ANA)
    assert lines(planned(server, member(ANA), prune=("members",), user_id=caller)) == []


# ---- writing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["manager", "MA"])
def test_a_role_is_changed_by_code_and_answered_with_the_row(role):
    server = PeopleServer()
    number = server.add(ANA)
    session, where = server.session(), Where(number, parent=1)
    row = MEMBERS.update(session, MEMBERS.encode({"role": role}, where, {}), where)
    assert MEMBERS.decode(row, {}) == {"email": ANA, "role": "manager"}
    assert server.written() == [("PATCH", f"{HOME}/memberships", {"user_id": number, "role": "MA"})]


def test_a_member_is_looked_up_in_the_list_because_a_single_one_has_no_role():
    server = PeopleServer()
    number = server.add(ANA, "RE")
    assert MEMBERS.get(server.session(), Where(number, parent=1))["role"] == "RE"


def test_a_member_that_is_gone_already_is_deleted():
    server = PeopleServer()
    number = server.add(ANA)
    where = Where(number, parent=1)
    MEMBERS.delete(server.session(), where)
    MEMBERS.delete(server.session(), where)
    assert [call[:2] for call in server.written()] == [("DELETE", f"{HOME}/memberships/{number}/")] * 2


def test_a_removal_says_that_it_cannot_be_taken_back():
    server = PeopleServer()
    server.add(ANA)
    (change,) = planned(server, member(ANA, absent=True)).changes
    assert (change.symbol, change.warnings) == (
        "-",
        ("coming back needs a new invitation; role: deactivated can be taken back",),
    )


def test_a_change_of_the_callers_row_is_refused_whatever_is_allowed():
    server = PeopleServer()
    server.add(ANA)
    (change,) = planned(server, member(ANA, "reviewer")).changes
    assert list(MEMBERS.veto(change, server.facts(user_id=CALLER))) == []
    assert reasons(MEMBERS.veto(change, server.facts(user_id=2))) == [
        ("LS807", "the change would take rights from the owner of the token that lsops uses")
    ]


def test_people_who_are_not_declared_are_unmanaged():
    server = PeopleServer()
    server.add(ANA)
    server.add("zoe@example.com")
    assert planned(server, member(ANA)).unmanaged == (
        "/members/zoe@example.com",
    )  # and the owner is nobody's to manage
    assert list(MEMBERS.validate_against(identify(Desired(()), read(server, member(ANA))), server.facts())) == []
