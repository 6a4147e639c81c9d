"""When the answer that a thread waits for must have ended, and whom it connected to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Clock(threading.local):
    """`peer` is the host and port that this thread connected to last, None where it used an open connection."""

    ends: float = float("inf")
    peer: tuple[str, int] | None = None

    @contextmanager
    def running(self, seconds: float) -> Iterator[None]:
        """A block in which one answer is read, for so long at most."""
        self.ends, self.peer = monotonic() + seconds, None
        try:
            yield
        finally:
            self.ends = float("inf")

    @contextmanager
    def standing(self) -> Iterator[None]:
        """A block inside that one in which nothing is asked for yet, so that its time does not count."""
        began = monotonic()
        try:
            yield
        finally:
            self.ends += monotonic() - began

    @property
    def left(self) -> float:
        """Seconds until the end; 0 or less when it has come."""
        return self.ends - monotonic()
