"""How fast a session sends: at the pace that its server allows, known beforehand or learned from a 429.

The SaaS takes 15 requests a second per user and answers 429 above, before the request is carried out: so any method
may be sent again after one, and only then (Enterprise facts 12). No limit is documented for servers of one's own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from math import floor
from urllib.parse import urlsplit

from lsops.model.report import Throttled

SAAS_RATE = 14.0
"""Requests a second to a known SaaS host, which refuses the 16th within any second."""
SAAS_HOSTS = ("app.heartex.com", "humansignal.com", "humansignal.eu")
LOWEST_RATE = 0.5
ENOUGH = 5
"""From how many requests that went through within a second a limit is known; below, somebody else used it up."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds to wait after a 429 that does not say how long; twice as long after each that follows."""
GROWTH, CEILING = 1.05, 0.9
"""What a learned rate grows by in a second without a 429, and how near it comes to what the server refused."""
CATCH_UP = 0.25
"""Seconds by which requests that left late may be caught up with."""
GUARD = 1.01
"""A window is taken a little longer than it is, because a request may arrive later than it left."""


def suitable_rate(url: str) -> float:
    """Requests a second that a known SaaS host allows; 0 for any other server, which may have no limit."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    known = any(host == name or host.endswith("." + name) for name in SAAS_HOSTS)
    return SAAS_RATE if known else 0.0


class Pacer:
    """A bucket that lets requests through, for all threads of a session.

    `rate` is in requests a second, 0 for no limit until a 429 teaches one: then half of what went through in the
    second before, growing slowly, though never back to that. `budget` is how many seconds without any other answer
    may be spent on waiting.
    """

    def __init__(
        self,
        rate: float = 0.0,
        *,
        budget: float = 300.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self.budget = budget
        self._sleep, self._clock = sleep, clock
        self._turn = threading.Lock()
        """Held by the one request that waits for its moment; the others queue behind it."""
        self._state = threading.Lock()
        self._left: deque[float] = deque(maxlen=4_096)
        self._passed: deque[float] = deque(maxlen=4_096)
        self._next = self._held_until = 0.0
        self._ceiling = rate
        self._lesson = self._grown = float("-inf")
        self._through = 0
        self._pause = FIRST_PAUSE
        self._stuck_since: float | None = None
        self._answers, self._seconds = 0, 0.0

    @property
    def throttled(self) -> Throttled:
        """How many 429 there were, and how many seconds everything stood still for them."""
        return Throttled(self._answers, round(self._seconds, 1))

    def wait(self) -> float:
        """Return when the next request may leave: the moment, to be handed to `passed` or `refused`."""
        if not self.rate:
            now = self._clock()
            self._left.append(now)
            return now
        with self._turn:
            moment = self._moment()
            while (pause := moment - self._clock()) > 0:
                self._sleep(pause)
                moment = max(moment, self._held_until)  # a 429 may have come meanwhile
            return self._leave(moment)

    def passed(self, left: float) -> None:
        """A request that left then was answered, with anything but a 429."""
        with self._state:
            now = self._clock()
            self._passed.append(left)
            self._stuck_since, self._pause = None, FIRST_PAUSE
            if self._lesson - 1.0 < left <= self._lesson:
                self._through += 1
                self._adopt()
            elif self.rate < self._ceiling and now - self._grown >= 1.0:
                self._grown = now
                self.rate = min(self._ceiling, self.rate * GROWTH)

    def refused(self, left: float, asked: float | None) -> bool:
        """A request that left then was answered 429, asking for a pause or not; whether to send it again.

        Of those that were in flight together the first one teaches, and the others say nothing new.
        """
        with self._state:
            now = self._clock()
            self._answers += 1
            pause = self._pause if asked is None else asked
            self._stuck_since = now if self._stuck_since is None else self._stuck_since
            if now + pause - self._stuck_since > self.budget:
                return False
            is_news = left >= self._held_until
            if is_news:
                self._learn(now)
            if is_news or asked is not None:
                self._hold(now, now + pause)
            return True

    def _hold(self, now: float, until: float) -> None:
        self._seconds += max(0.0, until - max(self._held_until, now))
        self._held_until = max(self._held_until, until)

    def _learn(self, now: float) -> None:
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._lesson = self._grown = now
        self._through = sum(1 for left in self._passed if left > now - 1.0)
        self.rate = max(LOWEST_RATE, self.rate / 2)
        self._ceiling = max(self._ceiling, SAAS_RATE)
        self._adopt()

    def _adopt(self) -> None:
        """Take half of what went through in the second before the 429, once that is enough to tell."""
        if self._through >= ENOUGH:
            self.rate = self._through / 2
            self._ceiling = self._through * CEILING

    def _moment(self) -> float:
        """When the next request may leave: evenly spaced, and never more than the rate within a second."""
        with self._state:
            earliest = max(self._clock(), self._held_until, self._next)
            if not self.rate:
                return earliest
            most = max(1, floor(self.rate))
            full = len(self._left) >= most
            return max(earliest, self._left[-most] + most / self.rate * GUARD) if full else earliest

    def _leave(self, moment: float) -> float:
        with self._state:
            now = max(moment, self._clock())
            self._left.append(now)
            if self.rate:
                self._next = max(moment, now - CATCH_UP) + 1 / self.rate
            return now
