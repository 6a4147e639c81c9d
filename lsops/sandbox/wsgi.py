"""Small WSGI pieces: an answer held in memory, and the server's rule for the last slash."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer."""

    status: str
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, status: int, body: bytes, media: str, headers: Headers = ()) -> Reply:
        line = f"{status} {HTTPStatus(status).phrase}"
        return cls(
            line,
            [("Content-Type", media), ("Content-Length", str(len(body))), *headers],
            body,
        )

    def with_body(self, body: bytes) -> Reply:
        kept = [(name, value) for name, value in self.headers if name.lower() != "content-length"]
        return replace(self, headers=[*kept, ("Content-Length", str(len(body)))], body=body)

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, list(self.headers))
        return [self.body]


def carry_out(app: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Call an application and hold what it answers."""
    started, chunks = _begun(app, environ)
    try:
        body = b"".join(chunks)
    finally:
        _close(chunks)
    return Reply(*started, body)


@dataclass(frozen=True, slots=True)
class AppendSlash:
    """The server's way with a missing last slash: no redirect, the same request again with one.

    Any 404 on a path without a slash is asked again with it, also where the route exists and the
    object does not; so a missing object is 404 JSON on a path with a slash and the HTML page on
    one without. An extra slash is never removed. Fact: community-api 1.1 and 1.2.
    """

    inner: WSGIApplication

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.endswith("/"):
            return self.inner(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        started, chunks = _begun(self.inner, _again(environ, path, body))
        if not started[0].startswith(("404", "308")):
            start_response(started[0], list(started[1]))
            return chunks
        _close(chunks)
        return self.inner(_again(environ, f"{path}/", body), start_response)


def _begun(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[tuple[str, Headers], Iterable[bytes]]:
    """How an application starts its answer, and the pieces that it will send: none is taken here."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None, /) -> Any:  # noqa: ARG001
        started.append((status, list(headers)))
        return lambda _: None

    chunks = app(environ, start_response)
    return started[-1], chunks


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close:
        close()


def _again(environ: WSGIEnvironment, path: str, body: bytes) -> WSGIEnvironment:
    return {
        **environ,
        "PATH_INFO": path,
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
    }
