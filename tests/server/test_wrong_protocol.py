"""Certificates that do not fit, and http where https is spoken: said at once, with what to do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from lsops.errors import Rejected, Unreachable
from lsops.server import trouble
from lsops.server.retry import Backoff
from lsops.server.session import Session
from lsops.server.settings import Settings
from tests.support.certificates import self_signed, server_side
from tests.support.raw_server import label_studio_but, raw_server
from tests.support.sandbox import served

PAUSES: list[float] = []


def settings(ca_bundle: str = "", timeout: float = 5.0) -> Settings:
    PAUSES.clear()
    return Settings(ca_bundle=ca_bundle, timeout=timeout, backoff=Backoff(sleep=PAUSES.append))


@pytest.mark.parametrize(
    ("address", "days", "trusted", "words", "hint"),
    [
        ("127.0.0.1", 2, False, "self-signed certificate", "--ca-bundle FILE or SSL_CERT_FILE"),
        ("127.0.0.9", 2, True, "IP address mismatch", "that of another host"),
        ("127.0.0.1", -2, True, "certificate has expired", "has run out"),
    ],
)
def test_a_certificate_that_does_not_fit_has_a_hint_and_one_try(
    address: str, days: int, trusted: bool, words: str, hint: str, tmp_path: Path
) -> None:
    pem = self_signed(tmp_path, address, days=days)
    with (
        raw_server(label_studio_but({}), tls=server_side(pem)) as url,
        Session(url, settings=settings(str(pem) if trusted else "")) as session,
        pytest.raises(Unreachable, match=f"{url} cannot be reached: .*{words}") as caught,
    ):
        session.get("/api/version")
    assert hint in caught.value.findings[0].hint
    assert (caught.value.sent, PAUSES) == (False, [])


def test_https_where_plain_http_is_spoken_has_a_hint_and_one_try() -> None:
    with (
        raw_server(label_studio_but({})) as url,
        Session(url.replace("http:", "https:"), settings=settings()) as session,
        pytest.raises(Unreachable, match="cannot be reached") as caught,
    ):
        session.get("/api/version")
    assert "does not speak TLS: write http://" in caught.value.findings[0].hint
    assert PAUSES == []


def test_https_where_a_server_waits_for_the_end_of_a_line_has_a_hint_and_one_try() -> None:
    with (
        served() as url,
        Session(url.replace("http:", "https:"), settings=settings(timeout=0.5)) as session,
        pytest.raises(Unreachable, match="timed out") as caught,
    ):
        session.get("/api/version")
    assert "does not speak TLS: write http://" in caught.value.findings[0].hint
    assert PAUSES == []


def test_a_handshake_that_nobody_answers_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "PROBE", 0.1)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Session(f"https://127.0.0.1:{silent.getsockname()[1]}", settings=settings(timeout=0.2)) as session,
        pytest.raises(Unreachable, match="timed out") as caught,
    ):
        session.get("/api/version")
    assert "TLS" not in caught.value.findings[0].hint
    assert len(PAUSES) == 4


def test_http_where_tls_is_spoken_has_a_hint_and_one_try(tmp_path: Path) -> None:
    seen: list[str] = []
    with (
        raw_server(label_studio_but({}), seen, tls=server_side(self_signed(tmp_path))) as url,
        Session(url.replace("https:", "http:"), settings=settings()) as session,
        pytest.raises(Unreachable, match="GET /api/version: no answer") as caught,
    ):
        session.get("/api/version")
    assert f"it speaks TLS: write {url}" in caught.value.findings[0].hint
    assert (PAUSES, seen) == ([], [])


@pytest.mark.parametrize(
    "words",
    [
        "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
        "Client sent an HTTP request to an HTTPS server.",
        "Reason: You're speaking plain HTTP to an SSL-enabled server port.",
    ],
)
def test_http_that_a_proxy_in_front_expects_as_https_has_a_hint(words: str) -> None:
    with (
        raw_server(lambda target: (b"HTTP/1.1 400 Bad Request\r\n\r\n" + words.encode(),)) as url,
        Session(url, settings=settings()) as session,
        pytest.raises(Rejected, match="400 Bad Request") as caught,
    ):
        session.get("/x")
    assert "write https://" in caught.value.findings[0].hint


def test_a_handshake_that_is_cut_off_is_tried_again() -> None:
    with (
        raw_server(lambda target: (), broken=b"") as url,
        Session(url.replace("http:", "https:"), settings=settings()) as session,
        pytest.raises(Unreachable, match="cannot be reached: EOF occurred") as caught,
    ):
        session.get("/x")
    assert "write http:// if" in caught.value.findings[0].hint
    assert len(PAUSES) == 4


def test_a_connection_that_is_lost_where_no_tls_is_spoken_is_tried_again() -> None:
    seen: list[str] = []
    with (
        raw_server(lambda target: (), seen) as url,
        Session(url, settings=settings()) as session,
        pytest.raises(Unreachable, match="no answer") as caught,
    ):
        session.get("/x")
    assert caught.value.findings[0].hint == ""
    assert (len(seen), len(PAUSES)) == (5, 4)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", ".x"])
def test_a_name_that_no_host_can_have_is_an_error_of_ours(host: str) -> None:
    with (
        Session(f"http://{host}", settings=settings()) as session,
        pytest.raises(Unreachable, match="this cannot be the name of a host"),
    ):
        session.get("/x")
