"""`seed_tasks` against a real Label Studio."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.label_studio import OWNER
from tests.support.one_project import declare, projects, settled, unchanged

pytestmark = pytest.mark.live

YES = {"from_name": "dx", "to_name": "t", "type": "choices", "value": {"choices": ["Yes"]}}


def full(number: int) -> dict[str, Any]:
    annotation = {"result": [YES], "completed_by": {"email": OWNER}}
    prediction = {"result": [YES], "model_version": "v1"}
    task = {"data": {"text": f"text {number}"}, "meta": {"mine": number}}
    return {**task, "annotations": [annotation], "predictions": [prediction]}


def there(server: httpx.Client) -> list[dict[str, Any]]:
    (project,) = projects(server)
    answer = server.get("/api/tasks/", params={"project": project["id"], "page_size": 2000, "fields": "all"})
    return list(answer.raise_for_status().json()["tasks"])


def test_a_project_is_filled_once_and_a_part_of_it_is_completed(
    live: Lsops, server: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lsops.kinds.projects.importing.MOST_TASKS", 100)
    live.write(json.dumps([full(number) for number in range(250)]), "tasks.json")
    declare(live, {"seed_tasks": "tasks.json"})
    settled(live)
    tasks = there(server)
    assert sorted(task["meta"]["mine"] for task in tasks) == list(range(250))
    assert {(len(task["annotations"]), len(task["predictions"])) for task in tasks} == {(1, 1)}

    for task in tasks[40:60]:
        server.delete(f"/api/tasks/{task['id']}/").raise_for_status()
    assert "seed_tasks/tasks: 230 -> 250" in live("plan").out
    settled(live)
    assert sorted(task["meta"]["mine"] for task in there(server)) == list(range(250))

    live.write(json.dumps([full(number) for number in range(300)]), "tasks.json")
    unchanged(live)


def test_an_author_whom_nobody_knows_refuses_a_request_as_a_whole(live: Lsops, server: httpx.Client) -> None:
    unknown = {**full(1), "annotations": [{"result": [YES], "completed_by": {"email": "nobody@example.com"}}]}
    live.write(json.dumps([full(0), unknown]), "tasks.json")
    declare(live, {"seed_tasks": "tasks.json"})
    ran = live("apply", "--yes")
    assert ran.code == 4
    assert "Unknown annotator's email nobody@example.com" in ran.out + ran.err
    assert there(server) == []
