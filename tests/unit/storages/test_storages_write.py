"""Single requests for storages: paths, bodies, and what a PATCH must have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lsops.difference import differences
from lsops.engine.planning.differ import lacking
from lsops.engine.write import Writer
from lsops.kinds import Where, kind
from lsops.manifest import Vault
from lsops.model.live import Facts
from lsops.model.pairs import Group, Pair, Pairs
from lsops.model.plan import Change, Plan
from lsops.model.resource import Resource, Secret
from tests.unit.storages.server import StorageServer

IMPORT, EXPORT = kind("import_storage"), kind("export_storage")
SIDES = [pytest.param(IMPORT, "import", id="import"), pytest.param(EXPORT, "export", id="export")]
NEW = Where(type="s3", parent=7)
PASSWORD = Secret("env", "REDIS_PASSWORD")


def storage(one, type_, values, **more):
    return Resource(
        one.name, f"/projects/P/{one.name}s/raw", "raw", {"type": type_, "title": "raw", **values}, type=type_, **more
    )


@pytest.mark.parametrize(
    ("one", "lists", "item"),
    [
        (IMPORT, "/api/storages/s3/", "/api/storages/s3/1"),
        (EXPORT, "/api/storages/export/s3", "/api/storages/export/s3/1"),
    ],
)
def test_each_call_goes_to_the_path_with_the_right_slash(one, lists, item):
    server = StorageServer()
    with server.session() as session:
        row = one.create(session, one.encode({"type": "s3", "title": "raw", "bucket": "b"}, NEW, {}), NEW)
        where = Where(row["id"], "s3", 7)
        assert one.get(session, where)["bucket"] == "b"
        assert one.update(session, one.encode({"bucket": "c"}, where, {}), where)["bucket"] == "c"
        assert [found["id"] for found in one.rows(session, where)] == [1]
        one.delete(session, where)
    assert server.requests == [
        ("POST", lists),
        ("GET", item),
        ("PATCH", item),
        ("GET", f"{lists}?project=7"),
        ("DELETE", item),
    ]
    assert server.rows[one.name.removesuffix("_storage"), "s3"] == []


@pytest.mark.parametrize(("one", "side"), SIDES)
def test_a_create_has_the_project_and_neither_has_the_type(one, side):
    values = {"type": "s3", "title": "raw", "bucket": "b"}
    assert one.encode(values, NEW, {}) == {"title": "raw", "bucket": "b", "project": 7}
    assert one.encode(values, Where(3, "s3", 7), {}) == {"title": "raw", "bucket": "b"}


@pytest.mark.parametrize("port", [6379, "6379"])
def test_a_port_travels_as_text(port):
    assert IMPORT.encode({"port": port}, Where(3, "redis", 7), {}) == {"port": "6379"}


@pytest.mark.parametrize(("one", "side"), SIDES)
def test_the_answer_to_an_update_gets_its_type_back(one, side):
    server = StorageServer()
    server.add(side, "gcs", 7, "raw", bucket="b")
    with server.session() as session:
        assert one.update(session, {"bucket": "c"}, Where(1, "gcs", 7))["type"] == "gcs"


PROJECT = Resource("project", "/projects/P", "P", {})
ABOVE = Group("/projects", "project", (Pair(PROJECT, replace(PROJECT, id=7)),))


def carry_out(server, one, side, current, values, secrets=()):
    """Make one update of the live row, as `apply` does."""
    desired = storage(one, current["type"], values, parent="/projects/P")
    live = one.from_row(current, {}, f"/projects/P/{one.name}s")
    fields = differences({"title": "raw", **values}, live.values, one.schema.fields(desired.type))
    references = {f"/{name}": values[name].reference for name in secrets}
    change = Change(
        desired.address,
        one.name,
        "update",
        remote_id={"id": live.id, "type": live.type},
        fields=fields,
        secrets=references,
        after=desired,
        before=live,
    )
    plan = Plan(Facts("", "community", "1.23.2"), (change,), pairs=Pairs(groups={"/projects": ABOVE}))
    with server.session() as session:
        Writer(session, Vault({PASSWORD: "revealed"}), plan).carry_out(change)


def test_an_update_of_redis_sends_everything_with_the_password_and_what_is_not_declared():
    server = StorageServer()
    row = server.add("import", "redis", 7, "raw", host="cache", port="6380", db=3, path="old")
    carry_out(server, IMPORT, "import", row, {"path": "new", "password": PASSWORD}, secrets=["password"])
    assert server.bodies == [
        {"title": "raw", "host": "cache", "port": "6380", "db": 3, "path": "new", "password": "revealed"}
    ]


@pytest.mark.parametrize(("one", "side"), SIDES)
def test_an_update_of_localfiles_always_has_the_path(one, side):
    server = StorageServer()
    row = server.add(side, "localfiles", 7, "raw", path="/data/a", description="old")
    carry_out(server, one, side, row, {"path": "/data/a", "description": "new"})
    assert server.bodies == [{"title": "raw", "path": "/data/a", "description": "new"}]


def test_an_update_of_another_type_sends_only_what_differs():
    server = StorageServer()
    row = server.add("import", "s3", 7, "raw", bucket="b", prefix="old/")
    carry_out(server, IMPORT, "import", row, {"bucket": "b", "prefix": "new/"})
    assert server.bodies == [{"prefix": "new/"}]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("one", "type_", "values", "missing"),
    [
        (IMPORT, "redis", {"host": "cache"}, ("password",)),
        (IMPORT, "redis", {"password": None}, ()),
        (IMPORT, "redis", {"password": "any"}, ()),
        (EXPORT, "redis", {"host": "cache"}, ()),
        (IMPORT, "localfiles", {"path": "/data"}, ()),
        (IMPORT, "s3", {"bucket": "b"}, ()),
    ],
)
def test_only_the_import_from_redis_needs_a_secret_for_an_update(one, type_, values, missing):
    found = lacking(one, storage(one, type_, values))
    assert [finding.message for finding in found] == [
        f'an update of a redis {one.schema.noun} needs "{name}"' for name in missing
    ]


# ---- testing a connection ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "path"), [(IMPORT, "/api/storages/redis/validate"), (EXPORT, "/api/storages/export/redis/validate")]
)
def test_a_new_storage_is_tested_with_its_fields_and_its_secrets(one, path):
    desired = storage(one, "redis", {"host": "cache", "port": 6379, "password": "a reference"})
    change = Change(desired.address, one.name, "create", after=desired)
    assert one.validate_request(change, revealed={"password": "pw"}, parent=7) == (
        path,
        {"title": "raw", "host": "cache", "port": "6379", "password": "pw", "project": 7},
    )


def test_a_changed_storage_is_tested_with_what_the_server_holds_beneath_and_without_its_id():
    server = StorageServer()
    row = server.add("import", "s3", 7, "raw", bucket="old", region_name="eu-central-1", meta={}, status="completed")
    current = IMPORT.from_row(row, {}, "/projects/P/import_storages")
    key = {"aws_access_key_id": Secret("env", "KEY")}
    change = changed(storage(IMPORT, "s3", {"bucket": "new", **key}), current)
    path, body = IMPORT.validate_request(change, revealed={"aws_access_key_id": "AKIA"}, parent=7)
    assert path == "/api/storages/s3/validate"
    assert body == {
        "title": "raw",
        "bucket": "new",
        "region_name": "eu-central-1",
        "aws_access_key_id": "AKIA",
        "project": 7,
    }


def test_a_changed_storage_whose_secrets_only_the_server_has_is_not_tested():
    current = IMPORT.from_row(
        {"id": 1, "type": "s3", "title": "raw", "bucket": "old"}, {}, "/projects/P/import_storages"
    )
    change = changed(storage(IMPORT, "s3", {"bucket": "new"}), current)
    assert IMPORT.validate_request(change, revealed={}, parent=7) is None


def changed(desired, current):
    live = {"id": 1, "type": "s3"}
    return Change(desired.address, IMPORT.name, "update", remote_id=live, after=desired, before=current)


def test_a_replaced_storage_is_tested_with_its_own_fields_alone():
    current = IMPORT.from_row(
        {"id": 1, "type": "gcs", "title": "raw", "prefix": "old/"}, {}, "/projects/P/import_storages"
    )
    desired = storage(IMPORT, "s3", {"bucket": "new"})
    change = Change(
        desired.address, IMPORT.name, "replace", remote_id={"id": 1, "type": "gcs"}, after=desired, before=current
    )
    _, body = IMPORT.validate_request(change, revealed={}, parent=7)
    assert body == {"title": "raw", "bucket": "new", "project": 7}
