from __future__ import annotations

import pytest

from tests.sandbox.conftest import RESULT, make

OTHER = {**RESULT, "value": {"choices": ["B"]}}


@pytest.fixture
def listed(community):
    """Tasks with numbers and texts; the first is annotated and predicted, the second skipped."""
    make(community)
    rows = [{"text": "Anna", "n": 1}, {"text": "ben", "n": 10}, {"text": "", "n": 2.5}, {"text": "Cleo"}]
    community.post("/api/projects/1/import", json=rows)
    community.post("/api/tasks/1/annotations/", json={"result": [RESULT], "lead_time": 4})
    community.post("/api/tasks/2/annotations/?was_cancelled=true", json={"result": [OTHER]})
    community.post("/api/predictions/", json={"task": 1, "result": [OTHER], "score": 0.5, "model_version": "m-1"})
    community.patch("/api/projects/1/", json={"model_version": "m-1"})
    return community


def item(column, operator, value, kind="String"):
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}


def shown(client, *items, conjunction="and", **more):
    data = {"filters": {"conjunction": conjunction, "items": list(items)}, **more}
    view = client.post("/api/dm/views/", json={"project": 1, "data": data}).json()["id"]
    answer = client.get(f"/api/tasks/?view={view}")
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json()["tasks"]]


@pytest.mark.parametrize(
    ("one", "ids"),
    [
        (item("data.text", "equal", "ben"), [2]),
        (item("data.text", "not_equal", "ben"), [1, 3, 4]),
        (item("data.text", "contains", "N"), [1, 2]),
        (item("data.text", "not_contains", "n"), [3, 4]),
        (item("data.text", "empty", "true"), [3]),
        (item("data.text", "regex", "^[A-C]"), [1, 4]),
        (item("data.text", "regex", "("), []),
        (item("data.text", "in_list", ["ben", "Cleo"]), [2, 4]),
        (item("data.n", "greater", 2, "Number"), [2, 3]),
        (item("data.n", "in", {"min": 1, "max": 3}, "Number"), [1, 3]),
        (item("data.n", "empty", "True", "Number"), [4]),
        (item("id", "less_or_equal", 2, "Number"), [1, 2]),
        (item("total_annotations", "equal", 1, "Number"), [1]),
        (item("cancelled_annotations", "empty", "false", "Number"), [2]),
        (item("annotators", "contains", 1, "List"), [1, 2]),
        (item("annotators", "empty", "true", "List"), [3, 4]),
        (item("annotations_results", "contains", '"choices": ["A"]'), [1]),
        (item("predictions_results", "empty", "true"), [2, 3, 4]),
        (item("predictions_model_versions", "contains", ["m-1"], "List"), [1]),
        (item("predictions_score", "greater", 0.4, "Number"), [1]),
        (item("annotations_ids", "contains", "1 7"), [1]),
        (item("is_labeled", "equal", "true", "Boolean"), [1]),
        (item("updated_by", "contains", 1, "List"), [1, 2]),
        (item("created_at", "less", "2020-01-01T00:00:00.000Z", "Datetime"), []),
        (item("data.it's", "equal", "x' OR 1=1 --"), []),
    ],
)
def test_a_filter_chooses_tasks(listed, one, ids):
    assert shown(listed, one) == ids


def test_filters_are_joined_by_and_or_by_or_and_a_child_narrows_its_parent(listed):
    first, second = item("data.text", "contains", "n"), item("data.n", "greater", 5, "Number")
    assert shown(listed, first, second) == [2]
    assert shown(listed, item("id", "equal", 4, "Number"), second, conjunction="or") == [2, 4]
    assert shown(listed, {**first, "child_filter": second}) == [2]


@pytest.mark.parametrize(
    ("ordering", "ids"),
    [
        (["tasks:data.text"], [3, 1, 4, 2]),
        (["-tasks:id"], [4, 3, 2, 1]),
        (["tasks:data.n"], [1, 3, 2, 4]),
        (["-tasks:data.n"], [2, 3, 1, 4]),
        (["-tasks:total_predictions"], [1, 2, 3, 4]),
    ],
)
def test_an_order_sorts_tasks_and_nothing_comes_last(listed, ordering, ids):
    assert shown(listed, ordering=ordering) == ids


def test_a_selection_of_the_body_narrows_further(listed):
    query = '{"selectedItems": {"all": true, "excluded": [1, 3]}}'
    assert [
        task["id"] for task in listed.get("/api/tasks/", params={"project": 1, "query": query}).json()["tasks"]
    ] == [
        2,
        4,
    ]


def test_totals_are_those_of_what_is_shown(listed):
    query = '{"filters": {"conjunction": "and", "items": [%s]}}'
    one = '{"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 1}'
    answer = listed.get("/api/tasks/", params={"project": 1, "query": query % one}).json()
    assert (answer["total"], answer["total_annotations"], answer["total_predictions"]) == (3, 0, 0)


def test_all_fields_are_shown_where_they_are_asked_for(listed):
    bare = listed.get("/api/tasks/?project=1").json()["tasks"][0]
    full = listed.get("/api/tasks/?project=1&fields=all").json()["tasks"][0]
    assert "annotations" not in bare
    assert (full["annotations"][0]["completed_by"], full["predictions"][0]["score"]) == (1, 0.5)
    assert (full["avg_lead_time"], full["predictions_model_versions"]) == (4.0, "m-1")
    assert full["annotations_results"] == "[{from_name: c, to_name: t, type: choices, value: {choices: [A]}}]"


def test_a_page_beyond_the_last_is_404(listed):
    assert [task["id"] for task in listed.get("/api/tasks/?project=1&page_size=3&page=2").json()["tasks"]] == [4]
    assert listed.get("/api/tasks/?project=1&page_size=3&page=3").status_code == 404


def test_a_project_lists_what_was_changed_last_first(listed):
    listed.patch("/api/tasks/3/", json={"meta": {"k": 1}})
    tasks = listed.get("/api/projects/1/tasks/?page_size=2").json()
    assert ([task["id"] for task in tasks], tasks[0]["meta"]) == ([3, 1], {"k": 1})
    assert listed.get("/api/projects/1/tasks/?page_size=2&page=9").status_code == 404


def test_a_task_is_changed_and_not_checked_again(listed):
    changed = listed.patch("/api/tasks/4/", json={"data": {"x": 1}}).json()
    assert (changed["data"], changed["updated_by"], changed["annotations"]) == ({"x": 1}, None, [])
    assert listed.patch("/api/tasks/4/", json={"data": None}).status_code == 400
    assert listed.patch("/api/tasks/4/", json={"project": 99}).status_code == 404


def test_all_tasks_of_a_project_go_at_once(listed):
    assert listed.delete("/api/projects/1/tasks/").status_code == 204
    assert listed.get("/api/projects/1/tasks/").status_code == 404
    assert listed.get("/api/projects/1/summary/").json()["all_data_columns"] == {}
