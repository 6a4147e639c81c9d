"""Why a request got no answer: in words, with whose fault it is, and whether another try may help."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import httpx

from lsops.server.choice import is_loopback, origin
from lsops.server.surroundings import proxy_variable

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
CUT = (httpx.ReadError, httpx.RemoteProtocolError)
"""What a server does that is spoken to in the wrong protocol, and one that has just died."""
PROBE = 3.0
"""Seconds to find out whether a port speaks TLS, or plain http."""

_OTHER_NAME = frozenset({62, 64})
"""OpenSSL's codes for a certificate of another host name or address."""
_EXPIRED = 10
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "UNEXPECTED_EOF_WHILE_READING")
_NOT_TLS = "it does not speak TLS: write http:// if that is meant"
_AROUND = re.compile(r"^\[[^]]*\] | \(_ssl\.c:\d+\)$")
"""What Python puts around the words of the system and of OpenSSL."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`sent` is False where not a byte of the request can have reached the server; `lasting` is what stays."""

    cause: Exception
    reason: str
    hint: str = ""
    sent: bool = True
    lasting: bool = False


class Way(NamedTuple):
    """Where a request went: the server's URL, and the host and port that were connected to, None for none."""

    url: str
    peer: tuple[str, int] | None
    environ: Mapping[str, str]

    @property
    def proxy(self) -> str:
        """The proxy that was connected to instead of the server, in words; empty for none."""
        server = httpx.URL(self.url)
        own = (server.raw_host.decode("ascii"), origin(self.url)[2])
        if self.peer is None or self.peer == own:
            return ""
        name = proxy_variable(self.environ, self.peer)
        return f"the proxy {self.peer[0]}:{self.peer[1]}" + (f", which {name} names," if name else "")


def too_slow(cause: Exception, times: int) -> Trouble:
    """An answer that came so slowly that it did not end; another would not either."""
    return Trouble(cause, f"it did not end within {times} times --timeout", lasting=True)


def trouble_of(cause: Exception, way: Way) -> Trouble:
    """What a failed request is told as."""
    sent = not isinstance(cause, NOT_SENT)
    for inner in _chain(cause):
        if isinstance(inner, ssl.SSLError) and not sent:
            return Trouble(cause, _plain(inner), _of_tls(inner), sent, lasting=not isinstance(inner, ssl.SSLEOFError))
    if isinstance(cause, httpx.ProxyError):
        return Trouble(cause, f"{way.proxy or 'the proxy'} refuses: {_plain(cause)}", sent=False, lasting=True)
    if way.proxy:
        return Trouble(
            cause,
            f"{way.proxy.rstrip(',')}: {_plain(cause)}",
            "it is not the server that failed; NO_PROXY names hosts that need no proxy",
            sent,
        )
    if isinstance(cause, CUT) and way.url.startswith("http:") and way.peer and _speaks_tls(way.peer):
        return Trouble(cause, _plain(cause), f"it speaks TLS: write https:{way.url[5:]}", sent, lasting=True)
    if isinstance(cause, httpx.ConnectTimeout) and way.url.startswith("https:") and way.peer and _speaks_http(way.peer):
        return Trouble(cause, _plain(cause), _NOT_TLS, sent, lasting=True)
    hint = "is the server running, and on this port?" if not sent and is_loopback(way.url) else ""
    return Trouble(cause, _plain(cause), hint, sent)


def _of_tls(problem: ssl.SSLError) -> str:
    if not isinstance(problem, ssl.SSLCertVerificationError):
        return _NOT_TLS if problem.reason in _NO_TLS else ""
    if problem.verify_code in _OTHER_NAME:
        return "the certificate is that of another host: is the URL right?"
    if problem.verify_code == _EXPIRED:
        return "the certificate has run out, and has to be renewed on the server"
    return "if it is your own authority's: --ca-bundle FILE or SSL_CERT_FILE names the certificates to trust"


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _speaks_tls(peer: tuple[str, int]) -> bool:
    """Whether a handshake comes about. Nothing is sent through it, so that its certificate does not matter."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection(peer, PROBE) as plain, context.wrap_socket(plain, server_hostname=peer[0]):
            return True
    except (OSError, ValueError):
        return False


def _speaks_http(peer: tuple[str, int]) -> bool:
    """Whether a port answers plain http: a server that waits for the end of a line lets a handshake time out."""
    try:
        with socket.create_connection(peer, PROBE) as plain:
            plain.settimeout(PROBE)
            plain.sendall(f"HEAD / HTTP/1.0\r\nHost: {peer[0]}\r\n\r\n".encode("ascii"))
            return plain.recv(5) == b"HTTP/"
    except (OSError, ValueError):
        return False


def _plain(problem: BaseException) -> str:
    """The words of a problem in one line."""
    if isinstance(problem, httpx.TimeoutException):
        return "timed out"
    return _AROUND.sub("", " ".join(str(problem).split())) or type(problem).__name__
