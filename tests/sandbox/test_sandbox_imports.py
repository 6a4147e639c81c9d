from __future__ import annotations

import httpx
import pytest

from tests.sandbox.conftest import RESULT, make

DATA = {"text": "a"}
BY = "Import data contains completed_by={} which is not a valid annotator's email or ID"
ITEM = "Error at item 0: {} :: {}"


def imported(api: httpx.Client, *tasks: object, project: int = 1) -> httpx.Response:
    return api.post(f"/api/projects/{project}/import", json=list(tasks))


def refusal(response: httpx.Response) -> list[object]:
    assert response.status_code == 400, response.text
    return response.json()["validation_errors"]["non_field_errors"]


@pytest.mark.parametrize(
    ("who", "message"),
    [
        ({"email": "nobody@example.com"}, "Unknown annotator's email nobody@example.com"),
        ({"email": "Owner@example.com"}, "Unknown annotator's email Owner@example.com"),
        ({"id": 1}, "It's expected to have 'email' field in 'completed_by' data in annotations"),
        (99999, BY.format(99999)),
        ("1", BY.format(1)),
        ([1], BY.format([1])),
    ],
)
def test_an_annotator_who_is_no_member_is_refused_and_nothing_is_imported(api, who, message):
    task = {"data": DATA, "annotations": [{"result": [RESULT], "completed_by": who}]}
    assert refusal(imported(api, {"data": DATA}, task)) == [message]
    assert api.get("/api/projects/1/").json()["task_number"] == 0


@pytest.mark.parametrize("who", [None, 1, {"email": "owner@example.com"}])
def test_a_member_is_the_annotator(api, who):
    task = {"data": DATA, "annotations": [{"result": [RESULT], "completed_by": who, "id": 7}]}
    assert imported(api, task).status_code == 201
    (annotation,) = api.get("/api/tasks/1/").json()["annotations"]
    assert (annotation["completed_by"]["id"], annotation["import_id"]) == (1, 7)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"annotations": "x"}, "Task[annotations] must be list"),
        ({"annotations": [{"foo": 1}]}, 'Annotation must have "result" fields'),
        ({"annotations": [{"result": "x"}]}, '"result" field in annotation must be list'),
        ({"predictions": {"a": 1}}, "Task[predictions] must be list"),
        ({"predictions": [{"foo": 1}]}, 'Prediction must have "result" fields'),
        ({"meta": "x"}, "Task[meta] must be dict or list"),
        ({"meta": None}, "Task[meta] must be dict or list"),
        ({"data": "x"}, "Task[data] must be dict or list"),
        ({"data": None}, "Task[data] must be dict or list"),
    ],
)
def test_a_task_of_the_wrong_form_is_refused(api, wrong, message):
    task = {"data": DATA, **wrong}
    assert refusal(imported(api, task)) == [ITEM.format(message, task)]


@pytest.mark.parametrize(
    ("tag", "good", "bad", "takes"),
    [
        ("Text", ["x", 1, 1.5, []], [None, {}], "['str', 'int', 'float', 'list']"),
        ("Image", ["x", []], [None, 1, {}], "['str', 'list']"),
        ("HyperText", ["x"], [None, 1, []], "['str']"),
        ("Table", [{}, [], "x"], [None, 1], "['dict', 'list', 'str']"),
        ("Audio", ["x"], [None, 1, [], {}], "['str']"),
    ],
)
def test_data_is_of_a_type_that_its_tag_takes(api, tag, good, bad, takes):
    project = make(api, label_config=f'<View><{tag} name="x" value="$key"/></View>')["id"]
    assert all(imported(api, {"key": value}, project=project).status_code == 201 for value in good)
    for value in bad:
        (message,) = refusal(imported(api, {"key": value}, project=project))
        assert f"the object tag {tag} expects the following types: {takes} [assume: item as is" in message


def test_a_repeated_key_needs_a_list_and_a_dotted_one_is_looked_for_inside(api):
    config = (
        '<View><Repeater on="$r" indexFlag="{{i}}"><Text name="t_{{i}}" value="$r[{{i}}].x"/></Repeater>'
        '<Text name="n" value="$a.b"/></View>'
    )
    project = make(api, label_config=config)["id"]
    assert imported(api, {"r": [], "a": {"b": "x"}}, project=project).status_code == 201
    assert "['list']" in refusal(imported(api, {"r": "x", "a": {"b": "x"}}, project=project))[0]
    assert '"a.b" key is expected' in refusal(imported(api, {"r": [], "a": {}}, project=project))[0]


def test_errors_have_the_places_of_their_tasks_and_end_at_a_hundred(api):
    assert refusal(imported(api, DATA, {"no": 1}, DATA))[::2] == [{}, {}]
    errors = refusal(imported(api, *({"no": 1},) * 150))
    assert (len(errors), errors[-1]) == (100, "...")


@pytest.mark.parametrize("predictions", [["x"], [{"result": None}], [{"result": ["x"]}]])
def test_predictions_that_are_none_crash_when_the_tasks_are_there(api, predictions):
    assert imported(api, {"data": DATA, "predictions": predictions}).status_code == 500
    assert api.get("/api/projects/1/").json()["task_number"] == 1


def test_a_score_that_is_no_number_is_none_and_a_version_may_be_null(api):
    one = {"result": [RESULT], "score": "x", "model_version": None}
    assert imported(api, {"data": DATA, "predictions": [one]}).status_code == 201
    (prediction,) = api.get("/api/tasks/1/").json()["predictions"]
    assert (prediction["score"], prediction["model_version"]) == (None, None)
    assert api.get("/api/projects/1/").json()["model_version"] == ""


def test_an_imported_skip_makes_a_task_done(api):
    imported(api, {"data": DATA, "annotations": [{"result": [], "was_cancelled": True}]})
    task = api.get("/api/tasks/1/").json()
    assert (task["is_labeled"], task["cancelled_annotations"]) == (True, 1)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"project": "abc", "data": DATA}, 404),
        ({"project": 99999, "data": DATA}, 404),
        ({"project": True, "data": DATA}, 400),
        ({"data": DATA}, 400),
        ({"project": 1, "data": "x"}, 400),
        ({"project": 1, "data": {"text": None}}, 400),
        ([], 500),
    ],
)
def test_bad_input_for_a_task_is_answered_as_the_server_does(api, body, status):
    assert api.post("/api/tasks/", json=body).status_code == status


@pytest.mark.parametrize(
    ("query", "status"), [("project=abc", 400), ("project=", 400), ("view=x", 400), ("project=0", 404), ("", 404)]
)
def test_bad_input_for_a_list_of_tasks(api, query, status):
    assert api.get(f"/api/tasks/?{query}").status_code == status
