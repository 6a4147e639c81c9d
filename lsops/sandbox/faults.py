"""Faults on purpose: what a client must survive, injected between the client and the sandbox.

One fault is one line of text, `METHOD PATH-GLOB:ACTION[:OPTION]…`:

    POST /api/projects/:500:once            the first create answers 500, nothing is written
    POST /api/projects/:drop:after=2        from the third create on: written, but no answer comes
    GET /api/*:429=2:times=3                three reads are told to come back after 2 seconds

METHOD is an HTTP method or `*`. In the path `*` stands for anything, slashes too; the path is the
one the client sent, without its query. Actions:

    500, 429=2     that status with the usual error body; `=N` adds a `Retry-After` of N seconds
    html, html=502 an HTML page, as a proxy sends it (502 if no status is given)
    delay=0.5      wait so many seconds, then answer as usual
    truncate       carry out the request, answer with half of the body
    drop           carry out the request, then break the connection without an answer
    drop-before    break the connection without carrying out the request

Options: `after=N` lets N matching requests pass first, `times=K` strikes K times (`once` is
`times=1`), `late` carries out the request first where the action would not.

A broken connection is `ConnectionResetError` raised out of the WSGI application: an in-process
client sees that error itself, the HTTP server of `serve` closes the socket and says nothing.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from lsops.errors import LsopsError
from lsops.sandbox.envelope import Refusal
from lsops.sandbox.wsgi import Reply, carry_out

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LINE = re.compile(
    r"(?P<method>\*|[A-Z]+) (?P<path>/[^\s:]*):(?P<action>[a-z0-9-]+)(?:=(?P<number>[0-9.]+))?(?P<rest>(?::[^:]+)*)"
)
_ACTIONS = ("html", "delay", "truncate", "drop", "drop-before")
_PAGE = b"<!doctype html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the language, understood."""

    method: str
    path: str
    action: str
    number: float | None = None
    after: int = 0
    times: int | None = None
    late: bool = False

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and fnmatchcase(path, self.path)

    @property
    def carries_out(self) -> bool:
        """Whether the request takes effect although its answer is spoiled."""
        return self.late or self.action in ("drop", "truncate", "delay")


def parse_fault(line: str) -> Fault:
    """The fault that a line describes; a bad line is a usage error that says what is wrong with it."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise _bad(line, "it is not METHOD PATH-GLOB:ACTION[:OPTION]…")
    action, number = match["action"], match["number"]
    if action not in _ACTIONS and not re.fullmatch("[45][0-9][0-9]", action):
        raise _bad(line, f'unknown action "{action}"')
    if action == "delay" and number is None:
        raise _bad(line, "a delay needs its seconds: delay=0.5")
    options = _options(line, [part for part in match["rest"].split(":") if part])
    return Fault(
        match["method"],
        match["path"],
        action,
        None if number is None else float(number),
        **options,
    )


def _options(line: str, parts: Sequence[str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for part in parts:
        name, _, value = part.partition("=")
        if part == "once":
            options["times"] = 1
        elif part == "late":
            options["late"] = True
        elif name in ("after", "times") and value.isdecimal():
            options[name] = int(value)
        else:
            raise _bad(line, f'unknown option "{part}"')
    return options


def _bad(line: str, reason: str) -> LsopsError:
    return LsopsError.of(
        f'the fault "{line}" cannot be used: {reason}',
        code="LS605",
        hint='for example "POST /api/projects/:500:once"',
    )


@dataclass(slots=True)
class Disturbed:
    """A WSGI application with latency and faults in front of another one."""

    inner: WSGIApplication
    release: str
    faults: Sequence[Fault] = ()
    latency: float = 0.0
    _seen: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.latency:
            time.sleep(self.latency)
        fault = self._striking(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if fault is None:
            return self.inner(environ, start_response)
        reply = carry_out(self.inner, environ) if fault.carries_out else None
        return _spoil(fault, reply, self.release).send(start_response)

    def _striking(self, method: str, path: str) -> Fault | None:
        """The first fault that is due; every fault counts each request that it matches."""
        due = [fault for index, fault in enumerate(self.faults) if self._is_due(index, fault, method, path)]
        return due[0] if due else None

    def _is_due(self, index: int, fault: Fault, method: str, path: str) -> bool:
        if not fault.matches(method, path):
            return False
        with self._lock:
            seen = self._seen.get(index, 0)
            self._seen[index] = seen + 1
        return seen >= fault.after and (fault.times is None or seen < fault.after + fault.times)


def _spoil(fault: Fault, reply: Reply | None, release: str) -> Reply:
    if fault.action.startswith("drop"):
        raise ConnectionResetError("the sandbox broke the connection, as it was told to")
    if fault.action == "delay" and reply is not None:
        time.sleep(fault.number or 0.0)
        return reply
    if fault.action == "truncate" and reply is not None:
        return reply.with_body(reply.body[: len(reply.body) // 2])
    if fault.action == "html":
        return Reply.of(int(fault.number or 502), _PAGE, "text/html")
    return _refusal(int(fault.action), fault.number, release)


def _refusal(status: int, retry_after: float | None, release: str) -> Reply:
    body = {**Refusal("injected fault").body(release), "status_code": status}
    headers = [] if retry_after is None else [("Retry-After", f"{retry_after:g}")]
    return Reply.of(status, json.dumps(body).encode(), "application/json", headers)
