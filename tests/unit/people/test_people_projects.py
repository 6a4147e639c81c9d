"""Members of projects: explicit ones alone, roles as rows of their own, one call for many."""

from __future__ import annotations

import pytest

from lsops.errors import ManifestError
from lsops.kinds import Query, Where, kind
from lsops.kinds.people.project_member import role_contradictions
from lsops.model.desired import Desired
from tests.unit.people.declared import in_project, lines, member, planned, read, reasons
from tests.unit.people.server import HOME, PeopleServer

ANA, BEN = "ana@example.com", "ben@example.com"
KIND = kind("project_member")
SCANS = Where(parent=7)
MEMBERS = "/api/projects/7/members/"
PRUNE = ("projects/*/members",)


@pytest.fixture
def server():
    found = PeopleServer()
    found.add(ANA)
    found.add(BEN, "RE")
    found.projects = {7: [], 8: []}
    return found


def test_members_cost_one_paged_request_per_project_and_the_people_once(server):
    query = Query((in_project(ANA),), {"/projects/Scans": 7, "/projects/Texts": 8})
    KIND.read(server.reader(), query)
    assert sorted(server.asked()) == [
        HOME,
        f"{HOME}/memberships",
        f"{MEMBERS}paginated/",
        "/api/projects/8/members/paginated/",
    ]
    assert ("GET", f"{MEMBERS}paginated/?implicit=false&page_size=100&page=1") in server.requests


def test_more_members_than_a_page_are_read_page_by_page(server):
    server.projects[7] = [server.add(f"p{number}@example.com") for number in range(150)]
    assert len(read(server, in_project(ANA)).collections["/projects/Scans/members"].resources) == 150
    assert server.asked().count(f"{MEMBERS}paginated/") == 2


@pytest.mark.parametrize("listed", [True, False])
def test_a_role_is_read_as_a_word_also_from_servers_that_list_none(server, listed):
    server.lists_project_roles = listed
    server.projects[7] = [2, 3]
    server.give(7, 2, "RE")
    server.give(8, 3, "AN")
    found = read(server, in_project(ANA)).collections["/projects/Scans/members"].resources
    assert [(one.id, one.key, one.values["role"]) for one in found] == [(2, ANA, "reviewer"), (3, BEN, "inherit")]


@pytest.mark.parametrize(
    ("held", "declared", "plan"),
    [
        (None, None, []),
        (None, "inherit", []),
        ("RE", None, []),
        ("RE", "RE", []),
        ("RE", "reviewer", []),
        ("RE", "annotator", ["~ /projects/Scans/members/ana@example.com"]),
        ("RE", "inherit", ["~ /projects/Scans/members/ana@example.com"]),
        (None, "annotator", ["~ /projects/Scans/members/ana@example.com"]),
    ],
)
def test_only_a_declared_role_is_compared(server, held, declared, plan):
    server.projects[7] = [2]
    if held:
        server.give(7, 2, held)
    assert lines(planned(server, in_project(ANA, declared))) == plan


def test_prune_removes_explicit_members_but_not_the_caller(server):
    server.projects[7] = [1, 2, 3]
    assert lines(planned(server, in_project(ANA), prune=PRUNE)) == ["- /projects/Scans/members/ben@example.com"]


def test_a_declared_administrator_has_access_already(server):
    server.people[2]["role"] = "AD"
    assert lines(planned(server, in_project(ANA))) == []
    assert lines(planned(server, in_project(ANA, "inherit"))) == []


# ---- people ------------------------------------------------------------------------------------


def test_the_membership_of_a_pending_person_is_pending(server):
    found = planned(server, member("new@example.com", "annotator"), in_project("new@example.com", "reviewer"))
    assert found.pending == ("/members/new@example.com", "/projects/Scans/members/new@example.com")


@pytest.mark.parametrize("role", ["owner", "administrator", "manager", "MA"])
@pytest.mark.parametrize("wanted", ["annotator", "RE"])
def test_a_project_cannot_lower_a_manager_which_is_told_offline(role, wanted):
    desired = Desired((member("Ana@example.com", role), in_project(ANA, wanted)))
    ((code, message),) = reasons(role_contradictions(desired))
    assert code == "LS110"
    assert message.startswith(f"{ANA} is a")
    assert reasons(KIND.validate_offline(desired)) == [(code, message)]


@pytest.mark.parametrize(
    ("role", "wanted"), [("manager", "inherit"), ("manager", None), ("annotator", "reviewer"), (None, "annotator")]
)
def test_everything_else_is_no_contradiction(role, wanted):
    assert list(role_contradictions(Desired((member(ANA, role), in_project(ANA, wanted))))) == []


def test_a_project_cannot_lower_a_manager_of_the_live_organisation(server):
    server.people[2]["role"] = "MA"
    with pytest.raises(ManifestError) as caught:
        planned(server, in_project(ANA, "annotator"))
    assert reasons(caught.value.findings) == [
        ("LS110", f"{ANA} is a manager of the organisation and cannot be annotator of a project")
    ]


def test_who_is_no_manager_any_more_after_the_plan_may_have_a_role(server):
    server.people[2]["role"] = "MA"
    server.projects[7] = [2]
    assert lines(planned(server, member(ANA, "annotator"), in_project(ANA, "reviewer"))) == [
        "~ /members/ana@example.com",
        "~ /projects/Scans/members/ana@example.com",
    ]


def test_who_is_nowhere_is_an_error(server):
    with pytest.raises(ManifestError) as caught:
        planned(server, in_project("nobody@elsewhere.org"))
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("LS504", "invite them: write nobody@elsewhere.org under members")


# ---- writing -----------------------------------------------------------------------------------


@pytest.fixture
def names(server):
    return read(server, in_project(ANA)).names


def by_key(*items):
    return {item.key: item for item in items}


def test_many_are_added_with_their_roles_in_one_call(server, names):
    wanted = by_key(in_project(ANA, "reviewer"), in_project("BEN@example.com", "inherit"))
    KIND.create_many(server.session(), wanted, SCANS, names)
    roles = [{"user_id": 2, "role": "RE"}]
    assert server.written() == [("POST", f"{MEMBERS}bulk/", {"all": False, "included": [2, 3], "roles": roles})]


def test_without_a_role_to_give_none_is_sent(server, names):
    KIND.create_many(server.session(), by_key(in_project(ANA), in_project(BEN, "inherit")), SCANS, names)
    assert server.written() == [("POST", f"{MEMBERS}bulk/", {"all": False, "included": [2, 3]})]


def test_a_role_is_changed_by_deleting_its_row_and_giving_the_new_one(server, names):
    server.projects[7] = [2, 3]
    server.give(7, 2, "RE")
    server.give(7, 3, "AN")
    KIND.update_many(server.session(), by_key(in_project(ANA, "annotator"), in_project(BEN, "inherit")), SCANS, names)
    assert server.written() == [
        ("DELETE", "/api/projects/roles/700/", None),
        ("DELETE", "/api/projects/roles/701/", None),
        (
            "POST",
            f"{MEMBERS}bulk/",
            {"all": False, "included": [2], "roles": [{"user_id": 2, "role": "AN"}]},
        ),
    ]
    assert [(row["user"], row["role"]) for row in server.roles] == [(2, "AN")]


@pytest.mark.parametrize("shape", ["list", "object", "users", "page"])
def test_role_rows_are_taken_in_every_shape_that_a_server_gives_them(server, names, shape):
    row = {"id": 700, "project": 7, "role": "RE", "user": {"id": 2} if shape == "users" else 2}
    answer = {"list": [row], "users": [row], "object": row, "page": {"results": [row]}}[shape]
    session = server.session()
    session.get = lambda path, params=None: answer
    KIND.update_many(session, by_key(in_project(ANA, "inherit")), SCANS, names)
    assert server.written() == [("DELETE", "/api/projects/roles/700/", None)]


def test_a_role_row_that_is_gone_already_is_no_failure(server, names):
    server.projects[7] = [2]
    server.give(7, 2, "RE")
    server.faults["DELETE", "/api/projects/roles/700/"] = 404
    KIND.update_many(server.session(), by_key(in_project(ANA, "inherit")), SCANS, names)
    assert [call[0] for call in server.written()] == ["DELETE"]


def test_many_are_removed_with_one_call_that_says_whom_twice(server, names):
    server.projects[7] = [2, 3]
    session = server.session()
    KIND.delete_many(session, [KIND.from_row(row, names, "") for row in KIND.rows(session, SCANS)], SCANS, names)
    assert server.written() == [
        ("DELETE", f"{MEMBERS}bulk/?all=false&included=2%2C3", {"all": False, "included": [2, 3]})
    ]


def test_one_at_a_time_uses_the_same_calls(server, names):
    session = server.session()
    KIND.create(session, KIND.encode({"email": ANA, "role": "annotator"}, SCANS, names), SCANS)
    here = Where(2, parent=7)
    row = KIND.update(session, KIND.encode({"role": "reviewer"}, here, names), here)
    assert KIND.decode(row, names) == {"email": ANA, "role": "reviewer"}
    KIND.delete(session, here)
    assert server.projects[7] == []


@pytest.mark.parametrize(("source", "codes"), [("manual", []), (None, []), ("scim", ["LS507"])])
def test_a_role_that_an_identity_provider_gave_is_not_changed(server, source, codes):
    live = read(server, in_project(ANA))
    one = live.at("/members", "member").resources[1]
    row = {"id": 2, "email": ANA, "project_role": "RE", "project_role_source": source}
    found = KIND.objections(in_project(ANA, "annotator"), KIND.from_row(row, {}, "/projects/Scans/members"), one)
    assert [finding.code for finding in found] == codes
