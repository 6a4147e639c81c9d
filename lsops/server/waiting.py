"""Waiting for what a server does by itself: when to look, and when it may go on though nobody hears of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from lsops.errors import ResultUnknown, ServerError

FIRST, LONGEST = 0.2, 5.0
"""Seconds between two looks: they grow from the first to the longest."""
CALM = 2.0
"""Seconds in which nothing comes that say that the server is at no import: a request of 500 tasks takes less."""
GATEWAY: Final = (502, 503, 504)
"""The answers of what stands before a server that has not answered in time, and goes on."""


T = TypeVar("T")


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


def at_rest(look: Callable[[], T]) -> T:
    """What is there once no more comes: the server may still be at a request of a run that was killed."""
    there = look()
    while True:
        time.sleep(CALM)
        if (now := look()) == there:
            return there
        there = now
