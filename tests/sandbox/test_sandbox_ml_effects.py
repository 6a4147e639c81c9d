from __future__ import annotations

import pytest

from lsops.sandbox import add_user
from tests.sandbox.conftest import RESULT, make
from tests.sandbox.ml_calls import (
    RESERVED,
    URL,
    M,
    add,
    hooks,
    listed,
    problem,
    update,
    version,
)


def test_a_backend_brings_a_webhook_along_that_stays(api):
    add(api, url=f"{URL}//")
    add(api)
    assert hooks(api) == [f"{URL}/webhook"]
    update(api, url="http://other.example.com")
    for number in (1, 2):
        api.delete(f"{M}{number}")
    assert hooks(api) == [f"{URL}/webhook"]


def test_a_webhook_that_would_have_no_valid_url_is_left_out(api):
    add(api, url="http://models:9090")
    assert hooks(api) == []


def test_a_ghost_is_refused_and_there(api):
    for ghosts in (1, 2):
        answer = api.post(M, json={"project": 1, "url": "http://ghost-models.example.com", "title": "G"})
        assert (answer.status_code, answer.json()["detail"]) == (403, RESERVED)
        rows = api._transport.app.extensions["sandbox"].store.find("ml_backend")
        assert [row["title"] for row in rows] == ["G"] * ghosts
    assert (hooks(api), version(api)) == ([], "")
    assert [row["state"] for row in listed(api)] == ["CO", "CO"]
    assert update(api, url="http://ghost-models.example.com", title="H").status_code == 200


def test_a_ghost_lives_where_its_webhook_is_already(api):
    url = "http://ghost-models.example.com"
    store = api._transport.app.extensions["sandbox"].store
    api.post("/api/webhooks/", json={"project": 1, "url": f"{URL}/webhook"})
    store.replace("webhook", {**store.find("webhook")[0], "url": f"{url}/webhook"})
    assert add(api, url=url)["state"] == "CO"


def test_a_new_backend_is_used_if_none_is_and_predictions_are_shown(api):
    add(api, title="First")
    add(api, title="Second")
    assert version(api) == "First"
    make(api, show_collab_predictions=False)
    add(api, project=2)
    assert version(api, 2) == ""


def test_the_projects_version_is_the_title_of_a_backend_or_a_version_of_predictions(api):
    add(api, title="First")
    task = {"data": {"text": "a"}, "predictions": [{"result": [RESULT], "model_version": "m1"}]}
    api.post("/api/projects/1/import", json=[task])
    change = {
        name: api.patch("/api/projects/1/", json={"model_version": name}) for name in ("m1", "First", "", "other")
    }
    assert [answer.status_code for answer in change.values()] == [200, 200, 200, 400]
    assert problem(change["other"], "model_version") == (
        "Model version doesn't exist either as live model or as static predictions."
    )
    assert api.patch("/api/projects/1/", json={"model_version": "models.example.com-1"}).status_code == 400


def test_the_project_follows_a_backend_to_its_new_title(api):
    add(api, title="First")
    add(api, title="Second")
    update(api, 2, title="Other")
    assert version(api) == "First"
    update(api, 1, title="Renamed")
    assert version(api) == "Renamed"


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_title_counts_as_used_where_nothing_is(api, empty):
    add(api, title="First")
    update(api, title=empty)
    assert version(api) == empty
    update(api, title="Named")
    assert version(api) == "Named"


def test_the_project_forgets_a_backend_that_it_uses_and_no_other(api):
    add(api, title="First")
    add(api, title="Second")
    api.delete(f"{M}2")
    assert version(api) == "First"
    api.delete(f"{M}1")
    assert version(api) == ""


def test_hiding_predictions_clears_the_version(api):
    add(api, title="First")
    api.patch("/api/projects/1/", json={"show_collab_predictions": False})
    assert version(api) == ""


def test_a_backend_moves_to_another_project(api):
    make(api)
    add(api, title="First")
    moved = update(api, project=2, title="Moved").json()
    assert (moved["project"], listed(api), hooks(api), hooks(api, 2)) == (2, [], [f"{URL}/webhook"], [])
    assert (version(api), version(api, 2)) == ("First", "")


def test_deleting_a_project_takes_its_backends_with_it(api):
    make(api)
    add(api)
    kept = add(api, project=2)
    api.delete("/api/projects/1/")
    assert [row["id"] for row in listed(api, project=2)] == [kept["id"]]
    assert api.get(f"{M}1").status_code == 404


# ---- who may -------------------------------------------------------------------------------------


def test_a_backend_of_a_project_that_another_person_keeps_to_themselves_does_not_exist(connect, tmp_path):
    db = tmp_path / "sandbox.db"
    owner = connect(db)
    make(owner)
    add(owner)
    other = connect(db, headers={"Authorization": f"Token {add_user(db, 'ana@example.com', 'administrator')}"})
    assert (other.get(f"{M}1").status_code, other.get(M, params={"project": 1}).status_code) == (404, 404)
    assert "Invalid pk" in problem(other.post(M, json={"project": 1, "url": URL}), "project")


@pytest.mark.parametrize("code", ["RE", "AN"])
def test_reviewers_and_annotators_read_those_of_their_projects_and_change_none(crew, code):
    owner, worker = crew["OW"], crew[code]
    owner.post("/api/projects/", json={"title": "Theirs"})
    owner.post("/api/projects/1/members/", json={"user": crew.id(code)})
    add(owner)
    assert [row["id"] for row in listed(worker)] == [1]
    assert worker.post(M, json={"project": 1, "url": URL}).status_code == 403
    assert worker.delete(f"{M}1").status_code == 403
