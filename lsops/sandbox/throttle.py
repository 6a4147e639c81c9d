"""A limit of requests a second, as the SaaS has one (enterprise-api 12).

More than `rate` requests of one token below `/api` within a second: the request is answered 429 and
not carried out. What was refused does not count. Whether the SaaS says in `Retry-After` when to
come back is not known, so both can be had.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lsops.errors import LsopsError
from lsops.sandbox.envelope import TooMany
from lsops.sandbox.wsgi import Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(slots=True)
class Throttled:
    """A WSGI application that answers each token at most `rate` times in any second.

    A rate that is no whole number is held over another time: 0.5 is one request in 2 seconds, 2.5
    are two in 0.8 seconds.
    """

    inner: WSGIApplication
    release: str
    rate: float
    retry_after: float | None = None
    clock: Callable[[], float] = time.monotonic
    _carried_out: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if not 0 < self.rate < math.inf:
            raise LsopsError.of(f"{self.rate:g} is no number of requests per second", code="LS605", hint="above 0")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith("/api/") or self._admits(_token(environ)):
            return self.inner(environ, start_response)
        return self._refusal().send(start_response)

    def _admits(self, token: str) -> bool:
        """Whether the token has a request left; if so, it is used up."""
        most = max(1, int(self.rate))
        with self._lock:
            now = self.clock()
            times = self._carried_out.setdefault(token, deque(maxlen=most))
            if len(times) == most and now - times[0] < most / self.rate:
                return False
            times.append(now)
            return True

    def _refusal(self) -> Reply:
        headers = [] if self.retry_after is None else [("Retry-After", f"{self.retry_after:g}")]
        body = json.dumps(TooMany().body(self.release)).encode()
        return Reply.of(TooMany.status, body, "application/json", headers)


def _token(environ: WSGIEnvironment) -> str:
    """What the request names itself with, in either header (community-api 1.6)."""
    key: str = environ.get("HTTP_X_API_KEY", "")
    given: str = environ.get("HTTP_AUTHORIZATION", "")
    return given.rsplit(maxsplit=1)[-1] if given.strip() else key
