"""Answers that are too large, too slow, or never end: an error in time, whatever it is an answer to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import nullcontext
from itertools import repeat
from pathlib import Path

import httpx
import pytest

from lsops.errors import Malformed, ResultUnknown, ServerError, ServerFault, Unauthorized, Unreachable
from lsops.server import bounds
from lsops.server.retry import Backoff
from lsops.server.session import Session
from lsops.server.settings import Settings
from tests.server.answering import LEGACY, Answering, jwt
from tests.support.raw_server import MIB, Sent, as_json, head, label_studio_but, packed, plain, raw_server

GIB = 1024 * MIB
PATH = "/api/projects/"
ONE_PAGE = {"count": 10**9, "next": "x", "previous": None, "results": [{"id": 1, "title": "One"}]}


def drip(first: bytes) -> Sent:
    """A byte now and then, for ever."""
    yield first
    for _ in repeat(None):
        time.sleep(0.05)
        yield b" "


def session_with(url: str, *, token: str = LEGACY, timeout: float = 30.0) -> Session:
    return Session(url, token=token, settings=Settings(timeout=timeout, backoff=Backoff(first=0.01)))


HOSTILE: dict[str, tuple[Callable[[], Sent], str]] = {
    "plain": (lambda: plain(GIB), "LS707]: GET /api/projects/: the answer is larger than 64 MiB"),
    "announced": (lambda: plain(GIB, content_length=str(GIB)), "the answer is larger than 64 MiB"),
    "gzip": (lambda: packed(GIB), "LS707]: GET /api/projects/: the answer is larger than 64 MiB"),
    "deflate": (lambda: packed(GIB, "deflate"), "the answer is larger than 64 MiB"),
    "gzip in gzip": (lambda: packed(GIB, times=2), 'packed as "gzip, gzip", which lsops did not ask for'),
    "error": (lambda: (b"HTTP/1.1 400 No\r\n\r\n", *repeat(b"[" * MIB, 1024)), "LS705]: GET /api/projects/: 400 No"),
    "drip": (lambda: drip(head()), "LS701]: GET /api/projects/: no answer: it did not end within 10 times --timeout"),
    "drip of headers": (lambda: drip(b"HTTP/1.1 200 OK\r\nx: "), "it did not end within 10 times --timeout"),
    "drip of an error": (lambda: drip(head("503 Busy")), "it did not end within 10 times --timeout"),
    "repeated page": (lambda: as_json(ONE_PAGE), "LS707]: GET /api/projects/: the list of pages does not end"),
}


@pytest.mark.thinned(5)
@pytest.mark.parametrize(("answer", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_plan_ends_with_an_error_in_little_memory_and_in_time(
    answer: Callable[[], Sent], words: str, tmp_path: Path
) -> None:
    (tmp_path / "lsops.yaml").write_text("version: 1\nprojects: {One: {}}\n")
    seen: list[str] = []
    with raw_server(label_studio_but({PATH: answer}), seen) as url:
        environ = {**os.environ, "LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": LEGACY, "LSOPS_TIMEOUT": "0.5"}
        started = time.monotonic()
        code, said, peak = measured([sys.executable, "-m", "lsops", "plan", str(tmp_path)], environ)
    assert (code, words in said) == (1, True), said
    assert peak < 200 * MIB
    assert time.monotonic() - started < 5 + 20  # the deadline, and what this machine needs to start and to pack
    assert len(seen) <= 4


@pytest.mark.thinned(1)
@pytest.mark.parametrize(("size", "words"), [(GIB, "is larger than 64 MiB"), (60 * MIB, "something that is not JSON")])
def test_many_large_answers_at_once_take_no_more_memory_than_one(size: int, words: str) -> None:
    script = """
import sys
from lsops.server.session import Session
with Session(sys.argv[1], token="x") as session:
    session.settle_edition("enterprise")
    print(*session.map(lambda number: session.get(f"/{number}"), range(16)), sep=chr(10))
"""
    with raw_server(lambda target: plain(size)) as url:
        code, said, peak = measured([sys.executable, "-c", script, url], dict(os.environ))
    assert (code, said.count(words)) == (0, 16), said
    assert peak < 200 * MIB


MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
print(json.dumps([done.returncode, done.stdout, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""
"""A small process in between: what a test run of a gigabyte starts would count its memory as its own."""


def measured(command: list[str], environ: dict[str, str]) -> tuple[int, str, int]:
    """Exit code, output, and the most memory that the command held, in bytes."""
    between = [sys.executable, "-S", "-c", MEASURE, *command]
    code, said, held = json.loads(subprocess.run(between, env=environ, capture_output=True, check=True).stdout)
    return code, said, held * (1 if sys.platform == "darwin" else 1024)


def test_a_write_whose_answer_does_not_end_has_an_unknown_result() -> None:
    with raw_server(lambda target: drip(head())) as url, session_with(url, timeout=0.1) as session:
        for write in (lambda: session.post("/x", {}), lambda: session.patch("/x", {}), lambda: session.delete("/x")):
            with pytest.raises(ResultUnknown, match="no answer: it did not end"):
                write()


def test_a_write_whose_answer_is_too_large_makes_no_sense() -> None:
    seen: list[str] = []
    with (
        raw_server(lambda target: packed(65 * MIB), seen) as url,
        session_with(url) as session,
        pytest.raises(Malformed, match="POST /x: the answer is larger than 64 MiB"),
    ):
        session.post("/x", {})
    assert seen == ["/x"]


@pytest.mark.parametrize(
    ("answer", "timeout", "kind", "words"),
    [
        (lambda: packed(65 * MIB), 30, Malformed, "POST /api/token/refresh/: the answer is larger"),
        (lambda: drip(head()), 0.2, Unreachable, "POST /api/token/refresh/: no answer: it did not end"),
        (lambda: (b"HTTP/1.1 401 No\r\n\r\n", *repeat(b"x" * MIB, 3)), 30, Unauthorized, "401 No"),
    ],
)
def test_the_exchange_of_a_token_has_the_same_bounds(
    answer: Callable[[], Sent], timeout: float, kind: type[ServerError], words: str
) -> None:
    with (
        raw_server(lambda target: answer()) as url,
        session_with(url, token=jwt("p"), timeout=timeout) as session,
        pytest.raises(kind, match=words),
    ):
        session.get("/x")


def test_what_follows_a_redirect_has_the_same_bounds_and_the_same_end() -> None:
    def answers(target: str) -> Sent:
        return drip(b"HTTP/1.1 200 OK\r\n\r\n") if target == "/y" else (b"HTTP/1.1 302 Go\r\nlocation: /y\r\n\r\n",)

    with raw_server(answers) as url, session_with(url, timeout=0.1) as session:
        started = time.monotonic()
        with pytest.raises(Unreachable, match="GET /x: no answer: it did not end"):
            session.get("/x")
    assert time.monotonic() - started < 5


def test_an_error_is_told_by_the_beginning_of_its_body() -> None:
    body = b"HTTP/1.1 500 Broken\r\ncontent-type: text/html\r\n\r\n<html><title>Out of order</title>"
    with (
        raw_server(lambda target: (body, *repeat(b"x" * MIB, 50))) as url,
        session_with(url) as session,
        pytest.raises(ServerFault, match='500 Broken: an HTML page titled "Out of order"'),
    ):
        session.get("/x")


BODY = b'[{"id": 1}]'
FORMS = {
    "plain": ({}, BODY),
    "identity": ({"content-encoding": "identity"}, BODY),
    "gzip": ({"content-encoding": "gzip"}, zlib.compress(BODY, wbits=31)),
    "x-gzip": ({"content-encoding": " X-GZip"}, zlib.compress(BODY, wbits=31)),
    "deflate": ({"content-encoding": "deflate"}, zlib.compress(BODY)),
    "with more after it": ({"content-encoding": "gzip"}, zlib.compress(BODY, wbits=31) + b"more"),
}


@pytest.mark.parametrize(("headers", "content"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("pieces", [1, 1000])
def test_an_answer_is_unpacked_in_whatever_pieces_it_comes(
    headers: dict[str, str], content: bytes, pieces: int
) -> None:
    size = max(len(content) // pieces, 1)
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    server = Answering(lambda request: httpx.Response(200, headers=headers, content=iter(parts)))
    assert server.session().array("/x") == [{"id": 1}]
    assert server.requests[0].headers["accept-encoding"] == bounds.ACCEPTED


@pytest.mark.parametrize(
    ("packing", "content", "words"),
    [
        ("br", b"\x0b\x05\x80[]\x03", 'packed as "br", which lsops did not ask for'),
        ("zstd", b"x", 'packed as "zstd"'),
        ("gzip", b"no gzip at all", "cannot be unpacked"),
        ("gzip", zlib.compress(BODY, wbits=31)[:-12], "cut off"),
    ],
)
def test_a_packing_that_is_wrong_or_was_not_asked_for_is_told(packing: str, content: bytes, words: str) -> None:
    headers = {"content-encoding": packing}
    server = Answering(lambda request: httpx.Response(200, headers=headers, content=iter([content])))
    with pytest.raises(Malformed, match=words):
        server.session().get("/x")
    assert len(server.requests) == 1


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
def test_an_answer_may_have_the_largest_size_and_no_more(
    size: int, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LARGEST", 1000)
    text = b'"' + b"x" * (size - 2) + b'"'
    session = Answering(lambda request: httpx.Response(200, content=iter([text]))).session()
    with nullcontext() if fits else pytest.raises(Malformed, match="is larger than"):
        assert session.get("/x") == "x" * (size - 2)
