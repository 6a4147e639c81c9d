"""The sandbox as tests have it: in this process, as a client or a session reaches it, or over HTTP from a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from lsops.sandbox import create_app, serve
from lsops.server.session import Session

URL = "http://sandbox"


@contextmanager
def transport_to(db: str | Path = ":memory:", **options: Any) -> Iterator[httpx.WSGITransport]:
    """The way to a sandbox with these options of `create_app`, whose file is closed when the block ends."""
    app = create_app(db, **options)
    yield httpx.WSGITransport(app=app)
    app.extensions["sandbox"].store.close()


@contextmanager
def client_of(
    db: str | Path = ":memory:", *, headers: Mapping[str, str] | None = None, **options: Any
) -> Iterator[httpx.Client]:
    """The API of a sandbox, as whoever sits at it uses it."""
    with (
        transport_to(db, **options) as transport,
        httpx.Client(base_url=URL, transport=transport, headers=headers) as client,
    ):
        yield client


@contextmanager
def session_with(db: str | Path = ":memory:", **options: Any) -> Iterator[Session]:
    """A session with a sandbox, as a script of the Python API has one."""
    with transport_to(db, **options) as transport, Session(URL, transport=transport) as session:
        yield session


@contextmanager
def served(db: str | Path = ":memory:", **options: Any) -> Iterator[str]:
    """The URL of a new sandbox with these options of `create_app`, until the block ends."""
    with served_app(create_app(db, **options)) as url:
        yield url


@contextmanager
def served_app(app: Any) -> Iterator[str]:
    """The URL of an application, such as a sandbox with something around it, until the block ends."""
    stop, listening = threading.Event(), threading.Event()
    urls: list[str] = []

    def ready(url: str) -> None:
        urls.append(url)
        listening.set()

    worker = threading.Thread(target=serve, args=(app,), kwargs={"port": 0, "ready": ready, "stop": stop})
    worker.start()
    try:
        assert listening.wait(10), "the sandbox did not start"
        yield urls[0]
    finally:
        stop.set()
        worker.join(10)
