from __future__ import annotations

import json

import pytest

from lsops.sandbox.resources.storages.fields import KINDS, TYPES, StorageKind
from tests.sandbox.conftest import make

CREDENTIALS = json.dumps({"client_email": "a@b", "token_uri": "https://b", "private_key": "k"})
NEEDED = {
    "s3": {"bucket": "scans"},
    "gcs": {"bucket": "scans", "google_application_credentials": CREDENTIALS},
    "azure": {"container": "scans", "account_name": "radiology", "account_key": "c2VjcmV0"},
    "redis": {"host": "cache", "password": "secret"},
    "localfiles": {"path": "/data/scans"},
    "s3s": {"bucket": "scans", "role_arn": "arn"},
    "gcswif": {"bucket": "scans"},
    "gcs_sa": {"bucket": "scans"},
    "azure_spi": {
        "container": "scans",
        "account_name": "radiology",
        "tenant_id": "t",
        "client_id": "c",
        "client_secret": "secret",
    },
    "databricks": {"host": "https://d", "catalog": "c", "schema": "s", "volume": "scans", "token": "secret"},
}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.side}-{kind.type.name}")
PLACES = {"azure": "container", "azure_spi": "container", "redis": "host", "databricks": "volume", "localfiles": "path"}
REFUSED = [
    ("s3", {"bucket": "missing-b"}, "Cannot find bucket missing-b in S3"),
    ("s3", {"bucket": "denied-b"}, "Cannot connect to S3 denied-b with specified AWS credentials"),
    ("s3", {"prefix": "missing-p"}, "s3://scans/missing-p not found."),
    ("gcs", {"google_application_credentials": "{}"}, "missing fields client_email, token_uri."),
    ("gcs", {"google_application_credentials": "x"}, "must be valid JSON string. Expecting value: line 1 column 1"),
    ("gcs", {"bucket": "missing-b"}, "The specified bucket does not exist."),
    ("gcs", {"bucket": "denied-b"}, "Permission 'storage.buckets.get' denied"),
    ("gcs", {"prefix": "missing-p"}, "No blobs found in scans/missing-p or prefix doesn't exist"),
    ("azure", {"account_key": None}, "Azure account name and key must be set using environment variables"),
    ("azure", {"account_key": "abc"}, "Incorrect padding"),
    ("azure", {"container": "missing-c"}, "Container not found: missing-c"),
    ("azure", {"container": "denied-c"}, "Server failed to authenticate the request."),
    ("redis", {"host": "missing-h"}, "Can't connect to Redis server."),
    ("redis", {"host": ""}, "Can't connect to Redis server."),
    ("redis", {"db": 0}, "Can't connect to Redis server."),
    ("redis", {"password": "denied-p"}, "Can't connect to Redis server."),
    ("localfiles", {"path": ""}, "Path must be set for Local Files storage"),
    ("localfiles", {"path": "data"}, 'Absolute local path "data" does not exist'),
    ("localfiles", {"path": "/data/missing-d"}, 'Absolute local path "/data/missing-d" does not exist'),
    ("localfiles", {"path": "/denied-d"}, "must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT"),
    ("localfiles", {"path": "/data"}, 'cannot be the same as LOCAL_FILES_DOCUMENT_ROOT="/data"'),
    ("localfiles", {"path": "/data/"}, 'cannot be the same as LOCAL_FILES_DOCUMENT_ROOT="/data"'),
    ("localfiles", {"path": "/etc"}, 'path "/etc" must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT="/data"'),
    ("localfiles", {"path": "/data/../etc"}, 'path "/etc" must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT="/data"'),
    ("localfiles", {"path": "/database"}, "must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT"),
    ("azure_spi", {"client_secret": ""}, "client_secret must be set"),
    ("databricks", {"token": ""}, "token must be set"),
    ("databricks", {"auth_type": "dbx_sp"}, "client_id, client_secret must be set"),
    ("databricks", {"volume": "missing-v"}, "Volume /Volumes/c/s/missing-v does not exist"),
    ("databricks", {"volume": "denied-v"}, "Cannot connect to Databricks volume"),
    ("databricks", {"prefix": "missing-p"}, "No files found in /Volumes/c/s/scans/missing-p"),
]


def kind_of(side: str, name: str) -> StorageKind:
    return next(kind for kind in KINDS if (kind.side, kind.type.name) == (side, name))


def lists(kind: StorageKind) -> str:
    return f"{kind.root}/" if kind.imports else kind.root


def add(client, kind: StorageKind, **fields):
    """A new storage of project 1, as its POST answers."""
    answer = client.post(lists(kind), json={"project": 1, **NEEDED[kind.type.name], **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def problem(answer) -> str:
    assert answer.status_code == 400, answer.text
    return answer.json()["validation_errors"]["non_field_errors"][0]


@pytest.fixture
def api(enterprise):
    make(enterprise)
    return enterprise


@every_kind
def test_a_storage_is_made_shown_listed_and_deleted_without_its_secrets(api, kind):
    made = add(api, kind, title=" raw ")
    shown = api.get(f"{kind.root}/1").json()
    assert (made["id"], made["type"], made["title"], made["project"]) == (1, kind.type.name, "raw", 1)
    assert not kind.type.hidden & shown.keys()
    assert shown.keys() == made.keys() == (kind.fields().keys() | {"id", "type", "created_at"}) - kind.type.hidden
    assert api.get(lists(kind), params={"project": 1}).json() == [shown]
    assert api.delete(f"{kind.root}/1").status_code == 204
    gone = api.delete(f"{kind.root}/1")
    assert (gone.status_code, gone.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert add(api, kind)["id"] == 2


@every_kind
def test_only_enterprise_has_the_types_of_enterprise(community, kind):
    make(community)
    status = community.get(lists(kind), params={"project": 1}).status_code
    assert status == (404 if kind.type.enterprise else 200)


@every_kind
def test_a_list_needs_a_project_that_exists(api, kind):
    assert problem(api.get(lists(kind))) == 'query parameter "project" is required'
    missing = api.get(lists(kind), params={"project": 99})
    assert missing.status_code == 404
    assert missing.headers["content-type"].startswith("application/json" if kind.imports else "text/html")


@pytest.mark.parametrize(("name", "fields", "words"), REFUSED)
def test_what_cannot_be_reached_is_refused_with_the_servers_words(api, name, fields, words):
    answer = api.post(f"/api/storages/{name}/", json={"project": 1, **NEEDED[name], **fields})
    assert words in problem(answer)
    assert api.get("/api/storages/", params={"project": 1}).json() == []


def test_the_lists_of_all_types_hide_every_error(api):
    for kind in KINDS:
        add(api, kind)
    for path, side in (("/api/storages/", "import"), ("/api/storages/export", "export")):
        listed = api.get(path, params={"project": 1}).json()
        assert [row["type"] for row in listed] == [one.name for one in TYPES], side
        assert [api.get(path, params=query).json() for query in ({}, {"project": 9}, {"project": "x"})] == [[], [], []]


def test_ids_are_counted_per_type_and_side_and_by_two_types_for_both_sides(api):
    ids = {(kind.side, kind.type.name): add(api, kind)["id"] for kind in KINDS}
    assert {key for key, number in ids.items() if number == 2} == {("export", "redis"), ("export", "localfiles")}
    assert set(ids.values()) == {1, 2}


def test_deleting_a_project_takes_its_storages_with_it(api):
    for kind in KINDS:
        add(api, kind)
    api.delete("/api/projects/1/")
    assert {api.get(f"{kind.root}/{number}").status_code for kind in KINDS for number in (1, 2)} == {404}


@every_kind
def test_an_update_keeps_what_it_omits_and_its_answer_lacks_the_type(api, kind):
    number = add(api, kind, description="kept")["id"]
    place = {
        name: NEEDED[kind.type.name][name] for name in ("host", "password", "path") if name in NEEDED[kind.type.name]
    }
    changed = api.patch(f"{kind.root}/{number}", json={**place, "title": "new"}).json()
    assert (changed["title"], changed["description"], "type" in changed) == ("new", "kept", False)


def test_a_storage_moves_to_another_project(api):
    make(api)
    add(api, kind_of("import", "s3"))
    assert api.patch("/api/storages/s3/1", json={"project": 2}).json()["project"] == 2
    assert api.get("/api/storages/s3/", params={"project": 1}).json() == []
    assert api.patch("/api/storages/s3/1", json={"project": None}).status_code == 400


@pytest.mark.parametrize("lost", ["host", "port", "password"])
def test_a_redis_import_is_changed_only_with_all_that_its_redis_needs(api, lost):
    whole = {"host": "cache", "port": 6380, "password": "secret"}
    add(api, kind_of("import", "redis"), **whole)
    partial = {name: value for name, value in whole.items() if name != lost}
    assert (
        problem(api.patch("/api/storages/redis/1", json={**partial, "title": "x"})) == "Can't connect to Redis server."
    )
    assert api.patch("/api/storages/redis/1", json={**whole, "title": "x"}).json()["port"] == "6380"
    assert api.patch("/api/storages/redis/1", json={**whole, "password": "another"}).status_code == 200


def test_a_redis_export_is_changed_untested(api):
    add(api, kind_of("export", "redis"))
    assert api.patch("/api/storages/export/redis/1", json={"host": "10.9.9.9"}).status_code == 200


@pytest.mark.parametrize("side", ["import", "export"])
def test_another_container_needs_the_client_secret_again(api, side):
    kind = kind_of(side, "azure_spi")
    add(api, kind)
    item = f"{kind.root}/1"
    assert api.patch(item, json={"container": "scans", "title": "x"}).status_code == 200
    assert problem(api.patch(item, json={"container": "other"})) == "client_secret must be set"
    assert api.patch(item, json={"container": "other", "client_secret": "s"}).json()["container"] == "other"


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_secret_erases_the_one_that_was_kept(api, empty):
    add(api, kind_of("import", "azure"))
    answer = api.patch("/api/storages/azure/1", json={"account_key": empty})
    assert "must be set" in problem(answer)
    add(api, kind_of("export", "azure"))
    assert api.patch("/api/storages/export/azure/1", json={"account_key": empty}).status_code == 200
    assert api.post("/api/storages/export/azure/1/sync").status_code == 500


def test_a_new_storage_can_borrow_the_secrets_of_another(api):
    add(api, kind_of("import", "gcs"))
    borrowed = api.post("/api/storages/gcs/", json={"project": 1, "bucket": "scans", "id": 1})
    assert borrowed.status_code == 201
    rows = api._transport.app.extensions["sandbox"].store.find("storage")
    assert [row["google_application_credentials"] for row in rows] == [CREDENTIALS] * 2
    assert api.post("/api/storages/gcs/", json={"project": 1, "bucket": "scans", "id": 9}).status_code == 500


@every_kind
def test_a_connection_is_tested_without_being_saved_unless_it_has_an_id(api, kind):
    add(api, kind, title="kept")
    body = {"project": 1, **NEEDED[kind.type.name], "title": "tested"}
    answer = api.post(f"{kind.root}/validate", json=body)
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (200, b"", None)
    assert api.get(f"{kind.root}/1").json()["title"] == "kept"
    assert api.post(f"{kind.root}/validate", json={**body, "id": 1}).status_code == 200
    assert api.get(f"{kind.root}/1").json()["title"] == "tested"
    place = PLACES.get(kind.type.name, "bucket")
    assert (
        api.post(
            f"{kind.root}/validate", json={**body, place: "/denied-x" if place == "path" else "denied-x"}
        ).status_code
        == 400
    )


@every_kind
def test_a_sync_goes_from_status_to_status_on_enterprise(api, kind):
    made = add(api, kind)
    assert made["status"] == ("initialized" if kind.imports else "queued")
    before = api.get(f"{kind.root}/1").json()
    assert before["status"] == ("initialized" if kind.imports else "completed")
    seen = [api.post(f"{kind.root}/1/sync").json(), *(api.get(f"{kind.root}/1").json() for _ in range(3))]
    assert [row["status"] for row in seen] == ["queued", "in_progress", "completed", "completed"]
    assert seen[0]["last_sync_job"]
    assert (seen[-1]["last_sync_count"], seen[-1]["last_sync"] is None) == (0, False)


def test_a_status_that_a_client_wrote_does_not_move(api):
    add(api, kind_of("import", "s3"), status="queued")
    assert [api.get("/api/storages/s3/1").json()["status"] for _ in range(2)] == ["queued", "queued"]


def test_a_sync_fails_as_the_server_lets_it(community):
    make(community)
    kind = kind_of("import", "s3")
    add(community, kind, synchronizable=False)
    refused = community.post("/api/storages/s3/1/sync")
    assert (refused.status_code, refused.json()) == (400, {"message": "Storage 1 is not synchronizable"})
    add(community, kind, bucket="broken-b")
    failed = community.post("/api/storages/s3/2/sync")
    assert (failed.status_code, failed.json()["status"]) == (200, "failed")
    assert failed.json()["traceback"].startswith("Traceback")
    community.patch("/api/storages/s3/2", json={"prefix": "missing-p"})
    assert community.post("/api/storages/s3/2/sync").status_code == 500


def test_a_storage_of_a_project_that_another_person_keeps_to_themselves_does_not_exist(connect, tmp_path):
    from lsops.sandbox import add_user

    db = tmp_path / "sandbox.db"
    owner = connect(db)
    make(owner)
    add(owner, kind_of("import", "s3"))
    token = add_user(db, "ana@example.com", "administrator")
    other = connect(db, headers={"Authorization": f"Token {token}"})
    assert other.get("/api/storages/s3/1").status_code == 404
    assert other.get("/api/storages/s3/", params={"project": 1}).status_code == 404
