"""What lsops sends while a block runs, seen at the transports of httpx: whoever makes the client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

TRANSPORTS = (httpx.HTTPTransport, httpx.WSGITransport)


@dataclass(frozen=True)
class Sent:
    """One request with its body as JSON, None where it has none."""

    method: str
    path: str
    body: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path} {json.dumps(self.body)}"


@contextmanager
def writes() -> Iterator[list[Sent]]:
    """Every request but reads that goes out until the block ends, in the order in which they left."""
    with _seen(is_read=False) as sent:
        yield sent


@contextmanager
def reads() -> Iterator[list[Sent]]:
    """Every read that goes out until the block ends."""
    with _seen(is_read=True) as sent:
        yield sent


@contextmanager
def _seen(*, is_read: bool) -> Iterator[list[Sent]]:
    sent: list[Sent] = []
    with pytest.MonkeyPatch.context() as patch:
        for transport in TRANSPORTS:
            patch.setattr(transport, "handle_request", _watched(transport.handle_request, sent, is_read))
        yield sent


Handle = Callable[[Any, httpx.Request], httpx.Response]


def _watched(handle: Handle, sent: list[Sent], is_read: bool) -> Handle:
    def watched(transport: Any, request: httpx.Request) -> httpx.Response:
        if (request.method == "GET") is is_read:
            body = json.loads(request.content) if request.content else None
            sent.append(Sent(request.method, request.url.path, body))
        return handle(transport, request)

    return watched
