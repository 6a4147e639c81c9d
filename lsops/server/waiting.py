"""Waiting for what a server does by itself: when to look, and when it may go on though nobody hears of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from lsops.errors import ResultUnknown, ServerError

FIRST, LONGEST = 0.2, 5.0
"""Seconds between two looks: they grow from the first to the longest."""
GATEWAY: Final = (502, 503, 504)
"""The answers of what stands before a server that has not answered in time, and goes on."""


def may_go_on(error: ServerError) -> bool:
    """Whether the server may do all the same what was asked of it."""
    return isinstance(error, ResultUnknown) or error.status in GATEWAY


def pauses() -> Iterator[float]:
    """Seconds to let pass before each next look."""
    pause = FIRST
    while True:
        yield pause
        pause = min(pause * 1.5, LONGEST)


def looks(seconds: float) -> Iterator[None]:
    """The moments at which to look, for so long; once in any case."""
    ends = time.monotonic() + seconds
    for pause in pauses():
        yield
        left = ends - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(pause, left))
