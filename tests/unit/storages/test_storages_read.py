"""Reading storages: how many requests, and that an error is never taken for an absence."""

from __future__ import annotations

import pytest

from lsops.kinds import Query, kind
from lsops.model.address import below, join
from lsops.model.resource import Lifecycle, Resource
from tests.unit.storages.server import COMMUNITY, StorageServer

SIDES = ["import", "export"]
NO_RULES = Lifecycle()


def declared(side, type_, title, *, project="P", lifecycle=NO_RULES):
    above = join("projects", project)
    return Resource(
        kind=f"{side}_storage",
        address=below(above, f"{side}_storages", title),
        key=title,
        values={"type": type_, "title": title},
        parent=above,
        type=type_,
        lifecycle=lifecycle,
    )


def read(server, side, *desired, whole=False, edition="enterprise"):
    """The collection of project 7, called P."""
    parents = {"/projects/P": 7}
    query = Query(tuple(desired), parents, frozenset(parents) if whole else frozenset())
    found = kind(f"{side}_storage").read(server.reader(edition), query)
    assert list(found) == [f"/projects/P/{side}_storages"]
    return found[f"/projects/P/{side}_storages"]


def shown(collection):
    return [(item.type, item.id, item.key) for item in collection.resources]


def lists(server):
    return [path for _, path in server.requests]


OWN = {"import": "/api/storages/{}/?project=7", "export": "/api/storages/export/{}?project=7"}
ALL = {"import": "/api/storages/?project=7", "export": "/api/storages/export?project=7"}


@pytest.mark.parametrize("side", SIDES)
def test_one_type_is_read_from_its_own_list_in_one_request(side):
    server = StorageServer()
    server.add(side, "s3", 7, "raw")
    assert shown(read(server, side, declared(side, "s3", "raw"))) == [("s3", 1, "raw")]
    assert lists(server) == [OWN[side].format("s3")]


@pytest.mark.parametrize("side", SIDES)
def test_two_types_are_read_from_the_list_of_all_in_one_request(side):
    server = StorageServer()
    server.add(side, "s3", 7, "raw")
    server.add(side, "gcs", 7, "more")
    found = read(server, side, declared(side, "s3", "raw"), declared(side, "gcs", "more"))
    assert shown(found) == [("s3", 1, "raw"), ("gcs", 1, "more")]
    assert lists(server) == [ALL[side]]


@pytest.mark.parametrize("side", SIDES)
def test_where_every_row_matters_the_list_of_all_is_read(side):
    server = StorageServer()
    server.add(side, "s3", 7, "raw")
    server.add(side, "redis", 7, "by hand")
    found = read(server, side, declared(side, "s3", "raw"), whole=True)
    assert shown(found) == [("s3", 1, "raw"), ("redis", 1, "by hand")]
    assert lists(server) == [ALL[side]]


@pytest.mark.parametrize("side", SIDES)
def test_what_the_list_of_all_lacks_is_looked_for_in_its_own(side):
    server = StorageServer()
    server.add(side, "s3", 7, "raw")
    server.add(side, "gcs", 7, "more")
    server.hidden = {"gcs"}
    found = read(server, side, declared(side, "s3", "raw"), declared(side, "gcs", "more"))
    assert shown(found) == [("s3", 1, "raw"), ("gcs", 1, "more")]
    assert lists(server) == [ALL[side], OWN[side].format("gcs")]


@pytest.mark.parametrize("side", SIDES)
def test_an_own_list_that_fails_after_an_empty_list_of_all_is_an_error(side):
    server = StorageServer()
    server.faults = {OWN[side].format("gcs").partition("?")[0]: 500}
    found = read(server, side, declared(side, "s3", "raw"), declared(side, "gcs", "more"))
    assert found.error is not None
    assert found.error.code == "LS706"
    assert not found.resources


def test_two_storages_that_are_missing_cost_one_request_per_type():
    server = StorageServer()
    desired = [declared("import", "s3", "a"), declared("import", "s3", "b"), declared("import", "gcs", "c")]
    assert shown(read(server, "import", *desired)) == []
    assert lists(server) == [ALL["import"], OWN["import"].format("s3"), OWN["import"].format("gcs")]


@pytest.mark.parametrize("side", SIDES)
def test_a_storage_of_another_type_with_the_title_is_found(side):
    server = StorageServer()
    server.add(side, "gcs", 7, "raw")
    server.add(side, "redis", 7, "else")
    assert shown(read(server, side, declared(side, "s3", "raw"))) == [("gcs", 1, "raw")]
    assert lists(server) == [OWN[side].format("s3"), ALL[side]]


def test_a_new_storage_beside_one_that_is_there_does_not_hide_it():
    server = StorageServer()
    server.add("import", "s3", 7, "raw")
    found = read(server, "import", declared("import", "s3", "raw"), declared("import", "s3", "new"))
    assert shown(found) == [("s3", 1, "raw")]


@pytest.mark.parametrize(
    ("lifecycle", "title"),
    [(Lifecycle(renamed_from="raw"), "scans"), (Lifecycle(id=1), "scans")],
    ids=["renamed", "pinned"],
)
def test_a_storage_known_by_its_old_title_or_its_id_is_not_missing(lifecycle, title):
    server = StorageServer()
    server.add("import", "s3", 7, "raw")
    assert shown(read(server, "import", declared("import", "s3", title, lifecycle=lifecycle))) == [("s3", 1, "raw")]
    assert len(server.requests) == 1


def test_a_storage_that_should_be_absent_and_is_costs_no_further_request():
    server = StorageServer()
    server.add("import", "gcs", 7, "raw")
    found = read(server, "import", declared("import", "s3", "raw", lifecycle=Lifecycle(absent=True)))
    assert shown(found) == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("status", "code"), [(403, "LS703"), (500, "LS706"), (404, "LS704"), (401, "LS702")])
def test_a_read_that_fails_is_the_error_of_its_collection(side, status, code):
    server = StorageServer()
    server.faults = {OWN[side].format("s3").partition("?")[0]: status}
    found = read(server, side, declared(side, "s3", "raw"))
    assert found.error is not None
    assert found.error.code == code


def test_a_type_that_the_server_lacks_is_an_error_that_names_its_first_release():
    server = StorageServer()
    found = read(server, "import", declared("import", "gcs_sa", "raw"))
    assert found.error is not None
    assert found.error.code == "LS704"
    assert found.error.hint == ("the server may not have a gcs_sa import storage; it exists from release 2.34 on")


def test_a_type_of_the_other_edition_is_not_asked_for():
    server = StorageServer(COMMUNITY)
    server.add("import", "s3", 7, "raw")
    desired = [declared("import", "s3", "raw"), declared("import", "azure_spi", "blobs")]
    assert shown(read(server, "import", *desired, edition="community")) == [("s3", 1, "raw")]
    assert lists(server) == [OWN["import"].format("s3")]


def test_one_project_that_fails_leaves_the_others_readable():
    server = StorageServer()
    for project in (1, 2):
        server.add("import", "s3", project, "raw")

    def fail_second(request, answer=server.answer):
        broken = request.url.params.get("project") == "2"
        return answer(request) if not broken else type(answer(request))(403, json={"detail": "no"})

    server.answer = fail_second
    desired = (declared("import", "s3", "raw", project="A"), declared("import", "s3", "raw", project="B"))
    found = kind("import_storage").read(server.reader(), Query(desired, {"/projects/A": 1, "/projects/B": 2}))
    assert shown(found["/projects/A/import_storages"]) == [("s3", 1, "raw")]
    assert found["/projects/B/import_storages"].error.code == "LS703"


def test_200_projects_with_two_storages_take_400_requests():
    server = StorageServer()
    parents = {join("projects", f"P{number}"): number for number in range(1, 201)}
    desired = {"import": [], "export": []}
    for number in parents.values():
        for side, type_ in (("import", "azure_spi"), ("export", "gcswif")):
            server.add(side, type_, number, "data")
            desired[side].append(declared(side, type_, "data", project=f"P{number}"))
    reader = server.reader()
    found = {}
    for side in SIDES:
        found |= kind(f"{side}_storage").read(reader, Query(tuple(desired[side]), parents))
    assert len(server.requests) == 400
    assert len(found) == 400
    assert all(len(collection.resources) == 1 for collection in found.values())


def test_200_projects_with_two_types_on_each_side_take_400_requests():
    server = StorageServer()
    parents = {join("projects", f"P{number}"): number for number in range(1, 201)}
    reader = server.reader()
    for side in SIDES:
        desired = []
        for number in parents.values():
            for type_ in ("s3", "gcs"):
                server.add(side, type_, number, type_)
                desired.append(declared(side, type_, type_, project=f"P{number}"))
        kind(f"{side}_storage").read(reader, Query(tuple(desired), parents))
    assert len(server.requests) == 400


def test_a_live_storage_has_its_type_and_no_bookkeeping_and_no_secret():
    server = StorageServer()
    server.add("import", "azure_spi", 7, "raw", container="scans", client_secret="returned-after-all", last_sync=None)
    (live,) = read(server, "import", declared("import", "azure_spi", "raw")).resources
    assert dict(live.values) == {"type": "azure_spi", "title": "raw", "container": "scans"}
    assert "client_secret" not in live.raw
    assert live.raw["status"] == "initialized"


def test_a_row_without_a_title_has_an_empty_key():
    server = StorageServer()
    server.add("import", "s3", 7, None)
    server.add("import", "s3", 7, "raw")
    assert [item.key for item in read(server, "import", declared("import", "s3", "raw")).resources] == ["", "raw"]


def test_a_list_of_all_without_types_makes_no_sense():
    server = StorageServer()
    server.add("import", "s3", 7, "raw")["type"] = None
    found = read(server, "import", declared("import", "s3", "raw"), whole=True)
    assert found.error is not None
    assert found.error.code == "LS707"
