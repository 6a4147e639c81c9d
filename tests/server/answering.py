"""A session whose server is a list of answers, and what it was asked."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from lsops.server.retry import Backoff
from lsops.server.session import Session
from lsops.server.settings import Settings

URL = "http://label.example.com"
LEGACY = "f" * 40
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def reply(status: int = 200, body: Any = None, **headers: str) -> httpx.Response:
    """A JSON answer; `retry_after="3"` is the header `retry-after`."""
    return httpx.Response(status, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})


def page(status: int, title: str = "Not Found") -> httpx.Response:
    """An HTML page, as a proxy or Django sends it."""
    return httpx.Response(status, html=f"<!doctype html><html><head><title>{title}</title></head></html>")


def jwt(name: str, *, lives: float = 300.0, issued: float | None = None) -> str:
    """A token of three parts that ends in `lives` seconds."""
    start = time.time() if issued is None else issued
    claims = {"iat": start, "exp": start + lives, "jti": name}
    parts = [{"alg": "HS256"}, claims]
    packed = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*packed, f"signature-of-{name}"])


class Answering:
    """A transport that gives its answers in turn, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.last: Answer = answers[-1]
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []
        self.now = 1_000.0
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
            answer = next(self.answers, self.last)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return answer(request)

    def session(self, token: str = LEGACY, **backoff: Any) -> Session:
        """A session with this server; pauses are noted, and pass at once."""
        waits = Backoff(sleep=self._pass, clock=lambda: self.now, **backoff)
        transport = httpx.MockTransport(self)
        return Session(URL, token=token, settings=Settings(backoff=waits), transport=transport)

    def _pass(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    @property
    def seen(self) -> list[str]:
        """Each request as `METHOD /path`."""
        return [f"{request.method} {request.url.path}" for request in self.requests]

    @property
    def authorized(self) -> list[str]:
        """The Authorization header of each request, empty for none."""
        return [request.headers.get("Authorization", "") for request in self.requests]
