from __future__ import annotations

import pytest

from tests.sandbox.conftest import RESULT, make

NEXT = "/api/projects/1/next"
IDENTITY = "11111111-1111-4111-8111-111111111111"
ANNOTATIONS = "/api/tasks/1/annotations/"


@pytest.fixture
def labelled(community):
    make(community, skip_queue="REQUEUE_FOR_ME")
    community.post("/api/projects/1/import", json=[{"text": text} for text in "abc"])
    return community


def test_tasks_come_in_their_order_and_then_those_that_were_skipped(labelled):
    labelled.post(f"{ANNOTATIONS}?was_cancelled=1", json={"result": []})
    seen = []
    for _ in range(2):
        task = labelled.get(NEXT).json()
        seen.append((task["id"], task["queue"]))
        labelled.post(f"/api/tasks/{task['id']}/annotations/", json={"result": [RESULT]})
    assert seen == [(2, "Sequence queue"), (3, "Sequence queue")]
    assert labelled.get(NEXT).json()["queue"] == "Skipped queue"


def test_where_nothing_is_left_the_caller_is_named(labelled):
    for task in (1, 2, 3):
        labelled.post(f"/api/tasks/{task}/annotations/", json={"result": [RESULT]})
    answer = labelled.get(NEXT)
    assert (answer.status_code, answer.json()["detail"]) == (404, "There are no tasks for owner@example.com")


def test_an_order_of_the_body_decides_over_the_queue(labelled):
    body = {"ordering": ["-tasks:id"], "selectedItems": {"all": True, "excluded": []}}
    assert labelled.post("/api/dm/actions/?id=next_task&project=1", json=body).json()["id"] == 3


def test_a_history_knows_what_became_of_each_task(labelled):
    labelled.get(NEXT)
    made = labelled.post(ANNOTATIONS, json={"result": [RESULT]}).json()["id"]
    labelled.get(NEXT)
    assert labelled.get("/api/projects/1/label-stream-history/").json() == [
        {"taskId": 1, "annotationId": made},
        {"taskId": 2, "annotationId": None},
    ]


def test_an_annotation_is_made_in_the_name_of_another_and_with_an_identity_once(labelled):
    labelled.post("/api/users/", json={"username": "u", "email": "u@example.com"})
    body = {"result": [RESULT], "completed_by": 2, "unique_id": IDENTITY, "import_id": 5}
    made = labelled.post(ANNOTATIONS, json=body).json()
    assert (made["completed_by"], made["updated_by"], made["import_id"]) == (2, 1, 5)
    again = labelled.post(ANNOTATIONS, json=body)
    assert (again.status_code, again.json()["detail"]) == (409, "Annotation with this unique id already exists")
    (task,) = labelled.get("/api/projects/1/export").json()
    assert task["annotations"][0]["unique_id"] == IDENTITY


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"completed_by": 99}, {"completed_by": ['Invalid pk "99" - object does not exist.']}),
        ({"completed_by": None}, {"completed_by": ["This field may not be null."]}),
        ({"import_id": "x"}, {"import_id": ["A valid biginteger is required."]}),
        ({"last_action": "x"}, {"last_action": ['"x" is not a valid choice.']}),
    ],
)
def test_what_an_annotation_names_must_be_there(labelled, body, wrong):
    answer = labelled.post(ANNOTATIONS, json={"result": [RESULT], **body})
    assert answer.json()["validation_errors"] == wrong


def test_a_task_has_one_ground_truth(labelled):
    for _ in range(2):
        labelled.post(ANNOTATIONS, json={"result": [RESULT], "ground_truth": True})
    assert [one["ground_truth"] for one in labelled.get(ANNOTATIONS).json()] == [False, True]


def test_an_annotation_turns_into_a_draft(labelled):
    labelled.post(ANNOTATIONS, json={"result": [RESULT]})
    answer = labelled.post("/api/annotations/1/convert-to-draft", json={})
    assert (answer.status_code, answer.json()["result"]) == (201, [RESULT])
    assert labelled.get(ANNOTATIONS).json() == []
    assert labelled.get("/api/tasks/1/").json()["is_labeled"] is False


def test_an_import_takes_what_is_the_tasks_own(labelled):
    labelled.post(
        "/api/projects/1/import", json=[{"data": {"text": "d"}, "inner_id": 77, "overlap": 3, "meta": {"m": 1}}]
    )
    task = labelled.get("/api/tasks/4/").json()
    assert (task["inner_id"], task["overlap"], task["meta"]) == (4, 1, {"m": 1})
