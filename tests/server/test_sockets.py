"""A session over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from lsops.errors import ResultUnknown, Unauthorized, Unreachable
from lsops.server.facts import read_facts
from lsops.server.retry import Backoff
from lsops.server.session import Session
from lsops.server.settings import Settings
from tests.support.sandbox import served

TOKEN = "f" * 40
QUICK = Settings(backoff=Backoff(first=0.01), timeout=5.0)


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_connection_that_is_refused_sent_nothing(unused_port: int) -> None:
    with Session(f"http://127.0.0.1:{unused_port}", token=TOKEN, settings=QUICK) as session:
        with pytest.raises(Unreachable, match="cannot be reached") as caught:
            session.post("/api/projects/", {})
        assert caught.value.sent is False


@pytest.mark.parametrize("edition", ["community", "enterprise"])
def test_the_edition_decides_how_many_calls_run_at_a_time(edition: str) -> None:
    with served(edition=edition, token=TOKEN) as url, Session(url, token=TOKEN, settings=QUICK) as session:
        assert read_facts(session).edition == edition
        assert (session.concurrency, session.write_concurrency) == ((2, 1) if edition == "community" else (16, 4))
        assert session.map(lambda number: session.get("/api/version")["edition"].lower(), range(20)) == [edition] * 20


def test_a_lost_connection_is_repeated_for_a_read_and_told_for_a_create() -> None:
    faults = ("GET /api/projects/:drop:times=1", "POST /api/projects/:drop:times=1")
    with served(token=TOKEN, faults=faults) as url, Session(url, token=TOKEN, settings=QUICK) as session:
        assert session.pages("/api/projects/") == []
        with pytest.raises(ResultUnknown, match="POST /api/projects/: no answer"):
            session.post("/api/projects/", {"title": "One"})


def test_a_slow_answer_is_a_timeout() -> None:
    impatient = Settings(timeout=0.2, backoff=Backoff(tries=1))
    with (
        served(token=TOKEN, faults=("GET /api/projects/:delay=1",)) as url,
        Session(url, token=TOKEN, settings=impatient) as session,
        pytest.raises(Unreachable, match="timed out"),
    ):
        session.get("/api/projects/")


def test_a_personal_token_of_the_sandbox_is_exchanged_and_works(tmp_path) -> None:
    database = tmp_path / "sandbox.db"
    legacy = TOKEN
    with served(database, token=legacy) as url:
        with Session(url, token=legacy, settings=QUICK) as session:
            personal = session.post("/api/token/", {})["token"]
        with Session(url, token=personal, settings=QUICK) as session:
            assert session.credentials.kind == "personal"
            assert read_facts(session).email == "owner@example.com"


def test_a_wrong_token_is_unauthorized_and_not_in_the_message() -> None:
    with served(token=TOKEN) as url, Session(url, token="e" * 40, settings=QUICK) as session:
        with pytest.raises(Unauthorized) as caught:
            read_facts(session)
        assert "e" * 40 not in str(caught.value)


def test_plain_http_to_another_machine_is_worth_a_warning() -> None:
    for url, warns in (
        ("http://label.example.com", True),
        ("https://label.example.com", False),
        ("http://[::1]", False),
    ):
        with Session(url) as session:
            assert session.warns_of_plain_http is warns
