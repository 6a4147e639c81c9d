"""How fast a session sends: never more than a server allows, known beforehand or learned from its 429."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.errors import NotFound, Rejected
from lsops.server.pacing import CATCH_UP, LOWEST_RATE, SAAS_RATE, Pacer, suitable_rate
from lsops.server.session import Session
from lsops.server.settings import Settings
from tests.server.answering import LEGACY, URL, Answering, reply
from tests.support.raw_server import as_json, head, raw_server

METHODS = ["GET", "PATCH", "DELETE", "POST"]


class Clock:
    """A time that passes only while somebody sleeps, late by the given seconds in turn."""

    def __init__(self, *late: float) -> None:
        self.now = 1_000.0
        self.late: Iterator[float] = iter(late)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + next(self.late, 0.0)


class Limited:
    """A server that refuses what comes when `limit` requests were let through within the second before."""

    def __init__(self, clock: Clock, limit: int) -> None:
        self.clock, self.limit = clock, limit
        self.passed: list[float] = []
        self.refused: list[float] = []

    def admits(self) -> bool:
        now = self.clock()
        full = sum(moment > now - 1.0 for moment in self.passed) >= self.limit
        (self.refused if full else self.passed).append(now)
        return not full


def drive(pacer: Pacer, server: Limited, requests: int, *, latency: float = 0.005) -> None:
    """Send so many requests one after the other, each as often as it takes."""
    for _ in range(requests):
        while True:
            left = pacer.wait()
            admitted = server.admits()
            server.clock.now += latency
            if admitted:
                pacer.passed(left)
                break
            assert pacer.refused(left, None)


def call(session: Session, method: str) -> object:
    bodies = {"PATCH": session.patch, "POST": session.post}
    return bodies[method]("/api/x", {"a": 1}) if method in bodies else getattr(session, method.lower())("/api/x")


@pytest.mark.parametrize(
    "url", ["https://app.humansignal.com", "https://eu.humansignal.eu/x", "https://app.heartex.com."]
)
def test_a_known_saas_host_is_paced_from_the_start(url):
    assert suitable_rate(url) == SAAS_RATE


@pytest.mark.parametrize("url", ["https://label.example.com", "https://nothumansignal.com", "http://127.0.0.1:8080"])
def test_no_other_server_is(url):
    assert suitable_rate(url) == 0


@given(st.floats(1, 200), st.lists(st.floats(0, 0.3), max_size=60))
def test_no_second_ever_holds_more_requests_than_the_rate_however_late_threads_wake(rate, late):
    clock = Clock(*late)
    pacer = Pacer(rate, sleep=clock.sleep, clock=clock)

    moments = [pacer.wait() for _ in range(100)]

    window = int(rate) / rate
    assert all(later - first >= window for first, later in zip(moments, moments[int(rate) :], strict=False))


@pytest.mark.parametrize("rate", [0.5, 1, 1.5, 14, 100])
def test_a_rate_is_used_up_to_a_fiftieth(rate):
    clock = Clock()
    pacer = Pacer(rate, sleep=clock.sleep, clock=clock)

    for _ in range(200):
        pacer.wait()

    assert 199 / rate <= clock.now - 1_000.0 + 1e-6 <= 1.02 * 200 / rate


def test_requests_that_left_late_are_caught_up_with():
    clock = Clock(*[0.05] * 100)
    pacer = Pacer(14, sleep=clock.sleep, clock=clock)

    for _ in range(100):
        pacer.wait()

    assert clock.now - 1_000.0 <= 1.06 * 100 / 14


def test_a_fourteenth_of_a_second_lies_between_requests_after_a_rest():
    clock = Clock()
    pacer = Pacer(14, sleep=clock.sleep, clock=clock)
    pacer.wait()
    clock.now += 60

    moments = [pacer.wait() for _ in range(5)]

    assert moments[-1] - moments[0] >= 4 / 14 - 1e-9


@pytest.mark.parametrize("limit", [15, 100])
def test_a_limit_is_learned_from_the_first_429_and_never_met_again(limit):
    clock = Clock()
    server = Limited(clock, limit)
    pacer = Pacer(sleep=clock.sleep, clock=clock)

    drive(pacer, server, 40 * limit, latency=0.001)

    assert len(server.refused) == 1
    assert clock.now - 1_000.0 <= 2 * 40 * limit / (limit - 1)


def test_what_was_in_flight_together_teaches_once_and_counts_what_went_through():
    clock = Clock()
    pacer = Pacer(sleep=clock.sleep, clock=clock)
    left = [pacer.wait() for _ in range(31)]
    clock.now += 0.01
    for moment in left[15:]:
        assert pacer.refused(moment, None)
    for moment in left[:15]:
        pacer.passed(moment)

    assert pacer.rate == 7.5
    assert (pacer.throttled.answers, pacer.throttled.seconds) == (16, 1.0)
    assert pacer.wait() >= 1_001.0


def test_a_limit_that_somebody_else_used_up_is_not_taken_for_the_limit():
    clock = Clock()
    pacer = Pacer(sleep=clock.sleep, clock=clock)
    assert pacer.refused(pacer.wait(), None)
    assert pacer.rate == LOWEST_RATE

    drive(pacer, Limited(clock, 15), 600)

    assert pacer.rate > 5


def test_pauses_double_while_nothing_else_is_answered_and_end_with_the_budget():
    clock = Clock()
    pacer = Pacer(budget=100, sleep=clock.sleep, clock=clock)

    times = 0
    while pacer.refused(pacer.wait(), None):
        times += 1

    assert 5 <= times <= 12
    assert 60 <= clock.now - 1_000.0 <= 100


def test_any_other_answer_gives_the_whole_budget_back():
    clock = Clock()
    pacer = Pacer(budget=10, sleep=clock.sleep, clock=clock)

    for _ in range(20):
        assert pacer.refused(pacer.wait(), 9.0)
        pacer.passed(pacer.wait())
        clock.now += 600  # somebody thinks

    assert pacer.throttled.seconds == 180.0


@pytest.mark.parametrize("method", METHODS)
def test_a_429_was_not_carried_out_so_that_any_method_is_sent_again(method):
    server = Answering(*[reply(429)] * 9, reply(200, {"id": 1}))

    assert call(server.session(), method) == {"id": 1}

    assert server.seen == [f"{method} /api/x"] * 10


@pytest.mark.parametrize("method", METHODS)
def test_the_pause_that_the_server_asks_for_is_kept_and_a_longer_one_than_the_budget_not_begun(method):
    server = Answering(reply(429, retry_after="7"), reply(429, retry_after="3600"))

    with pytest.raises(Rejected, match="429") as caught:
        call(server.session(), method)

    assert server.pauses == [pytest.approx(7.0)]
    assert "--throttle-budget" in caught.value.findings[0].hint


def test_a_delete_of_what_is_not_there_is_no_success_because_of_a_429_before():
    server = Answering(reply(429), reply(404))

    with pytest.raises(NotFound):
        server.session().delete("/api/x")


def test_every_thread_of_a_session_waits_for_the_same_bucket():
    moments: list[float] = []
    pacer = Pacer(50)

    workers = [threading.Thread(target=lambda: moments.append(pacer.wait())) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)

    assert len(moments) == 20
    assert max(moments) - min(moments) >= 19 / 50 - CATCH_UP


def test_redirects_count_as_requests():
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/x":
            return httpx.Response(302, headers={"location": f"{URL}/api/y"})
        return httpx.Response(200, json={"id": 1})

    clock = Clock()
    session = Session(URL, token=LEGACY, settings=Settings(rate=1), transport=httpx.MockTransport(answer))
    session._sender.pacer = Pacer(1, sleep=clock.sleep, clock=clock)

    session.get("/api/x")

    assert clock.now == pytest.approx(1_001.0, abs=0.05)


def test_a_redirect_that_waits_for_its_turn_is_not_taken_for_a_slow_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.sender.PATIENCE", 1)
    elsewhere = {"/api/x": lambda: iter([head("302 Found", location="/api/y")])}
    with raw_server(lambda target: elsewhere.get(target, lambda: as_json({"id": 1}))()) as url:
        session = Session(url, token=LEGACY, settings=Settings(timeout=1.0, rate=0.8))
        assert session.get("/api/x") == {"id": 1}
