"""Redirects: inside the origin for a read, nowhere for a write, and the token goes nowhere else."""

from __future__ import annotations

import httpx
import pytest

from lsops.errors import Malformed, Rejected, ServerError
from tests.server.answering import LEGACY, URL, Answering, reply

CODES = [301, 302, 303, 307, 308]
ELSEWHERE = [
    "http://evil.example/api/x",
    "https://label.example.com/api/x",
    "http://label.example.com:8080/api/x",
    "//evil.example/api/x",
    "http://label.example.com@evil.example/",
    "http://sub.label.example.com/",
]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("target", ["/api/y", f"{URL}/api/y", "HTTP://LABEL.EXAMPLE.COM:80/api/y"])
def test_a_read_is_redirected_inside_the_origin_with_its_token(code: int, target: str) -> None:
    server = Answering(reply(code, location=target), reply(200, {"id": 1}))
    assert server.session().get("/api/x") == {"id": 1}
    assert server.seen == ["GET /api/x", "GET /api/y"]
    assert server.authorized == [f"Token {LEGACY}"] * 2


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_read_is_not_redirected_to_another_origin(target: str) -> None:
    server = Answering(reply(302, location=target))
    with pytest.raises(Malformed, match="redirects to another origin"):
        server.session().get("/api/x")
    assert len(server.requests) == 1


def test_a_download_that_is_redirected_elsewhere_says_how_the_server_gives_files_itself() -> None:
    server = Answering(reply(302, location="https://bucket.s3.example.com/export.json?X-Amz-Signature=hidden"))
    with pytest.raises(Malformed) as caught, server.session().download("/api/x"):
        pass
    (finding,) = caught.value.findings
    assert finding.message == "GET /api/x redirects to another origin, https://bucket.s3.example.com"
    assert "USE_NGINX_FOR_EXPORT_DOWNLOADS" in finding.hint
    assert len(server.requests) == 1


def test_the_second_redirect_is_looked_at_too() -> None:
    server = Answering(reply(302, location="/api/y"), reply(302, location="http://evil.example/"))
    with pytest.raises(Malformed, match=r"http://evil\.example"):
        server.session().get("/api/x")
    assert len(server.requests) == 2


def test_what_a_redirect_carries_in_its_user_part_is_not_shown() -> None:
    server = Answering(reply(302, location="http://ana:hidden@evil.example/?key=hidden"))
    with pytest.raises(Malformed) as caught:
        server.session().get("/api/x")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("target", ["/api/y", "http://evil.example/"])
@pytest.mark.parametrize("code", CODES)
def test_a_write_is_never_redirected(method: str, target: str, code: int) -> None:
    server = Answering(reply(code, location=target))
    session = server.session()
    with pytest.raises(Rejected, match=f"{method} /api/x: {code}"):
        session.delete("/api/x") if method == "DELETE" else getattr(session, method.lower())("/api/x", {})
    assert server.seen == [f"{method} /api/x"]


def test_a_circle_of_redirects_ends() -> None:
    server = Answering(reply(302, location="/api/x"))
    with pytest.raises(ServerError, match="302"):
        server.session().get("/api/x")
    assert len(server.requests) < 10


@pytest.mark.parametrize("target", ["http://[", "ftp://label.example.com/", "javascript:alert(1)", "http://:99999/"])
def test_a_redirect_to_nonsense_is_an_error_of_ours(target: str) -> None:
    server = Answering(httpx.Response(302, headers={"location": target}))
    with pytest.raises(ServerError):
        server.session().get("/api/x")
