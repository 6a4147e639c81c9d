"""Which Authorization header is sent, and when a personal access token is exchanged."""

from __future__ import annotations

import json
import threading
import time

import httpx
import pytest

from lsops.errors import NotFound, ServerError, Unauthorized, Unreachable
from lsops.server.tokens import PersonalAccessToken, is_personal
from tests.server.answering import LEGACY, Answering, jwt, reply

PERSONAL = jwt("refresh", lives=1e9)
REFRESH = "POST /api/token/refresh/"


class Exchange:
    """A server that gives a new access token for each exchange and accepts the latest one, or none."""

    def __init__(self, *, lives: float = 300.0, accepts: bool = True, ahead: float = 0.0) -> None:
        self.lives, self.accepts, self.ahead = lives, accepts, ahead
        self.current = ""
        self.given = 0
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/token/refresh/":
            assert json.loads(request.content) == {"refresh": PERSONAL}
            with self._lock:
                self.given += 1
                self.current = jwt(f"access-{self.given}", lives=self.lives, issued=time.time() + self.ahead)
            return reply(200, {"access": self.current})
        good = self.accepts and request.headers.get("Authorization") == f"Bearer {self.current}"
        return reply(200, {"id": 1}) if good else reply(401, {"detail": "no credentials"})


def test_a_legacy_token_is_sent_as_it_is() -> None:
    server = Answering(reply(200, {}))
    server.session(LEGACY).get("/api/x")
    assert server.authorized == [f"Token {LEGACY}"]


def test_without_a_token_no_header_is_sent() -> None:
    server = Answering(reply(200, {}))
    server.session("").get("/api/x")
    assert server.authorized == [""]


def test_the_version_is_asked_without_the_token() -> None:
    server = Answering(reply(200, {}))
    server.session(LEGACY).get("/api/version")
    assert server.authorized == [""]


@pytest.mark.parametrize(
    ("token", "personal"),
    [(LEGACY, False), (PERSONAL, True), ("a.b.c", False), ("eyJ.only", False)],
    ids=["legacy", "personal", "three parts", "two parts"],
)
def test_a_token_is_told_by_its_shape(token: str, personal: bool) -> None:
    assert is_personal(token) is personal


def test_a_personal_token_is_exchanged_once_and_never_sent_itself() -> None:
    exchange = Exchange()
    server = Answering(exchange)
    session = server.session(PERSONAL)
    session.get("/api/x")
    session.get("/api/x")
    assert server.seen == [REFRESH, "GET /api/x", "GET /api/x"]
    assert server.authorized == ["", f"Bearer {exchange.current}", f"Bearer {exchange.current}"]


def test_a_token_about_to_end_is_exchanged_before_it_does() -> None:
    server = Answering(Exchange(lives=20.0))
    session = server.session(PERSONAL)
    session.get("/api/x")
    session.get("/api/x")
    assert server.seen == [REFRESH, "GET /api/x"] * 2


@pytest.mark.parametrize("ahead", [-3600.0, 3600.0])
def test_a_server_with_another_clock_costs_no_extra_exchanges(ahead: float) -> None:
    server = Answering(Exchange(ahead=ahead))
    session = server.session(PERSONAL)
    for _ in range(3):
        session.get("/api/x")
    assert server.seen.count(REFRESH) == 1


def test_after_a_401_the_token_is_exchanged_and_the_call_repeated() -> None:
    exchange = Exchange()
    server = Answering(exchange)
    session = server.session(PERSONAL)
    session.get("/api/x")
    exchange.current = "revoked"
    assert session.post("/api/x", {}) == {"id": 1}
    assert server.seen[2:] == ["POST /api/x", REFRESH, "POST /api/x"]


@pytest.mark.parametrize(("token", "calls"), [(LEGACY, 1), (PERSONAL, 2)], ids=["legacy", "personal"])
def test_a_401_that_stays_is_an_error_after_one_renewal(token: str, calls: int) -> None:
    server = Answering(Exchange(accepts=False))
    with pytest.raises(Unauthorized, match="GET /api/x: 401"):
        server.session(token).get("/api/x")
    assert server.seen.count("GET /api/x") == calls


def test_a_personal_token_that_is_not_accepted_is_an_unauthorized_error() -> None:
    server = Answering(reply(401, {"detail": "Token is blacklisted"}))
    with pytest.raises(Unauthorized, match="Token is blacklisted"):
        server.session(PERSONAL).get("/api/x")
    assert server.seen == [REFRESH]


@pytest.mark.parametrize("body", [{}, [], {"access": None}, "words"])
def test_an_exchange_that_gives_no_token_is_an_error(body: object) -> None:
    with pytest.raises(Unauthorized, match="did not exchange"):
        Answering(reply(200, body)).session(PERSONAL).get("/api/x")


@pytest.mark.parametrize("trouble", [reply(503), httpx.ReadTimeout("slow"), httpx.ConnectError("refused")])
def test_an_exchange_is_repeated_like_a_read(trouble: httpx.Response | Exception) -> None:
    server = Answering(trouble, Exchange())
    server.session(PERSONAL).post("/api/x", {})
    assert server.seen == [REFRESH, REFRESH, "POST /api/x"]


@pytest.mark.parametrize("answer", [reply(503), reply(500), httpx.ReadTimeout("slow")], ids=repr)
def test_a_server_that_cannot_exchange_got_nothing_of_the_request(answer: httpx.Response | Exception) -> None:
    with pytest.raises(Unreachable) as caught:
        Answering(answer).session(PERSONAL).post("/api/x", {})
    assert caught.value.sent is False


def test_an_exchange_that_the_server_lacks_is_no_404_of_the_request() -> None:
    with pytest.raises(Unauthorized, match="POST /api/token/refresh/: 404"):
        Answering(reply(404)).session(PERSONAL).delete("/api/x")


def test_a_404_after_a_renewed_token_is_that_of_a_first_delete() -> None:
    server = Answering(reply(200, {"access": "one"}), reply(401), reply(200, {"access": "two"}), reply(404))
    with pytest.raises(NotFound):
        server.session(PERSONAL).delete("/api/x")


def test_a_failed_exchange_does_not_make_the_result_of_a_write_unknown() -> None:
    server = Answering(httpx.ReadTimeout("slow"))
    with pytest.raises(ServerError) as caught:
        server.session(PERSONAL).post("/api/x", {})
    assert caught.value.code != "LS708"


@pytest.mark.parametrize("access", ["opaque", "a.b.c", "eyJ.e30.x", f"x.{'!' * 9}.y", "x.eyJleHAiOiAxZTk5OTl9.y"])
def test_an_access_token_that_cannot_be_read_is_still_used(access: str) -> None:
    server = Answering(reply(200, {"access": access}))
    session = server.session(PERSONAL)
    session.get("/api/x")
    assert server.authorized[-1] == f"Bearer {access}"


def test_many_threads_share_one_exchange() -> None:
    server = Answering(Exchange())
    session = server.session(PERSONAL)
    with session:
        assert session.map(lambda number: session.get("/api/x"), range(64)) == [{"id": 1}] * 64
    assert server.seen.count(REFRESH) == 1


def test_many_threads_that_meet_a_revoked_token_renew_it_once() -> None:
    exchange = Exchange()
    server = Answering(exchange)
    session = server.session(PERSONAL)
    session.get("/api/x")
    exchange.current = "revoked"
    with session:
        session.map(lambda number: session.get("/api/x"), range(32))
    assert server.seen.count(REFRESH) == 2


def test_a_token_that_was_renewed_meanwhile_is_not_renewed_again() -> None:
    token = PersonalAccessToken(PERSONAL, lambda refresh: "must not be asked for")
    token._access, token._ends = "newer", time.time() + 300
    assert token.renew("Bearer older")
    assert token.header() == "Bearer newer"
