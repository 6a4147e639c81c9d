from __future__ import annotations

import pytest

from tests.sandbox.conftest import RESULT, make

PREDICTIONS = "/api/predictions/"


@pytest.fixture
def tasks(community):
    make(community)
    community.post("/api/projects/1/import", json=[{"text": "a"}, {"text": "b"}])
    return community


@pytest.mark.parametrize("given", [[RESULT], {"choices": ["A"]}, "A"])
def test_a_result_may_be_regions_a_value_or_a_text(tasks, given):
    (made,) = tasks.post(PREDICTIONS, json={"task": 1, "result": given}).json()["result"]
    assert made == RESULT


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"result": ["This field is required."], "task": ["This field is required."]}),
        ({"task": 9, "result": []}, {"task": ['Invalid pk "9" - object does not exist.']}),
        ({"task": 1, "result": [], "score": "x"}, {"score": ["A valid number is required."]}),
    ],
)
def test_a_bad_prediction_is_refused(tasks, body, wrong):
    assert tasks.post(PREDICTIONS, json=body).json()["validation_errors"] == wrong


def test_predictions_are_listed_by_task_or_project_changed_and_deleted(tasks):
    for task in (1, 2):
        tasks.post(PREDICTIONS, json={"task": task, "result": [RESULT]})
    assert [one["id"] for one in tasks.get(f"{PREDICTIONS}?task=2").json()] == [2]
    assert len(tasks.get(f"{PREDICTIONS}?project=1").json()) == 2
    assert tasks.get(f"{PREDICTIONS}?task=9").status_code == 400
    assert tasks.patch(f"{PREDICTIONS}1/", json={"score": 0.1}).json()["score"] == 0.1
    assert [tasks.delete(f"{PREDICTIONS}1/").status_code for _ in range(2)] == [204, 404]


def test_an_import_leaves_out_what_does_not_fit_and_refuses_another_task(tasks):
    items = [{"task": 1, "result": [RESULT], "model_version": "m"}, {"task": 2, "result": "A"}, {"task": 2}]
    assert tasks.post("/api/projects/1/import/predictions", json=items).json() == {"created": 1}
    assert tasks.get("/api/projects/1/model-versions/").json() == {"m": 1}
    (message,) = tasks.post("/api/projects/1/import/predictions", json=[{"task": 9, "result": []}]).json()[
        "validation_errors"
    ]["non_field_errors"]
    assert 'contains invalid "task" field' in message
