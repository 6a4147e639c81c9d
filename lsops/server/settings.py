"""How a session behaves, and what it tells of each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lsops.server.retry import Backoff


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its end, for logs: no header, no body, no query."""

    method: str
    path: str
    status: int | None
    seconds: float
    attempt: int
    retrying: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How a session behaves: `timeout` in seconds per request; `concurrency` 0 means what suits the edition.

    `rate` is in requests a second, 0 for what the server is known to allow; `throttle_budget` how many seconds may
    pass while it answers 429 to everything.
    `environ` are the variables in which httpx finds proxies and certificates, to tell which one is to blame.
    """

    timeout: float = 30.0
    concurrency: int = 0
    write_concurrency: int = 4
    ca_bundle: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    settle_timeout: float = 60.0
    rate: float = 0.0
    throttle_budget: float = 300.0
    backoff: Backoff = field(default_factory=Backoff)
    on_exchange: Callable[[Exchange], None] = lambda exchange: None
