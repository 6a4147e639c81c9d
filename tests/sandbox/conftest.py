"""Sandboxes of both editions, reached in-process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from lsops.sandbox import create_app
from tests.support.sandbox import served

Connect = Callable[..., httpx.Client]
CONFIG = (
    '<View><Text name="t" value="$text"/>'
    '<Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'
)
RESULT = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A client of a new sandbox, made with the given options of `create_app`."""
    clients: list[httpx.Client] = []

    def new(db: Any = ":memory:", *, headers: dict[str, str] | None = None, **options: Any) -> httpx.Client:
        transport = httpx.WSGITransport(app=create_app(db, **options))
        clients.append(httpx.Client(transport=transport, base_url="http://sandbox", headers=headers))
        return clients[-1]

    yield new
    for client in clients:
        client.close()


@pytest.fixture
def enterprise(connect: Connect) -> httpx.Client:
    return connect(edition="enterprise")


@pytest.fixture
def community(connect: Connect) -> httpx.Client:
    return connect(edition="community")


def make(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    """A new project, as its POST answers."""
    response = client.post("/api/projects/", json={"title": "A project", "label_config": CONFIG, **fields})
    assert response.status_code == 201, response.text
    return response.json()


@pytest.fixture
def serving() -> Iterator[Callable[..., str]]:
    """The URL of a sandbox over HTTP, made with the given options of `create_app`."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(served(**options))
