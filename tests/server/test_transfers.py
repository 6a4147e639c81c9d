"""Downloads that are larger than memory, and uploads of files."""

from __future__ import annotations

import io
import time
from itertools import repeat

import httpx
import pytest

from lsops.errors import Malformed, Rejected, Unreachable
from lsops.server import bounds
from lsops.server.retry import Backoff
from lsops.server.session import Session
from lsops.server.settings import Settings
from tests.server.answering import LEGACY, Answering, reply
from tests.support.raw_server import MIB, Sent, head, packed, plain, raw_server

PATH = "/api/projects/1/exports/2/download"


def session_with(url: str, timeout: float = 30.0) -> Session:
    return Session(url, token=LEGACY, settings=Settings(timeout=timeout, backoff=Backoff(first=0.01)))


def read(session: Session) -> int:
    with session, session.download(PATH) as found:
        return sum(map(len, found.parts()))


@pytest.mark.parametrize("answer", [plain(80 * MIB, content_length=str(80 * MIB)), packed(80 * MIB)])
def test_a_download_is_larger_than_an_answer_may_be_and_comes_in_parts_of_a_mib(answer: Sent) -> None:
    with raw_server(lambda target: answer) as url, session_with(url) as session, session.download(PATH) as found:
        sizes = [len(part) for part in found.parts()]
    assert sum(sizes) == 80 * MIB > bounds.LARGEST
    assert max(sizes) <= MIB


def test_it_is_bounded_by_its_progress_and_not_by_its_whole_time() -> None:
    def slow() -> Sent:
        yield head(content_length=str(30 * MIB))
        for _ in range(30):
            time.sleep(0.02)
            yield b"x" * MIB

    with raw_server(lambda target: slow()) as url:
        assert read(session_with(url, timeout=0.05)) == 30 * MIB


def test_one_that_stops_to_move_ends_with_an_error() -> None:
    def drip() -> Sent:
        yield head()
        for _ in repeat(None):
            time.sleep(5)
            yield b""

    with raw_server(lambda target: drip()) as url, pytest.raises(Unreachable, match="broke off after 0 bytes"):
        read(session_with(url, timeout=0.1))


def test_one_that_ends_early_is_an_error_and_not_a_short_file() -> None:
    with (
        raw_server(lambda target: plain(2 * MIB, content_length=str(3 * MIB))) as url,
        pytest.raises(Unreachable, match=r"broke off after 2,097,152 bytes"),
    ):
        read(session_with(url))


def test_what_cannot_be_unpacked_is_an_error() -> None:
    broken = (head(content_encoding="gzip"), b"this is no gzip")
    with raw_server(lambda target: broken) as url, pytest.raises(Malformed, match="cannot be unpacked"):
        read(session_with(url))


def test_a_refusal_has_the_server_s_words_and_a_transient_one_is_asked_again() -> None:
    server = Answering(reply(503), reply(400, {"detail": "not ready"}))
    with pytest.raises(Rejected, match="not ready"):
        read(server.session())
    assert len(server.requests) == 2


def test_a_redirect_to_another_origin_is_not_followed_and_the_token_stays() -> None:
    server = Answering(httpx.Response(302, headers={"location": "https://elsewhere.example.com/x"}))
    with pytest.raises(Malformed, match="another origin"):
        read(server.session())
    assert len(server.requests) == 1


def test_files_are_sent_as_a_form_with_their_names() -> None:
    server = Answering(reply(201, {"file_upload_ids": [7]}))
    with server.session() as session:
        answer = session.upload("/api/projects/1/import", {"file": ("a.csv", io.BytesIO(b"text\nx\n"), "text/csv")})
    (request,) = server.requests
    assert answer == {"file_upload_ids": [7]}
    assert b'filename="a.csv"' in request.read()
    assert request.headers["content-type"].startswith("multipart/form-data")


def test_an_upload_that_was_not_sent_is_sent_again_whole() -> None:
    server = Answering(httpx.ConnectError("refused"), lambda request: reply(201, {"size": len(request.read())}))
    with server.session() as session:
        answer = session.upload("/api/projects/1/import", {"file": ("a.txt", io.BytesIO(b"x" * 1000), "text/plain")})
    assert answer["size"] > 1000
    assert len(server.requests) == 2
