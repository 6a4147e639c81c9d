"""Custom labels and their links to projects."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import RESULT, make

LABELS = "/api/labels/"
LINKS = "/api/label_links/"
FIRST = {"title": "First", "value": ["A"], "project": 1, "from_name": "c"}
SECOND = {"title": "Second", "value": {"any": "json"}, "project": 1, "from_name": "c"}


@pytest.fixture
def labelled(api):
    """A sandbox whose project 1 has two labels."""
    assert api.post(LABELS, json=[FIRST, SECOND]).status_code == 201
    return api


def errors(answer):
    assert answer.status_code == 400, answer.text
    return answer.json()["validation_errors"]


def test_labels_are_made_with_their_links(labelled):
    first, second = labelled.get(f"{LABELS}?expand=links").json()["results"]
    assert (first["title"], first["value"], first["projects"]) == ("First", ["A"], [1])
    assert second["links"] == [{"id": 2, "from_name": "c", "project": 1, "label": 2}]
    assert labelled.get(f"{LABELS}1/").json()["links"] == [1]


def test_a_label_that_is_there_is_linked_and_stays_as_it_was(labelled):
    make(labelled)
    (answer,) = labelled.post(LABELS, json=[{**FIRST, "value": "other", "project": 2, "from_name": "x"}]).json()
    assert (answer["id"], answer["value"], answer["from_name"], answer["projects"]) == (1, ["A"], "x", [1, 2])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, ['Expected a list of items but got type "dict".']),
        ([FIRST, {**SECOND, "title": ""}], [{}, {"title": ["This field may not be blank."]}]),
        ([{**FIRST, "project": 9}], [{"project": ['Invalid pk "9" - object does not exist.']}]),
        ([FIRST, {**SECOND, "project": 2}], ["Creating labels for different projects in one request not allowed"]),
    ],
)
def test_a_bad_list_makes_nothing_and_says_what_is_wrong_where(api, body, told):
    make(api)
    assert errors(api.post(LABELS, json=body)) == {"non_field_errors": told}
    assert api.get(LABELS).json()["count"] == 0


@pytest.mark.parametrize("body", [[], [FIRST, FIRST]])
def test_no_label_and_one_label_twice_crash_the_server(api, body):
    assert api.post(LABELS, json=body).status_code == 500


@pytest.mark.parametrize(
    ("path", "body"),
    [(f"{LABELS}2/", {"title": "First"}), (f"{LINKS}2/", {"label": 1}), (LINKS, {**FIRST, "label": 1})],
)
def test_a_title_and_a_link_exist_once(labelled, path, body):
    answer = labelled.request("POST" if path == LINKS else "PATCH", path, json=body)
    assert "must make a unique set." in errors(answer)["non_field_errors"][0]


def test_a_link_counts_the_annotations_that_hold_its_labels_value(labelled):
    labelled.post("/api/projects/1/import", json=[{"data": {"text": "x"}, "annotations": [{"result": [RESULT]}]}])
    found = labelled.get(f"{LINKS}?project=1&expand=label").json()["results"]
    assert [(link["label"]["title"], link["annotations_count"]) for link in found] == [("First", 1), ("Second", 0)]
    assert "project" in errors(labelled.get(f"{LINKS}?project=9"))


def test_a_value_is_put_for_another_in_annotations(labelled):
    labelled.post("/api/projects/1/import", json=[{"data": {"text": "x"}, "annotations": [{"result": [RESULT] * 2}]}])
    body = {"project": 1, "old_label": ["A"], "new_label": ["B"]}
    assert [labelled.post(f"{LABELS}bulk", json=body).json() for _ in range(2)] == [
        {"annotations_updated": 2},
        {"annotations_updated": 0},
    ]
    assert labelled.get("/api/annotations/1/").json()["result"][0]["value"] == {"choices": ["B"]}


@pytest.mark.parametrize(
    ("path", "labels", "links"), [(f"{LABELS}1/", 1, 1), (f"{LINKS}1/", 2, 1), ("/api/projects/1/", 2, 0)]
)
def test_a_link_dies_with_its_label_and_its_project_and_a_label_with_neither(labelled, path, labels, links):
    assert labelled.delete(path).status_code == 204
    assert (labelled.get(LABELS).json()["count"], labelled.get(LINKS).json()["count"]) == (labels, links)
