"""The work of the sandbox grows as its data does, and no faster; counted in steps of SQLite, which no clock disturbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from flask import Flask

from lsops.sandbox import create_app
from tests.sandbox.conftest import CONFIG, RESULT

SMALL, LARGE = 60, 600
MOST = 1.4 * LARGE / SMALL
"""Times the steps of the small one; work that grows with the square needs 100 times as many."""
FREE = 400
"""Steps of any request at most, however little it has to do."""

ALL = {"selectedItems": {"all": True, "excluded": []}}
WHOLE = {
    "annotation_filter_options": {"usual": True, "ground_truth": True, "skipped": True},
    "serialization_options": {
        name: {"only_id": False} for name in ("drafts", "predictions", "annotations__completed_by")
    },
}
ANNOTATED = {"filter": "filter:tasks:total_annotations", "operator": "greater", "type": "Number", "value": 0}
VIEW = {"project": 1, "data": {"filters": {"conjunction": "and", "items": [ANNOTATED]}}}
OF_TASKS = [
    ("GET", "/api/projects/", None),
    ("GET", "/api/projects/1/", None),
    ("GET", "/api/tasks/?project=1&page_size=-1&fields=all", None),
    ("GET", "/api/tasks/5/", None),
    ("POST", "/api/tasks/", {"project": 1, "data": {"text": "n"}}),
    ("POST", "/api/tasks/5/annotations/", {"result": [RESULT]}),
    ("POST", "/api/tasks/7/annotations/", {"result": [RESULT], "was_cancelled": True}),
    ("PATCH", "/api/annotations/5/", {"ground_truth": True}),
    ("DELETE", "/api/annotations/6/", None),
    ("POST", "/api/tasks/8/drafts", {"result": [RESULT]}),
    ("POST", "/api/predictions/", {"task": 8, "result": [RESULT]}),
    ("GET", "/api/projects/1/next/", None),
    ("POST", "/api/projects/1/exports/", WHOLE),
    ("POST", "/api/projects/1/exports/", {"task_filter_options": {"annotated": "only", "skipped": "exclude"}}),
    ("PATCH", "/api/projects/1/", {"title": "Renamed"}),
    ("PATCH", "/api/projects/1/", {"maximum_annotations": 2}),
    ("PATCH", "/api/projects/1/", {"overlap_cohort_percentage": 50}),
    ("PATCH", "/api/projects/1/", {"label_config": CONFIG.replace("</Choices>", '<Choice value="C"/></Choices>')}),
    ("POST", "/api/projects/1/validate/", {"label_config": CONFIG}),
    ("GET", "/api/projects/1/model-versions/?extended=true", None),
    ("POST", "/api/dm/views/", VIEW),
    ("GET", "/api/tasks/?view=1", None),
    ("GET", "/api/dm/project?project=1", None),
    ("GET", "/api/dm/columns?project=1", None),
    ("POST", "/api/dm/actions/?id=predictions_to_annotations&project=1", ALL),
    ("POST", "/api/dm/actions/?id=remove_duplicates&project=1", ALL),
    ("POST", "/api/dm/actions/?id=delete_tasks_annotations&project=1", ALL),
    ("POST", "/api/projects/1/import", [{"text": "more"}]),
    ("POST", "/api/dm/actions/?id=delete_tasks&project=1", ALL),
    ("DELETE", "/api/projects/1/", None),
]


@contextmanager
def steps(app: Flask) -> Iterator[list[int]]:
    """The steps that SQLite makes in the block, in tens."""
    connection, found = app.extensions["sandbox"].store._connection, [0]  # nothing else tells them

    def count() -> int:
        found[0] += 1
        return 0

    connection.set_progress_handler(count, 10)
    yield found
    connection.set_progress_handler(None, 0)


def filled(count: int, edition: str) -> tuple[Flask, httpx.Client]:
    """A sandbox with a project of so many tasks, each with an annotation, a prediction and a draft."""
    app = create_app(":memory:", edition=edition)
    client = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://sandbox")
    client.post("/api/projects/", json={"title": "Big", "label_config": CONFIG}).raise_for_status()
    task = {"annotations": [{"result": [RESULT]}], "predictions": [{"result": [RESULT], "model_version": "m"}]}
    rows = [{"data": {"text": f"Text {number}"}, **task} for number in range(count)]
    client.post("/api/projects/1/import", json=rows).raise_for_status()
    for number in range(1, count, 10):
        client.post(f"/api/tasks/{number}/drafts", json={"result": [RESULT]}).raise_for_status()
    return app, client


@pytest.mark.parametrize("edition", ["community", "enterprise"])
def test_ten_times_the_tasks_are_ten_times_the_work_at_most(edition):
    small, large = filled(SMALL, edition), filled(LARGE, edition)
    found = {}
    for method, path, body in OF_TASKS:
        counts = []
        for app, client in (small, large):
            with steps(app) as count:
                answer = client.request(method, path, json=body)
            assert answer.is_success, (method, path, answer.text)
            counts.append(count[0])
        if counts[1] > max(MOST * counts[0], FREE / 10):
            found[f"{method} {path}"] = counts
    assert not found


def peopled(count: int, edition: str) -> tuple[Flask, httpx.Client]:
    """A sandbox with so many projects, and a first one with so many of all that belongs to a project."""
    app = create_app(":memory:", edition=edition)
    client = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://sandbox")

    def make(path: str, body: Any) -> Any:
        answer = client.post(path, json=body)
        assert answer.is_success, (path, answer.text)
        return answer.json()

    for number in range(count):
        body = {"title": f"Project {number}", "label_config": CONFIG}
        if edition == "enterprise":
            body["workspace"] = make("/api/workspaces/", {"title": f"Workspace {number}"})["id"]
        project = make("/api/projects/", body)["id"]
        task = {"data": {"text": "a"}, "annotations": [{"result": [RESULT]}], "predictions": [{"result": [RESULT]}]}
        make(f"/api/projects/{project}/import", [task])
        for owner in (1, project):
            make("/api/dm/views/", {"project": owner, "data": {"title": f"View {number}"}})
            make("/api/webhooks/", {"project": owner, "url": f"https://example.com/{number}"})
            for side in ("", "export/"):
                make(f"/api/storages/{side}s3", {"project": owner, "title": f"Storage {number}", "bucket": "b"})
        make("/api/predictions/", {"task": 1, "result": [RESULT]})
        if edition == "enterprise":
            make("/api/comments/", {"annotation": 1, "text": "Why?"})
            make("/api/annotation-reviews/", {"annotation": 1, "accepted": True})
    return app, client


@pytest.mark.parametrize("edition", ["community", "enterprise"])
def test_ten_times_of_everything_is_ten_times_the_work_of_any_question_at_most(edition):
    small, large = peopled(10, edition), peopled(100, edition)
    found, answered = {}, 0
    for route in sorted(route.path for route in small[0].extensions["sandbox"].routes()):
        for query in ("", "?project=1", "?page_size=1000"):
            path, counts = re.sub(r"<[^>]+>", "1", route) + query, []
            for app, client in (small, large):
                with steps(app) as count:
                    answered += client.get(path).is_success
                counts.append(count[0])
            if counts[1] > max(MOST * counts[0], FREE / 10):
                found[path] = counts
    assert not found
    assert answered > 200
