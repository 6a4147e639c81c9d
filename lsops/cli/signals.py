"""Ctrl-C during an apply: the first one lets the call in flight end, the second one stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from lsops.errors import Interrupted


@contextmanager
def truthful(done: list[str]) -> Iterator[None]:
    """Inside, Ctrl-C says what was done by then; `done` grows, and while it is empty nothing was written."""
    try:
        yield
    except KeyboardInterrupt:
        if not done:
            raise
        message = f"interrupted after what follows was done: {'; '.join(done)}"
        raise Interrupted.of(message, hint="run lsops plan to see what is left") from None


@contextmanager
def interruptible(note: Callable[[str], None]) -> Iterator[threading.Event]:
    """An event that is set by the first SIGINT or SIGTERM, which is told; the next one is a KeyboardInterrupt."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        note("stopping after the call in flight; once more stops at once")

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    except KeyboardInterrupt:
        message = "stopped at once: what was in flight may have been carried out"
        raise Interrupted.of(message, hint="run lsops plan to see what is left") from None
    finally:
        for number, old in before.items():
            signal.signal(number, old)
