"""What is sent again, after how long, and what never is."""

from __future__ import annotations

import threading
import time
from email.utils import formatdate

import httpx
import pytest

from lsops.errors import Malformed, NotFound, ResultUnknown, ServerError, ServerFault, Unreachable
from lsops.server.retry import Backoff, asked_pause
from lsops.server.session import Session
from lsops.server.settings import Exchange, Settings
from tests.server.answering import LEGACY, URL, Answering, reply

TRANSIENT = [408, 502, 503, 504]
LOST = [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), httpx.RemoteProtocolError("cut"), ConnectionResetError()]
NOT_SENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]


def send(session: Session, method: str) -> object:
    """One call of the method, with a body where it takes one."""
    return {
        "GET": lambda: session.get("/api/x"),
        "PATCH": lambda: session.patch("/api/x", {"a": 1}),
        "DELETE": lambda: session.delete("/api/x"),
        "POST": lambda: session.post("/api/x", {"a": 1}),
    }[method]()


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("trouble", [*map(reply, TRANSIENT), *LOST, *NOT_SENT], ids=repr)
def test_a_read_an_update_and_a_delete_are_repeated(method: str, trouble: httpx.Response | Exception) -> None:
    server = Answering(trouble, trouble, reply(200, {"id": 1}))
    assert send(server.session(), method) == {"id": 1}
    assert server.seen == [f"{method} /api/x"] * 3


@pytest.mark.parametrize("trouble", [*map(reply, TRANSIENT), *LOST], ids=repr)
def test_a_post_that_may_have_arrived_is_never_repeated(trouble: httpx.Response | Exception) -> None:
    server = Answering(trouble, reply(201, {"id": 1}))
    with pytest.raises(ServerError):
        send(server.session(), "POST")
    assert server.seen == ["POST /api/x"]


@pytest.mark.parametrize("trouble", NOT_SENT, ids=repr)
def test_a_post_of_which_nothing_was_sent_is_repeated(trouble: Exception) -> None:
    server = Answering(trouble, reply(201, {"id": 1}))
    assert send(server.session(), "POST") == {"id": 1}
    assert server.seen == ["POST /api/x"] * 2


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize("status", [400, 404, 409, 500, 501])
def test_another_answer_is_final(method: str, status: int) -> None:
    server = Answering(reply(status, {"detail": "no"}))
    with pytest.raises(ServerError):
        send(server.session(), method)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("method", "trouble", "kind", "sent"),
    [
        ("GET", LOST[0], Unreachable, True),
        ("PATCH", LOST[0], ResultUnknown, True),
        ("DELETE", LOST[1], ResultUnknown, True),
        ("POST", LOST[2], ResultUnknown, True),
        ("POST", NOT_SENT[0], Unreachable, False),
        ("GET", NOT_SENT[1], Unreachable, False),
    ],
)
def test_an_answer_that_never_comes_says_what_is_known(
    method: str, trouble: Exception, kind: type[ServerError], sent: bool
) -> None:
    with pytest.raises(Unreachable) as caught:
        send(Answering(trouble).session(), method)
    assert type(caught.value) is kind
    assert (caught.value.sent, caught.value.status) == (sent, None)


def test_an_answer_that_cannot_be_unpacked_is_an_error_of_ours() -> None:
    broken = lambda request: httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"no gzip")  # noqa: E731
    with pytest.raises(ServerError):
        Answering(broken).session().get("/api/x")


def test_tries_are_bounded_and_pauses_grow() -> None:
    server = Answering(reply(503))
    with pytest.raises(ServerFault, match="GET /api/x: 503"):
        server.session().get("/api/x")
    assert len(server.requests) == 5
    assert all(0.25 * 2**n <= pause <= 0.5 * 2**n for n, pause in enumerate(server.pauses))


def test_the_budget_ends_the_waiting() -> None:
    server = Answering(reply(503))
    with pytest.raises(ServerFault):
        server.session(first=4.0, budget=5.0).get("/api/x")
    assert 1 <= len(server.pauses) <= 2
    assert sum(server.pauses) <= 5.0


def test_the_pause_that_the_server_asks_for_is_kept() -> None:
    server = Answering(reply(503, retry_after="7"), reply(200, {}))
    server.session().get("/api/x")
    assert server.pauses == [7.0]


def test_a_pause_beyond_the_budget_is_not_waited_for() -> None:
    server = Answering(reply(503, retry_after="3600"), reply(200, {}))
    with pytest.raises(ServerFault, match="503"):
        server.session().get("/api/x")
    assert server.pauses == []


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("2", 2, 2),
        (" 2 ", 2, 2),
        (formatdate(time.time() + 86_400, usegmt=True), 80_000, 86_401),
        (formatdate(time.time() - 30, usegmt=True), 0, 0),
    ],
    ids=["seconds", "with blanks", "a date to come", "a date gone by"],
)
def test_a_retry_after_is_read_as_seconds_or_as_a_date(header: str, least: float, most: float) -> None:
    asked = asked_pause(header)
    assert asked is not None
    assert least <= asked <= most


@pytest.mark.parametrize(
    "header", [None, "", "soon", "-1", "²", "1.5.2", "Wed, 99 Foo 2026 99:99:99 GMT", "Mon, 01 Jan 0001 00:00:00 -2300"]
)
def test_a_retry_after_that_says_nothing_is_left_alone(header: str | None) -> None:
    assert not asked_pause(header)


def test_a_404_to_a_repeated_delete_is_success() -> None:
    server = Answering(httpx.ReadTimeout("slow"), reply(404, {"detail": "gone"}))
    assert server.session().delete("/api/x") is None


def test_a_404_to_a_first_delete_is_an_error() -> None:
    with pytest.raises(NotFound):
        Answering(reply(404, {"detail": "gone"})).session().delete("/api/x")


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_404_to_another_repeated_call_is_an_error(method: str) -> None:
    with pytest.raises(NotFound):
        send(Answering(reply(502), reply(404)).session(), method)


def test_every_attempt_is_told_without_its_query() -> None:
    told: list[Exchange] = []
    server = Answering(reply(503), reply(200, {}))
    settings = Settings(backoff=Backoff(sleep=server.pauses.append), on_exchange=told.append)
    session = Session(URL, token=LEGACY, settings=settings, transport=httpx.MockTransport(server))
    session.get("/api/x", {"secret": "word"})
    assert [(one.path, one.status, one.attempt, one.retrying) for one in told] == [
        ("/api/x", 503, 1, True),
        ("/api/x", 200, 2, False),
    ]


def test_an_empty_answer_is_none() -> None:
    assert Answering(httpx.Response(204)).session().delete("/api/x") is None


def test_a_cut_answer_is_not_read_again() -> None:
    server = Answering(httpx.Response(200, content=b'{"id": 1, "ti'))
    with pytest.raises(Malformed, match="cut off"):
        server.session().get("/api/x")
    assert len(server.requests) == 1


def test_after_an_interrupt_nobody_waits_for_what_is_in_flight() -> None:
    in_flight, answered, begun = threading.Event(), threading.Event(), time.monotonic()

    def work(number: int) -> None:
        if number == 1:
            in_flight.wait(10)
            raise KeyboardInterrupt
        in_flight.set()
        answered.wait(10)

    session = Answering(reply()).session()
    session.settle_edition("enterprise")
    with pytest.raises(KeyboardInterrupt):
        session.map(work, (1, 0), limit=2)
    assert time.monotonic() - begun < 5
    answered.set()
