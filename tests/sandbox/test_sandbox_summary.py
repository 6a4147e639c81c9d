from __future__ import annotations

import pytest

from tests.sandbox.conftest import CONFIG, RESULT

RENAMED = CONFIG.replace('name="c"', 'name="k"')
B = {**RESULT, "value": {"choices": ["B"]}}


@pytest.fixture
def tasks(api):
    """The project 1 with two tasks."""
    for number in (1, 2):
        api.post("/api/tasks/", json={"project": 1, "data": {"text": "a", f"own{number}": 1}})
    return api


def annotate(api, task, *results, query=""):
    return api.post(f"/api/tasks/{task}/annotations/{query}", json={"result": list(results)}).json()["id"]


def summary(api):
    return api.get("/api/projects/1/summary/").json()


def used(api):
    known = summary(api)
    return known["created_annotations"], known["created_labels"]


def test_columns_are_counted_and_common_ones_are_those_of_all(tasks):
    assert summary(tasks)["all_data_columns"] == {"text": 2, "own1": 1, "own2": 1}
    assert summary(tasks)["common_data_columns"] == ["text"]
    tasks.delete("/api/tasks/2/")
    assert summary(tasks)["all_data_columns"] == {"text": 1, "own1": 1}


def test_an_annotation_counts_the_columns_of_its_task_again(tasks):
    annotate(tasks, 1, RESULT)
    assert summary(tasks)["all_data_columns"] == {"text": 3, "own1": 2, "own2": 1}


def test_the_results_of_a_new_control_count_as_one_label_and_later_ones_each(tasks):
    annotate(tasks, 1, RESULT, RESULT)
    assert used(tasks) == ({"c|t|choices": 2}, {"c": {"A": 1}})
    annotate(tasks, 2, RESULT, B)
    assert used(tasks) == ({"c|t|choices": 4}, {"c": {"A": 2, "B": 1}})


def test_the_counts_of_a_deleted_task_stay_until_a_config_is_looked_at(tasks):
    annotate(tasks, 1, RESULT)
    tasks.delete("/api/tasks/1/")
    assert used(tasks) == ({"c|t|choices": 1}, {"c": {"A": 1}})
    assert tasks.post("/api/projects/1/validate/", json={"label_config": RENAMED}).status_code == 200
    assert used(tasks) == ({}, {})


def test_a_deleted_annotation_that_leaves_a_single_one_unprotects_that(tasks):
    annotate(tasks, 1, RESULT)
    gone = annotate(tasks, 2, B)
    tasks.delete(f"/api/annotations/{gone}/")
    assert used(tasks) == ({}, {})
    assert tasks.patch("/api/projects/1/", json={"label_config": RENAMED}).status_code == 200


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"type": "taxonomy", "value": {"taxonomy": [["A", "B"], ["A"]]}}, {"A": 2, "B": 1}),
        ({"type": "videorectangle", "value": {"labels": ["Car"]}}, {"Car": 1}),
        ({"type": "textarea", "value": {"text": ["words"]}}, {}),
        ({"type": "text", "value": {"text": ["words"]}}, {}),
        ({"type": "rating", "value": {"rating": 3}}, {}),
    ],
)
def test_labels_are_what_stands_in_a_list_below_the_type(tasks, result, expected):
    annotate(tasks, 1, {"from_name": "c", "to_name": "t", **result})
    assert summary(tasks)["created_labels"] == {"c": expected}


@pytest.mark.parametrize("result", [{"type": "relation"}, {**RESULT, "type": "pairwise"}, {"type": "choices"}])
def test_relations_and_pairs_protect_nothing(tasks, result):
    annotate(tasks, 1, result)
    assert used(tasks) == ({}, {})


@pytest.mark.parametrize("results", [["x"], [{"from_name": "c", "to_name": "t", "type": "choices"}]])
def test_a_result_without_its_form_crashes(tasks, results):
    assert tasks.post("/api/tasks/1/annotations/", json={"result": results}).status_code == 500


def test_the_query_skips_and_the_skip_stands_in_no_total(tasks):
    annotate(tasks, 1, RESULT, query="?was_cancelled=1")
    task, project = tasks.get("/api/tasks/1/").json(), tasks.get("/api/projects/1/").json()
    assert (task["total_annotations"], task["cancelled_annotations"], task["is_labeled"]) == (0, 1, False)
    assert (project["total_annotations_number"], project["skipped_annotations_number"]) == (0, 1)
    assert task["completed_at"] is None


def test_a_skip_protects_its_labels(tasks):
    annotate(tasks, 1, RESULT, query="?was_cancelled=true")
    assert tasks.patch("/api/projects/1/", json={"label_config": RENAMED}).status_code == 400
