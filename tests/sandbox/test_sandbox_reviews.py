from __future__ import annotations

import pytest

from tests.sandbox.conftest import RESULT, make

ROUTES = ("/api/comments/", "/api/annotation-reviews/", "/api/annotation-history/?annotation=1")
OTHER = {**RESULT, "value": {"choices": ["B"]}}


@pytest.fixture
def annotated(enterprise):
    """An Enterprise sandbox with one task and one annotation, which was changed once."""
    make(enterprise)
    enterprise.post("/api/projects/1/import", json=[{"text": "a"}])
    enterprise.post("/api/tasks/1/annotations/", json={"result": [RESULT]})
    enterprise.patch("/api/annotations/1/", json={"result": [OTHER]})
    return enterprise


def history(client, query=""):
    return client.get(f"/api/projects/1/annotation-history/{query}").json()


@pytest.mark.parametrize("route", ROUTES)
def test_community_has_none_of_it(community, route):
    assert community.get(route).status_code == 404


def test_comments_are_counted_in_their_task_until_they_are_resolved(annotated):
    made = annotated.post("/api/comments/", json={"annotation": 1, "text": "why?"}).json()
    assert (made["task"], made["project"], made["created_by"], made["resolved_at"]) == (1, 1, 1, None)
    task = annotated.get("/api/tasks/1/").json()
    assert (task["comment_count"], task["unresolved_comment_count"], task["comment_authors"]) == (1, 1, [1])
    assert annotated.patch("/api/comments/1/", json={"is_resolved": True}).json()["resolved_at"]
    assert annotated.get("/api/tasks/1/").json()["unresolved_comment_count"] == 0
    assert annotated.delete("/api/comments/1/").status_code == 204
    assert annotated.get("/api/tasks/1/").json()["comment_count"] == 0


def test_comments_are_listed_by_what_they_are_about_and_authors_are_written_out(annotated):
    annotated.post("/api/comments/", json={"annotation": 1, "text": "a"})
    assert annotated.get("/api/comments/?annotation=2").json() == []
    (found,) = annotated.get("/api/comments/?projects=1,2&expand_created_by=true").json()
    assert found["created_by"]["email"] == "owner@example.com"
    assert annotated.post("/api/comments/", json={"text": "of nothing"}).status_code == 400


def test_a_review_is_history_and_a_correction_changes_the_annotation(annotated):
    review = annotated.post(
        "/api/annotation-reviews/", json={"annotation": 1, "accepted": True, "result": [RESULT], "comment": "fixed"}
    ).json()
    assert (review["accepted"], review["created_by"]) == (True, 1)
    assert annotated.get("/api/annotations/1/").json()["result"] == [RESULT]
    seen = [(entry["action"], entry["comment"]) for entry in history(annotated)["results"]]
    assert seen == [("submitted", None), ("updated", None), ("fixed_and_accepted", "fixed")]
    assert [one["id"] for one in annotated.get("/api/annotation-reviews/?annotation__task__project=1").json()] == [1]


def test_the_history_of_a_project_comes_in_pages_and_by_time(annotated):
    first = history(annotated, "?page_size=1")
    assert (first["count"], first["next"] is None, len(first["results"])) == (2, False, 1)
    assert history(annotated, "?created_at_to=2020-01-01T00:00:00")["count"] == 0
    assert history(annotated, "?created_at_from=2020-01-01T00:00:00")["count"] == 2
    assert history(annotated, "?page_size=1&page=3")["detail"] == "Invalid page."


def test_history_outlives_its_annotation_and_is_deleted_by_what_is_named(annotated):
    annotated.delete("/api/annotations/1/")
    assert len(annotated.get("/api/annotation-history/?annotation=1").json()) == 2
    assert annotated.delete("/api/annotation-history/?project=2").json() == {"removed": 0}
    assert annotated.delete("/api/annotation-history/?annotation=1").json() == {"removed": 2}


@pytest.mark.parametrize(("code", "status"), [("AD", 200), ("MA", 403), ("AN", 403)])
def test_only_administrators_read_history(crew, code, status):
    assert crew[code].get("/api/annotation-history/?annotation=1").status_code == status
