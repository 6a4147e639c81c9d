"""Members of workspaces: one list per workspace, one call for many, owners and administrators left alone."""

from __future__ import annotations

import pytest

from lsops.errors import ManifestError, Rejected, ServerFault
from lsops.kinds import Query, Where, kind
from tests.unit.people.declared import in_workspace, lines, member, planned, read, reasons
from tests.unit.people.server import HOME, PeopleServer

ANA, BEN = "ana@example.com", "ben@example.com"
KIND = kind("workspace_member")
WARD = Where(parent=4)
LIST = "/api/workspaces/4/memberships/"
PRUNE = ("workspaces/*/members",)


@pytest.fixture
def server():
    found = PeopleServer()
    found.add(ANA)
    found.add(BEN, "MA")
    found.workspaces = {4: [], 5: []}
    return found


def test_memberships_cost_one_request_per_workspace_and_the_people_once(server):
    wanted = (in_workspace(ANA), in_workspace(BEN, workspace="Lab"))
    query = Query(wanted, {"/workspaces/Ward": 4, "/workspaces/Lab": 5})
    found = KIND.read(server.reader(), query)
    assert list(found) == ["/members", "/workspaces/Ward/members", "/workspaces/Lab/members"]
    assert sorted(server.asked()) == [HOME, f"{HOME}/memberships", LIST, "/api/workspaces/5/memberships/"]


def test_people_are_read_even_where_no_workspace_exists_yet(server):
    found = KIND.read(server.reader(), Query((), {}))
    assert [one.key for one in found["/members"].resources] == ["boss@example.com", ANA, BEN]


def test_who_is_missing_is_added_and_who_is_there_is_not(server):
    server.workspaces[4] = [3]
    assert lines(planned(server, in_workspace(ANA), in_workspace("BEN@example.com"))) == [
        "+ /workspaces/Ward/members/ana@example.com"
    ]


@pytest.mark.parametrize("role", ["OW", "AD"])
def test_owners_and_administrators_are_neither_listed_nor_removed_nor_added(server, role):
    server.people[2]["role"] = role
    server.workspaces[4] = [1, 2, 3]
    assert planned(server, in_workspace(BEN)).unmanaged == ()
    assert lines(planned(server, in_workspace(BEN), prune=PRUNE)) == []
    server.workspaces[4] = [3]
    assert lines(planned(server, in_workspace(ANA), in_workspace(BEN))) == []


def test_an_administrator_cannot_be_removed_from_a_workspace(server):
    server.people[2]["role"] = "AD"
    with pytest.raises(ManifestError) as caught:
        planned(server, in_workspace(ANA, absent=True))
    assert reasons(caught.value.findings) == [
        ("LS507", f"{ANA} cannot be removed: owners and administrators have access everywhere")
    ]


def test_prune_removes_the_others_but_not_the_caller(server):
    server.workspaces[4] = [2, 3]
    assert lines(planned(server, in_workspace(ANA), prune=PRUNE)) == ["- /workspaces/Ward/members/ben@example.com"]
    assert lines(planned(server, in_workspace(ANA), prune=PRUNE, user_id=3, role="manager")) == []


# ---- people ------------------------------------------------------------------------------------


@pytest.mark.parametrize("invited", [True, False])
def test_the_membership_of_a_pending_person_is_pending(server, invited):
    if invited:
        server.add("new@example.com", "NO", invited=True)
    found = planned(server, member("new@example.com", "annotator"), in_workspace("new@example.com"))
    assert found.pending == ("/members/new@example.com", "/workspaces/Ward/members/new@example.com")
    assert found.changes == ()


def test_an_invited_person_is_pending_without_an_entry_in_members(server):
    server.add("new@example.com", "NO", invited=True)
    assert planned(server, in_workspace("new@example.com")).pending == ("/workspaces/Ward/members/new@example.com",)


@pytest.mark.parametrize("rules", [{}, {"absent": True}])
def test_who_is_nowhere_is_an_error_with_a_suggestion(server, rules):
    if rules:
        assert lines(planned(server, in_workspace("anna@example.com", **rules))) == []
        return
    with pytest.raises(ManifestError) as caught:
        planned(server, in_workspace("anna@example.com"))
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("LS504", f'did you mean "{ANA}"?')
    assert finding.message == '"anna@example.com" is neither in the organisation nor in members'


def test_where_an_identity_provider_fills_workspaces_a_difference_is_an_error_and_prune_skips_it(server):
    server.organization["billing"] = {"manual_workspace_management": False}
    server.workspaces[4] = [3]
    with pytest.raises(ManifestError) as caught:
        planned(server, in_workspace(ANA))
    assert [finding.code for finding in caught.value.findings] == ["LS507"]
    server.workspaces[4] = [2, 3]
    assert lines(planned(server, in_workspace(ANA), prune=PRUNE)) == []


def test_people_that_cannot_be_read_are_no_reason_to_plan(server):
    server.faults["GET", HOME] = 403
    found = planned(server, in_workspace(ANA))
    assert (found.changes, [one.address for one in found.failures]) == ((), ["/workspaces/Ward/members"])


def test_a_manager_cannot_leave_a_workspace_by_lsops(server):
    server.workspaces[4] = [3]
    (change,) = planned(server, in_workspace(BEN, absent=True), user_id=3, role="manager").changes
    assert [one.code for one in KIND.veto(change, server.facts(user_id=3, role="manager"))] == ["LS807"]
    assert list(KIND.veto(change, server.facts(user_id=3, role="administrator"))) == []
    assert list(KIND.veto(change, server.facts(user_id=2, role="manager"))) == []


# ---- writing -----------------------------------------------------------------------------------


def test_many_are_added_and_removed_with_one_call_each(server):
    names = read(server, in_workspace(ANA)).names
    session = server.session()
    KIND.create_many(session, {item.key: item for item in (in_workspace(ANA), in_workspace(BEN))}, WARD, names)
    assert server.workspaces[4] == [2, 3]
    found = [KIND.from_row(row, names, "") for row in KIND.rows(session, WARD)]
    KIND.delete_many(session, found, WARD, names)
    both = {"all": False, "included": [2, 3]}
    assert server.written() == [
        ("POST", f"{LIST}bulk/", both),
        ("DELETE", f"{LIST}bulk/?all=false&included=2%2C3", both),
    ]


def test_a_removal_that_answers_with_an_error_and_worked_is_done(server):
    server.faults["DELETE", f"{LIST}bulk/"] = 500
    KIND.delete(server.session(), Where(2, parent=4))
    server.workspaces[4] = [2]
    with pytest.raises(ServerFault):
        KIND.delete(server.session(), Where(2, parent=4))


def test_a_refused_call_is_told(server):
    server.faults["POST", f"{LIST}bulk/"] = 400
    names = read(server, in_workspace(ANA)).names
    with pytest.raises(Rejected):
        KIND.create_many(server.session(), {ANA: in_workspace(ANA)}, WARD, names)


def test_one_is_added_with_the_answer_read_from_the_list(server):
    names = read(server, in_workspace(ANA)).names
    row = KIND.create(server.session(), KIND.encode({"email": ANA}, WARD, names), WARD)
    assert (row["id"], KIND.decode(row, names)) == (2, {"email": ANA})
