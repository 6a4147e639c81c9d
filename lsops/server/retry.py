"""When a request is sent again, and how long to wait before (the design's section 6)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

THROTTLED = 429
"""Too many requests: refused before anything was done, so that the pacer has any method sent again."""
TRANSIENT = frozenset({408, 502, 503, 504})
"""Answers that may differ next time. A 500 is not one: this server gives it for a client's mistakes."""

REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
"""A POST is repeated only if nothing was sent."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """`tries` in all, waiting `first` seconds and then twice as long each time, `budget` seconds of waiting at most."""

    tries: int = 5
    first: float = 0.5
    longest: float = 15.0
    budget: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def pause(self, attempt: int, *, asked: float | None = None) -> float:
        """Seconds to wait after the attempt counted from 1; what the server asked for is not cut short."""
        grown = min(self.first * 2.0 ** (attempt - 1), self.longest)
        jittered: float = grown * random.uniform(0.5, 1.0)  # noqa: S311  # spreads clients out, nothing secret
        return max(jittered, asked or 0.0)


def asked_pause(header: str | None) -> float | None:
    """Seconds that a `Retry-After` header asks for, given as seconds or as a date; None without one."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (OverflowError, TypeError, ValueError):
        return None
