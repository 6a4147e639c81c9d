from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from lsops.errors import LsopsError
from lsops.sandbox import create_app
from lsops.sandbox.throttle import Throttled

NEW = {"title": "A project"}
VERSION = "/api/version"


class Clocked:
    """A sandbox whose throttle goes by a clock that the test sets."""

    def __init__(self, rate: float, *faults: str) -> None:
        self.now = 0.0
        app = Throttled(create_app(":memory:", faults=faults), "1.0", rate, clock=lambda: self.now)
        self.client = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://sandbox")

    def statuses(self, times: list[float], **headers: str) -> list[int]:
        return [self._status(at, headers) for at in times]

    def _status(self, at: float, headers: dict[str, str]) -> int:
        self.now = at
        return self.client.get(VERSION, headers=headers).status_code


def test_the_request_above_the_rate_is_refused_with_the_servers_body(connect):
    client = connect(rate=15)
    answers = [client.get(VERSION) for _ in range(16)]
    assert Counter(answer.status_code for answer in answers) == {200: 15, 429: 1}
    assert answers[-1].json()["status_code"] == 429
    assert answers[-1].json()["detail"] == "Request was throttled. Expected available in 1 second."
    assert "retry-after" not in answers[-1].headers


def test_a_refused_request_is_not_carried_out_and_no_fault_sees_it():
    server = Clocked(1, "POST /api/projects/:500:after=2")
    assert [server.client.post("/api/projects/", json=NEW).status_code for _ in range(4)] == [201, 429, 429, 429]
    server.now = 1.0
    assert server.client.get("/api/projects/").json()["count"] == 1
    server.now = 2.0
    assert server.client.post("/api/projects/", json=NEW).status_code == 201


@pytest.mark.parametrize(
    ("rate", "times", "statuses"),
    [
        (2, [0.0, 0.9, 0.99, 1.0, 1.8, 2.0], [200, 200, 429, 200, 429, 200]),
        (2, [0.0, 0.0, 0.5, 0.6, 0.7, 1.0], [200, 200, 429, 429, 429, 200]),
        (0.5, [0.0, 1.0, 1.9, 2.0], [200, 429, 429, 200]),
        (2.5, [0.0, 0.1, 0.79, 0.81], [200, 200, 429, 200]),
    ],
)
def test_the_window_slides_and_what_was_refused_does_not_count(rate, times, statuses):
    assert Clocked(rate).statuses(times) == statuses


def test_each_token_has_its_own_rate_in_whichever_header_it_comes():
    server = Clocked(1)
    assert server.statuses([0.0]) == [200]
    assert server.statuses([0.0], authorization="Token one") == [200]
    assert server.statuses([0.0], authorization="Bearer one") == [429]
    assert server.statuses([0.0], **{"x-api-key": "one"}) == [429]
    assert server.statuses([0.0], **{"x-api-key": "two"}) == [200]


def test_pages_outside_of_the_api_are_not_counted(connect):
    client = connect(rate=1)
    assert [client.get("/health").status_code for _ in range(3)] == [200] * 3


def test_a_refusal_may_say_when_to_come_back(connect):
    client = connect(rate=1, retry_after=1)
    assert [client.get(VERSION).headers.get("retry-after") for _ in range(2)] == [None, "1"]


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_a_rate_is_above_zero(rate):
    with pytest.raises(LsopsError, match="no number of requests per second"):
        create_app(":memory:", rate=rate)


def test_sixteen_threads_do_not_get_past_it(serving):
    url = serving(rate=15)
    with ThreadPoolExecutor(16) as pool:
        statuses = Counter(pool.map(lambda _: httpx.get(url + VERSION).status_code, range(32)))
    assert statuses[429] >= 1
    assert set(statuses) == {200, 429}


def test_the_command_serves_with_a_rate(tmp_path):
    flags = ["--port", "0", "--db", str(tmp_path / "s.db"), "--rate", "0.01", "--retry-after", "2"]
    command = [sys.executable, "-m", "lsops", "sandbox", "serve", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().removeprefix("Listening on ").strip()
        answers = [httpx.get(url + VERSION) for _ in range(2)]
        process.terminate()
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["retry-after"] == "2"
