from __future__ import annotations

import pytest

from tests.sandbox.conftest import RESULT, make

S3 = "/api/storages/s3/"


def stored(client, bucket, **more):
    body = {"project": 1, "bucket": bucket, "aws_access_key_id": "k", "aws_secret_access_key": "s", **more}
    return client.post(S3, json=body).json()["id"]


def sync(client, key):
    return client.post(f"/api/storages/s3/{key}/sync").json()


def test_a_sync_imports_every_object_once_and_counts_both(community):
    make(community)
    key = stored(community, "holds-3-images", prefix="day", use_blob_urls=True)
    first, second = sync(community, key), sync(community, key)
    assert (first["status"], first["last_sync_count"], first["meta"]["tasks_existed"]) == ("completed", 3, 0)
    assert (second["last_sync_count"], second["meta"]["tasks_existed"]) == (0, 3)
    task = community.get("/api/tasks/1/").json()
    assert (task["data"], task["storage_filename"]) == ({"text": "s3://holds-3-images/day/1.json"}, "day/1.json")


def test_an_object_is_read_where_links_are_not_wanted_and_a_filter_chooses(community):
    make(community)
    found = sync(community, stored(community, "holds-12-texts", regex_filter=".*1.*"))
    tasks = community.get("/api/tasks/?project=1").json()["tasks"]
    assert (found["last_sync_count"], tasks[-1]["data"]) == (4, {"text": "object 12.json"})


@pytest.mark.parametrize(("links", "number"), [(True, 3), (False, 6)])
def test_json_lines_are_a_task_each_where_they_are_read_and_one_link_else(community, links, number):
    make(community)
    key = stored(community, "holds-3-jsonl-x", use_blob_urls=links)
    first, second = sync(community, key), sync(community, key)
    assert (first["last_sync_count"], first["meta"]["tasks_existed"]) == (number, 0)
    assert (second["last_sync_count"], second["meta"]["tasks_existed"]) == (0, number)
    assert community.get("/api/tasks/?project=1").json()["total"] == number


def test_pictures_are_imported_as_links(community):
    make(community)
    assert sync(community, stored(community, "holds-2-jpg-x", use_blob_urls=True))["last_sync_count"] == 2
    assert community.get("/api/tasks/2/").json()["data"] == {"text": "s3://holds-2-jpg-x/2.jpg"}


@pytest.mark.parametrize(
    ("bucket", "more", "words"),
    [
        ("broken-x", {}, "ConnectionError"),
        ("holds-3-x", {"regex_filter": "*.jpg"}, "re.error: nothing to repeat"),
        ("holds-2-jpg-x", {}, 'UnsupportedFileFormatError: File "1.jpg" is not a JSON/JSONL/Parquet file.'),
    ],
)
def test_a_failed_sync_answers_200_with_a_traceback_and_no_count(community, bucket, more, words):
    make(community)
    failed = sync(community, stored(community, bucket, **more))
    assert (failed["status"], failed["last_sync"], failed["last_sync_count"]) == ("failed", None, None)
    assert words in failed["traceback"]


def test_enterprise_shows_how_far_an_import_is(enterprise):
    make(enterprise)
    key = stored(enterprise, "holds-10-images")
    sync(enterprise, key)
    seen = [enterprise.get(f"/api/storages/s3/{key}").json() for _ in range(2)]
    assert [(one["status"], one["last_sync_count"]) for one in seen] == [("in_progress", 5), ("completed", 10)]
    assert (seen[1]["meta"]["tasks_existed"], enterprise.get("/api/tasks/?project=1").json()["total"]) == (0, 10)


def test_an_endless_sync_stays_in_progress(enterprise):
    make(enterprise)
    key = stored(enterprise, "endless-images")
    sync(enterprise, key)
    assert {enterprise.get(f"/api/storages/s3/{key}").json()["status"] for _ in range(4)} == {"in_progress"}


def test_an_export_counts_annotations(community):
    make(community)
    community.post("/api/projects/1/import", json=[{"text": "a"}])
    community.post("/api/tasks/1/annotations/", json={"result": [RESULT]})
    body = {"project": 1, "bucket": "out", "aws_access_key_id": "k", "aws_secret_access_key": "s"}
    community.post("/api/storages/export/s3", json=body)
    assert community.post("/api/storages/export/s3/1/sync").json()["last_sync_count"] == 1
