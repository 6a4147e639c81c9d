from __future__ import annotations

import pytest

from tests.sandbox.conftest import CONFIG, RESULT

WITHOUT_A = CONFIG.replace('<Choice value="A"/>', "")
RENAMED = CONFIG.replace('name="c"', 'name="k"')
DRAFTS = "/api/tasks/1/drafts"


@pytest.fixture
def drafted(api):
    """The project 1 with a task that has a draft."""
    api.post("/api/tasks/", json={"project": 1, "data": {"text": "a"}})
    assert api.post(DRAFTS, json={"result": [RESULT]}).status_code == 201
    return api


def refusal(api, config):
    return api.post("/api/projects/1/validate/", json={"label_config": config}).json()["validation_errors"]


def labels(api):
    return api.get("/api/projects/1/summary/").json()["created_labels_drafts"]


def test_a_draft_protects_its_labels_from_validate_and_not_from_an_update(drafted):
    (message,) = refusal(drafted, WITHOUT_A)["non_field_errors"]
    assert message == (
        'These labels still exist in annotations or drafts:\nA (1 draft)\nPlease add labels to tag with name="c".'
    )
    assert drafted.patch("/api/projects/1/", json={"label_config": WITHOUT_A}).status_code == 200


def test_a_draft_protects_its_control_from_both(drafted):
    message = 'There are 1 annotation(s) created with tag "c", you can\'t remove it'
    assert refusal(drafted, RENAMED) == {"non_field_errors": [message]}
    response = drafted.patch("/api/projects/1/", json={"label_config": RENAMED})
    assert response.json()["validation_errors"] == {"label_config": [message]}


def test_annotations_and_drafts_are_told_apart(drafted):
    annotation = drafted.post("/api/tasks/1/annotations/", json={"result": [RESULT]}).json()["id"]
    drafted.post(f"/api/tasks/1/annotations/{annotation}/drafts", json={"result": [RESULT]})
    assert "A (1 annotation, 2 drafts)" in refusal(drafted, WITHOUT_A)["non_field_errors"][0]


def test_a_draft_stands_in_its_task_and_in_no_total(drafted):
    task, project = drafted.get("/api/tasks/1/").json(), drafted.get("/api/projects/1/").json()
    assert (len(task["drafts"]), task["draft_exists"], task["total_annotations"]) == (1, True, 0)
    assert (project["total_annotations_number"], project["skipped_annotations_number"]) == (0, 0)


def test_a_changed_draft_counts_again_and_the_last_that_goes_takes_all_along(drafted):
    drafted.patch("/api/drafts/1/", json={"result": [RESULT]})
    assert labels(drafted) == {"c": {"A": 2}}
    assert drafted.delete("/api/drafts/1/").status_code == 204
    assert labels(drafted) == {}


def test_a_draft_becomes_an_annotation(drafted):
    made = drafted.post("/api/tasks/1/annotations/", json={"result": [RESULT], "draft_id": 1}).json()
    assert made["draft_created_at"]
    assert drafted.get(DRAFTS).json() == []


def test_a_saved_annotation_ends_its_drafts(drafted):
    drafted.post("/api/tasks/1/annotations/", json={"result": []})
    drafted.post("/api/tasks/1/annotations/1/drafts", json={"result": [RESULT]})
    drafted.patch("/api/annotations/1/", json={"result": [RESULT]})
    assert [draft["annotation"] for draft in drafted.get(DRAFTS).json()] == [None]


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/tasks/9/drafts", "Task matching query does not exist."),
        ("/api/tasks/1/annotations/9/drafts", "FOREIGN KEY constraint failed"),
    ],
)
def test_a_draft_of_nothing_crashes(drafted, path, detail):
    response = drafted.post(path, json={"result": []})
    assert (response.status_code, response.json()["detail"]) == (500, detail)


def test_a_worker_may_draft(crew):
    project = crew["OW"].post("/api/projects/", json={"title": "Work", "label_config": CONFIG}).json()["id"]
    task = crew["OW"].post("/api/tasks/", json={"project": project, "data": {"text": "a"}}).json()["id"]
    assert crew["AN"].post(f"/api/tasks/{task}/drafts", json={"result": []}).status_code == 201
    assert crew["NO"].post(f"/api/tasks/{task}/drafts", json={"result": []}).status_code == 403
