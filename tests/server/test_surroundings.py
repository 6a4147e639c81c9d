"""Proxies and certificates that the environment names: used as httpx uses them, and named where they do not work."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsops.errors import Rejected, Unreachable, UsageError
from lsops.server.retry import Backoff
from lsops.server.session import Session
from lsops.server.settings import Settings
from tests.server.answering import LEGACY
from tests.support.certificates import self_signed, server_side
from tests.support.cli import Lsops
from tests.support.label_studio import free_port
from tests.support.raw_server import as_json, label_studio_but, raw_server

HTTP, HTTPS = "http://label.example.com", "https://label.example.com"
PLAIN = "version: 1\nprojects: {}\n"


UNUSABLE = {
    "socks": (HTTP, {"ALL_PROXY": "socks5://127.0.0.1:1"}, "ALL_PROXY names a SOCKS proxy", "httpx[socks]"),
    "socks elsewhere": (
        HTTP,
        {"ALL_PROXY": "socks5h://127.0.0.1:1", "NO_PROXY": "label.example.com"},
        "ALL_PROXY names a SOCKS proxy",
        "httpx[socks]",
    ),
    "scheme": (HTTP, {"HTTP_PROXY": "foo://x"}, "HTTP_PROXY is not the URL of a proxy", "http://proxy"),
    "small letters": (HTTPS, {"https_proxy": "foo://x"}, "https_proxy is not the URL", "http://proxy"),
    "one of two": (HTTP, {"HTTP_PROXY": "http://x", "HTTPS_PROXY": "://"}, "HTTPS_PROXY is not the URL", ""),
    "port": (HTTP, {"HTTP_PROXY": "http://h:port"}, "HTTP_PROXY is not the URL of a proxy", ""),
    "bracket": (HTTP, {"HTTP_PROXY": "http://[::1"}, "HTTP_PROXY is not the URL of a proxy", ""),
    "host": (HTTP, {"ALL_PROXY": "http://\u2603"}, "ALL_PROXY is not the URL of a proxy", ""),
    "no host": (HTTP, {"NO_PROXY": "[::1]:80"}, "NO_PROXY holds what is no host", "comma"),
    "certificates": (HTTPS, {"SSL_CERT_FILE": "/nonexistent.pem"}, "SSL_CERT_FILE: /nonexistent.pem cannot", "PEM"),
    "a folder": (HTTPS, {"SSL_CERT_FILE": "/"}, "SSL_CERT_FILE: / cannot be used", ""),
    "no certificate": (HTTPS, {"SSL_CERT_FILE": __file__}, "SSL_CERT_FILE: .* cannot be used", ""),
    "keys": (HTTPS, {"SSLKEYLOGFILE": "/nonexistent/keys"}, "SSLKEYLOGFILE: /nonexistent/keys cannot", "unset"),
}


@pytest.mark.parametrize(("url", "environ", "words", "hint"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_setting_that_cannot_be_used_is_a_usage_error_that_names_the_variable(
    url: str, environ: dict[str, str], words: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=words) as caught:
        Session(url, settings=Settings(environ=environ))
    (finding,) = caught.value.findings
    assert (finding.code, caught.value.exit_code) == ("LS605", 3)
    assert hint in finding.hint


@pytest.mark.parametrize(("environ", "words"), [(case[1], case[2]) for case in UNUSABLE.values()], ids=UNUSABLE)
def test_the_command_line_ends_with_3_and_the_variable_s_name(
    environ: dict[str, str], words: str, lsops: Lsops
) -> None:
    lsops.write(PLAIN)
    lsops.setenv(LABEL_STUDIO_API_KEY=LEGACY, **environ)
    ran = lsops("plan", "--server", HTTPS)
    assert ran.code == 3
    assert f"error[LS605]: {words.split(maxsplit=1)[0].rstrip(':')}" in ran.err


def test_a_key_log_that_cannot_be_written_is_not_blamed_on_the_ca_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"SSLKEYLOGFILE": "/nonexistent/keys"}
    monkeypatch.setenv(*next(iter(environ.items())))
    with pytest.raises(UsageError, match="SSLKEYLOGFILE"):
        Session(HTTPS, settings=Settings(environ=environ, ca_bundle=str(self_signed(tmp_path))))


def quick(environ: dict[str, str]) -> Settings:
    return Settings(environ=environ, timeout=5.0, backoff=Backoff(first=0.01, tries=2))


@pytest.fixture
def dead() -> str:
    """A proxy that is not there."""
    return f"http://ana:hidden@127.0.0.1:{free_port()}"


@pytest.mark.parametrize("url", [HTTP, HTTPS])
@pytest.mark.parametrize("told", [True, False])
def test_a_dead_proxy_is_named_and_not_the_server(
    url: str, told: bool, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", dead)
    with (
        Session(url, settings=quick({"ALL_PROXY": dead} if told else {})) as session,
        pytest.raises(Unreachable, match=f"{url} cannot be reached: the proxy 127.0.0.1:") as caught,
    ):
        session.get("/api/version")
    assert ("which ALL_PROXY names: " in str(caught.value)) is told
    assert "refused" in str(caught.value)
    assert "hidden" not in repr(caught.value.findings)


def test_a_proxy_that_refuses_is_told_as_the_proxy_and_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    with raw_server(lambda target: (b"HTTP/1.1 407 Who are you\r\n\r\n",), seen) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with (
            Session(HTTPS, settings=quick({"HTTPS_PROXY": proxy})) as session,
            pytest.raises(Unreachable, match="which HTTPS_PROXY names, refuses: 407 Who are you"),
        ):
            session.get("/api/version")
    assert seen == ["label.example.com:443"]


def test_a_proxy_s_own_status_has_a_hint_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(lambda target: as_json({"detail": "no"}, "407 Proxy Authentication Required")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        with (
            Session(HTTP, settings=quick({"HTTP_PROXY": proxy})) as session,
            pytest.raises(Rejected, match="407 Proxy Authentication Required") as caught,
        ):
            session.get("/api/version")
    assert "the proxy" in caught.value.findings[0].hint


def test_a_proxy_that_works_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    with raw_server(label_studio_but({}), seen) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        with Session(HTTP, settings=quick({"HTTP_PROXY": proxy})) as session:
            assert session.get("/api/ml/") == []
    assert seen == [f"{HTTP}/api/ml/"]


def test_the_environment_s_certificates_are_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with raw_server(label_studio_but({}), tls=server_side(pem)) as url, Session(url, settings=quick({})) as session:
        assert session.get("/api/ml/") == []
