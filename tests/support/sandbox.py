"""The sandbox over HTTP, in a thread of the test run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lsops.sandbox import create_app, serve


@contextmanager
def served(db: str | Path = ":memory:", **options: Any) -> Iterator[str]:
    """The URL of a new sandbox with these options of `create_app`, until the block ends."""
    stop, listening = threading.Event(), threading.Event()
    urls: list[str] = []

    def ready(url: str) -> None:
        urls.append(url)
        listening.set()

    app = create_app(db, **options)
    worker = threading.Thread(target=serve, args=(app,), kwargs={"port": 0, "ready": ready, "stop": stop})
    worker.start()
    try:
        assert listening.wait(10), "the sandbox did not start"
        yield urls[0]
    finally:
        stop.set()
        worker.join(10)
