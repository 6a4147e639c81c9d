"""A project with all that people make of tasks, and what of it must be the same after a restore."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from lsops.server.session import Session
from tests.support.sandbox import URL, transport_to

CONFIG = (
    '<View><Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="a"/><Choice value="b"/>'
    "</Choices></View>"
)
TITLE = "Cats & dogs"
ADDRESS = f"/projects/{TITLE}"
RESULT = [{"id": "r1", "from_name": "c", "to_name": "i", "type": "choices", "value": {"choices": ["a"]}}]
PICTURE = b"\x89PNG\r\n\x1a\n"
RECIPE = {
    "annotation_filter_options": {"usual": True, "ground_truth": True, "skipped": True},
    "serialization_options": {
        name: {"only_id": False} for name in ("drafts", "predictions", "annotations__completed_by")
    },
}


def make(
    api: httpx.Client, *, tasks: int = 12, files: int = 2, title: str = TITLE, people: tuple[str, ...] = ()
) -> int:
    """The id of a new project with tasks, annotations of every sort, predictions, drafts and uploaded files."""
    body = {"title": title, "label_config": CONFIG}
    project: int = api.post("/api/projects/", json=body).raise_for_status().json()["id"]
    for number in range(files):
        file = (f"pic_{number}.png", PICTURE + bytes([number]), "image/png")
        api.post(f"/api/projects/{project}/import", params={"commit_to_project": "false"}, files={"file": file})
    links = [f"/data/{row['file']}" for row in uploads(api, project)]
    emails = people or ("owner@example.com",)
    sent = [_task(number, links, emails[number % len(emails)]) for number in range(tasks)]
    for at in range(0, tasks, 500):
        api.post(f"/api/projects/{project}/import", json=sent[at : at + 500]).raise_for_status()
    rows = api.get("/api/tasks/", params={"project": project, "page_size": 3}).json()["tasks"]
    for row in rows[:3]:
        api.post(f"/api/tasks/{row['id']}/drafts", json={"result": RESULT, "lead_time": 2.0}).raise_for_status()
    first = api.get(f"/api/tasks/{rows[0]['id']}/").json()["annotations"][0]["id"]
    draft = {"result": RESULT, "lead_time": 3.0}
    api.post(f"/api/tasks/{rows[0]['id']}/annotations/{first}/drafts", json=draft).raise_for_status()
    return project


def _task(number: int, links: list[str], email: str) -> Mapping[str, Any]:
    annotation = {"result": RESULT, "completed_by": {"email": email}, "lead_time": 1.5}
    kinds = {"ground_truth": number % 2 == 0, "was_cancelled": number % 5 == 0}
    image = links[number % len(links)] if links and number % 3 else f"https://pics.example.com/{number}.png"
    return {
        "data": {"image": image, "note": f'Größe {number}, "quoted"\n'},
        "meta": {"number": number},
        "annotations": [{**annotation, **kinds}],
        "predictions": [{"result": RESULT, "score": 0.5, "model_version": "m1"}],
    }


def uploads(api: httpx.Client, project: int) -> list[dict[str, Any]]:
    """The uploaded files of a project."""
    found: list[dict[str, Any]] = api.get(f"/api/projects/{project}/file-uploads", params={"all": "true"}).json()
    return found


def project_of(api: httpx.Client, title: str = TITLE) -> int:
    """The id of the one project of a title."""
    (number,) = (row["id"] for row in api.get("/api/projects/").json()["results"] if row["title"] == title)
    return int(number)


def exported(api: httpx.Client, project: int) -> list[dict[str, Any]]:
    """What a restore must bring back of every task, in their order: an export of it without what no server takes."""
    made = api.post(f"/api/projects/{project}/exports/", json=RECIPE).raise_for_status().json()
    at = f"/api/projects/{project}/exports/{made['id']}"
    while api.get(at).json()["status"] != "completed":
        pass
    tasks = api.get(f"{at}/download").json()
    api.delete(at)
    content = cache(lambda image: api.get(image).content if image.startswith("/data/") else image)
    return [_essence(content, task) for task in tasks]


def _essence(content_of: Callable[[str], bytes | str], task: Mapping[str, Any]) -> dict[str, Any]:
    content = content_of(task["data"]["image"])
    places = {one["id"]: place for place, one in enumerate(task["annotations"])}
    return {
        "data": {**task["data"], "image": content},
        "meta": {name: value for name, value in task["meta"].items() if name != "lsops"},
        "annotations": [
            (
                one["completed_by"]["email"],
                *(one[name] for name in ("result", "was_cancelled", "ground_truth", "lead_time")),
            )
            for one in task["annotations"]
        ],
        "drafts": [
            (one["user"], one["result"], one["lead_time"], places.get(one["annotation"])) for one in task["drafts"]
        ],
        "predictions": [(one["result"], one["score"], one["model_version"]) for one in task["predictions"]],
    }


class Killed(BaseException):
    """The process is gone."""


class Dying(httpx.BaseTransport):
    """The way to a sandbox, at whose `last` request the process dies: before it is sent, or `after` it was answered."""

    def __init__(self, inner: httpx.BaseTransport, last: int, *, after: bool) -> None:
        self._inner, self.left, self._after = inner, last, after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.left -= 1
        if self.left <= 0 and not self._after:
            raise Killed
        answer = self._inner.handle_request(request)
        if self.left <= 0:
            answer.close()
            raise Killed
        return answer

    def close(self) -> None:
        self._inner.close()


@contextmanager
def mortal(db: Path, last: int, *, after: bool) -> Iterator[Session]:
    """A session whose process dies at a request."""
    with (
        transport_to(db, edition=None) as transport,
        Session(URL, transport=Dying(transport, last, after=after)) as session,
    ):
        yield session
