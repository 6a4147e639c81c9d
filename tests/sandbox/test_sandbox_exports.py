from __future__ import annotations

import hashlib
import io
import json
import os
import tracemalloc
import zipfile

import pytest

from lsops.sandbox.resources.exports.convert import converted
from tests.sandbox.conftest import RESULT, make

EXPORTS = "/api/projects/1/exports/"


@pytest.fixture
def annotated(community):
    """The project 1: a task that is annotated, one that is skipped, one that nobody touched."""
    make(community)
    community.post("/api/projects/1/import", json=[{"text": text} for text in "abc"])
    community.post("/api/tasks/1/annotations/", json={"result": [RESULT], "lead_time": 3.5})
    community.post("/api/tasks/2/annotations/?was_cancelled=1", json={"result": [RESULT]})
    community.post("/api/tasks/3/drafts", json={"result": [RESULT]})
    community.post("/api/predictions/", json={"task": 3, "result": [RESULT], "model_version": "m"})
    return community


def exported(client, **options):
    made = client.post(EXPORTS, json=options).json()
    return client.get(f"{EXPORTS}{made['id']}/download").json()


def test_a_snapshot_knows_the_md5_of_its_file_and_how_many_tasks_it_has(annotated):
    made = annotated.post(EXPORTS, json={}).json()
    content = annotated.get(f"{EXPORTS}{made['id']}/download").content
    assert made["md5"] == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert (made["status"], made["counters"], made["serialization_options"]) == ("completed", {"task_number": 3}, None)


def test_two_snapshots_of_the_same_are_equal_byte_for_byte(annotated):
    first, second = (annotated.post(EXPORTS, json={}).json() for _ in range(2))
    assert first["md5"] == second["md5"]
    assert [item["id"] for item in annotated.get(EXPORTS).json()] == [2, 1]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"finished": "only"}, [1]),
        ({"finished": "exclude"}, [2, 3]),
        ({"skipped": "only"}, [2]),
        ({"annotated": "exclude"}, [2, 3]),
        ({"only_with_annotations": True}, [1, 2]),
        ({"view": 1}, [3]),
        ({"view": 999}, [1, 2, 3]),
    ],
)
def test_filters_choose_the_tasks_and_an_unknown_view_none(annotated, wanted, ids):
    item = {"filter": "filter:tasks:data.text", "operator": "equal", "type": "String", "value": "c"}
    filters = {"conjunction": "and", "items": [item]}
    annotated.post("/api/dm/views/", json={"project": 1, "data": {"filters": filters}})
    assert [task["id"] for task in exported(annotated, task_filter_options=wanted)] == ids


def test_objects_stand_where_ids_would_if_they_are_asked_for(annotated):
    options = {name: {"only_id": False} for name in ("drafts", "predictions", "annotations__completed_by")}
    first, _, third = exported(annotated, serialization_options=options)
    assert first["annotations"][0]["completed_by"]["email"] == "owner@example.com"
    assert (third["drafts"][0]["result"], third["predictions"][0]["model_version"]) == ([RESULT], "m")
    assert [exported(annotated)[2][name] for name in ("drafts", "predictions")] == [[1], [1]]


def test_annotations_are_filtered_by_what_they_are(annotated):
    kept = exported(annotated, annotation_filter_options={"usual": True})
    assert [len(task["annotations"]) for task in kept] == [1, 0, 0]


@pytest.fixture
def reviewed(enterprise):
    """The project 1 with two annotated tasks; the annotation of the first was reviewed."""
    make(enterprise)
    enterprise.post("/api/projects/1/import", json=[{"text": text} for text in "ab"])
    for task in (1, 2):
        enterprise.post(f"/api/tasks/{task}/annotations/", json={"result": [RESULT]})
    enterprise.post("/api/annotation-reviews/", json={"annotation": 1, "accepted": True})
    return enterprise


def finished(client, **options):
    made = client.post(EXPORTS, json=options).json()
    while client.get(f"{EXPORTS}{made['id']}").json()["status"] != "completed":
        pass
    return client.get(f"{EXPORTS}{made['id']}/download").json()


@pytest.mark.parametrize(
    ("part", "wish", "kept"),
    [
        ("task", "only", {1: 1}),
        ("task", "exclude", {2: 1}),
        ("annotation", "only", {1: 1, 2: 0}),
        ("annotation", "exclude", {1: 0, 2: 1}),
    ],
)
def test_enterprise_filters_by_review(reviewed, part, wish, kept):
    tasks = finished(reviewed, **{f"{part}_filter_options": {"reviewed": wish}})
    assert {task["id"]: len(task["annotations"]) for task in tasks} == kept


def test_enterprise_exports_the_history_of_annotations_if_it_is_asked_for(reviewed):
    first, second = finished(reviewed, serialization_options={"include_annotation_history": True})
    assert [entry["action"] for entry in first["annotations"][0]["history"]] == ["submitted", "accepted"]
    assert [entry["action"] for entry in second["annotations"][0]["history"]] == ["submitted"]
    assert "history" not in finished(reviewed)[0]["annotations"][0]


def test_community_knows_no_reviews_and_no_history(annotated):
    asked = {"task_filter_options": {"reviewed": "?"}, "serialization_options": {"include_annotation_history": True}}
    assert "history" not in exported(annotated, **asked)[0]["annotations"][0]


def test_a_piece_of_a_file_can_be_asked_for(annotated):
    annotated.post(EXPORTS, json={})
    whole = annotated.get(f"{EXPORTS}1/download").content
    piece = annotated.get(f"{EXPORTS}1/download", headers={"Range": "bytes=10-20"})
    assert (piece.status_code, piece.content) == (206, whole[10:21])
    assert piece.headers["Content-Range"] == f"bytes 10-20/{len(whole)}"


def test_a_format_is_converted_once_and_downloaded_with_or_without(annotated):
    annotated.post(EXPORTS, json={})
    before = annotated.get(f"{EXPORTS}1/download?exportType=CSV").text
    assert before.splitlines()[0] == (
        '"annotation_id","annotator","c","created_at","id","lead_time","text","updated_at"'
    )
    convert = [annotated.post(f"{EXPORTS}1/convert", json={"export_type": "CSV"}) for _ in range(2)]
    assert [answer.status_code for answer in convert] == [200, 400]
    assert annotated.get(f"{EXPORTS}1/download?exportType=CSV").text == before
    assert annotated.get(f"{EXPORTS}1").json()["converted_formats"][0]["status"] == "completed"


@pytest.mark.parametrize("name", ["COCO", "YOLO"])
def test_what_is_made_of_images_is_an_archive(annotated, name):
    annotated.post(EXPORTS, json={})
    content = annotated.get(f"{EXPORTS}1/download?exportType={name}").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [row["id"] for row in json.loads(archive.read("result.json"))] == [1, 3]


def test_an_unknown_format_is_refused_to_convert_and_crashes_to_download(annotated):
    annotated.post(EXPORTS, json={})
    refused = annotated.post(f"{EXPORTS}1/convert", json={"export_type": "X"})
    assert refused.json()["validation_errors"] == {"export_type": ["X is not supported export format"]}
    assert annotated.get(f"{EXPORTS}1/download?exportType=X").status_code == 500


def test_a_deleted_snapshot_takes_its_files_along(annotated):
    annotated.post(EXPORTS, json={})
    annotated.post(f"{EXPORTS}1/convert", json={"export_type": "CSV"})
    assert annotated.delete(f"{EXPORTS}1").status_code == 204
    assert annotated.get(f"{EXPORTS}1/download").status_code == 404
    store = annotated._transport.app.extensions["sandbox"].store
    assert (store.count("file"), store.count("file_part")) == (0, 0)


def test_enterprise_goes_from_status_to_status_and_has_no_export_at_once(enterprise):
    make(enterprise)
    enterprise.post("/api/projects/1/import", json=[{"text": "a"}])
    seen = [enterprise.post(EXPORTS, json={}).json()["status"]]
    early = enterprise.get(f"{EXPORTS}1/download")
    seen += [enterprise.get(f"{EXPORTS}1").json()["status"] for _ in range(3)]
    assert seen == ["created", "created", "in_progress", "completed"]
    assert early.status_code == 404
    assert enterprise.get("/api/projects/1/export").status_code == 404


def test_the_export_at_once_has_annotated_tasks_or_all(annotated):
    few = annotated.get("/api/projects/1/export").json()
    every = annotated.get("/api/projects/1/export?download_all_tasks=true").json()
    assert ([task["id"] for task in few], len(every)) == ([1, 2], 3)
    assert every[2]["drafts"][0]["result"] == [RESULT]


def test_formats_that_do_not_suit_the_config_stand_last(annotated):
    listed = annotated.get("/api/projects/1/export/formats").json()
    assert [shown["name"] for shown in listed if "disabled" not in shown] == ["JSON", "JSON_MIN", "CSV", "TSV"]
    assert len(listed) == 17


def test_the_export_at_once_is_never_in_memory_as_a_whole(community):
    make(community)
    data = [{"text": os.urandom(2000).hex()} for _ in range(500)]
    for _ in range(6):
        community.post("/api/projects/1/import", json=data)
    tracemalloc.start()
    try:
        with community.stream("GET", "/api/projects/1/export?download_all_tasks=true") as answer:
            size = sum(map(len, answer.iter_bytes()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == int(answer.headers["Content-Length"])
    assert peak < 0.7 * size


def test_the_archive_of_a_format_is_made_while_tasks_are_read():
    read = []

    def tasks():
        for number in range(500):
            read.append(number)
            yield {"id": number, "data": {"text": os.urandom(1000).hex()}, "annotations": []}

    pieces = converted("YOLO", tasks, {})
    begun = [next(pieces) for _ in range(10)]
    assert len(read) <= 10
    with zipfile.ZipFile(io.BytesIO(b"".join([*begun, *pieces]))) as archive:
        assert archive.testzip() is None
        assert len(json.loads(archive.read("result.json"))) == 500
