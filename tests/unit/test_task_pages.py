"""The tasks of a project come page by page, however many of them a server gives at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from lsops.errors import Malformed, ResultUnknown
from lsops.kinds.projects.task_pages import await_import, marked_tasks
from lsops.server.session import Session

Answer = Callable[[httpx.Request], httpx.Response]


def session(answer: Answer) -> Session:
    """A session with a server that answers so."""
    return Session("https://ls.example.com", token="0" * 40, transport=httpx.MockTransport(answer))


def server(seen: list[int], *, there: int, most: int, counts: bool) -> Answer:
    """A server that has so many tasks, gives a few of them at once, and may count what is left."""

    def answer(request: httpx.Request) -> httpx.Response:
        after = json.loads(request.url.params["query"])["filters"]["items"][0]["value"]
        seen.append(after)
        rows = [{"id": number, "meta": {}} for number in range(after + 1, there + 1)]
        told: dict[str, Any] = {"total": len(rows)} if counts else {}
        return httpx.Response(200, json={"tasks": rows[:most], **told})

    return answer


@pytest.mark.parametrize(
    ("most", "counts", "asked"),
    [(3, True, [0, 3, 6]), (3, False, [0, 3, 6, 7]), (9, True, [0]), (9, False, [0, 7])],
)
def test_a_page_that_is_cut_is_followed_and_none_is_asked_for_that_must_be_empty(
    most: int, counts: bool, asked: list[int]
) -> None:
    seen: list[int] = []
    with session(server(seen, there=7, most=most, counts=counts)) as opened:
        assert [task["id"] for task in marked_tasks(opened, 1)] == [1, 2, 3, 4, 5, 6, 7]
    assert seen == asked


def test_a_server_that_ignores_the_filter_of_ids_is_found_out() -> None:
    answer = httpx.Response(200, json={"tasks": [{"id": 1}], "total": 2})
    with session(lambda _: answer) as opened, pytest.raises(Malformed, match="ignores the filter of ids"):
        list(marked_tasks(opened, 1))


def test_a_job_that_a_replica_does_not_know_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.waiting.FIRST", 0.01)
    answers = [httpx.Response(404), httpx.Response(200, json={"status": "completed"})]
    with session(lambda _: answers.pop(0)) as opened:
        await_import(opened, 1, 7)
    assert answers == []


def test_a_job_that_nobody_knows_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.kinds.projects.task_pages.JOB_SECONDS", 0.01)
    with (
        session(lambda _: httpx.Response(404)) as opened,
        pytest.raises(ResultUnknown, match=r"import 7 is not over after 0\.01 s"),
    ):
        await_import(opened, 1, 7)
