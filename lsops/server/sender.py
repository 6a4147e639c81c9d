"""Sending one request until it has an answer: the token, the pace, what is sent again, redirects and time limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import IO, Any

import httpx

from lsops.errors import Finding, Malformed, ResultUnknown, ServerFault, Unauthorized, Unreachable
from lsops.server.answers import decode, failure
from lsops.server.bounds import Gate, whole
from lsops.server.choice import origin
from lsops.server.client import new_client, trust
from lsops.server.clock import Clock
from lsops.server.pacing import Pacer, suitable_rate
from lsops.server.retry import REPEATABLE, THROTTLED, TRANSIENT, asked_pause
from lsops.server.settings import Exchange, Settings
from lsops.server.tokens import Credentials, LegacyToken, NoCredentials, PersonalAccessToken, is_personal
from lsops.server.trouble import Trouble, Way, too_slow, trouble_of

MOST_REDIRECTS = 3
REFRESH = "/api/token/refresh/"
ANONYMOUS = frozenset({"/api/version", REFRESH})
"""Paths that need no token, and may be asked again whatever the method: nothing is changed."""
PATIENCE = 10
"""How many times `timeout` an answer may take in all, redirects included."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `body` is JSON, or `files` are sent as a form. With `streamed` the content of a good answer is left
    on the connection, for the caller to read and close.
    """

    method: str
    path: str
    params: Any = None
    body: Any = None
    files: Mapping[str, tuple[str, IO[bytes], str]] = field(default_factory=dict)
    streamed: bool = False

    @property
    def what(self) -> str:
        """How messages call it."""
        return f"{self.method} {self.path}"

    @property
    def content(self) -> dict[str, Any]:
        """The body as httpx takes it."""
        if self.files:
            return {"files": dict(self.files)}
        return {} if self.body is None else {"json": self.body}


class Sender:
    """Sends the requests of a session, from several threads at a time; `gate` bounds the answers held at once.

    Raises:
        UsageError: the CA bundle, a proxy or certificates of the environment cannot be used.
    """

    def __init__(self, url: str, token: str, settings: Settings, transport: httpx.BaseTransport | None) -> None:
        self.url = url
        self.settings = settings
        self.pacer = Pacer(
            settings.rate or suitable_rate(url),
            budget=settings.throttle_budget,
            sleep=settings.backoff.sleep,
            clock=settings.backoff.clock,
        )
        self.observers: list[Callable[[Exchange], None]] = [settings.on_exchange]
        self._transport = transport
        self._clock = Clock()
        self.gate = Gate(self._clock)
        self._verify = trust(settings.ca_bundle, url, settings.environ)
        self._client = self._new_client(keep_alive=False)
        self.credentials: Credentials = self._credentials(token)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def keep_alive(self) -> None:
        """Keep connections open between requests from now on; a transport of the caller's stays as it is."""
        if self._transport is None:
            old, self._client = self._client, self._new_client(keep_alive=True)
            old.close()

    def send(self, call: Call) -> tuple[httpx.Response, int]:
        """The final response and the number of attempts. Raises: Unreachable, ResultUnknown."""
        backoff = self.settings.backoff
        method, path = call.method, call.path
        renewed, spent, attempt = False, 0.0, 0
        while True:
            attempt += 1
            response, trouble, seconds, header = self._paced(call)
            if response is not None and response.status_code == 401 and header and not renewed:
                renewed = True
                if self.credentials.renew(header):
                    self.settings.on_exchange(Exchange(method, path, 401, seconds, attempt, retrying=True))
                    attempt -= 1  # it was not carried out: a DELETE that follows is the first
                    continue
            repeatable = method in REPEATABLE or path in ANONYMOUS
            again = _may_repeat(response, trouble, repeatable=repeatable) and attempt < backoff.tries
            pause = backoff.pause(attempt, asked=_asked(response)) if again else 0.0
            again = again and spent + pause <= backoff.budget
            status = response.status_code if response is not None else None
            self._tell(Exchange(method, path, status, seconds, attempt, again))
            if not again:
                return self._final(method, path, response, trouble), attempt
            spent += pause
            backoff.sleep(pause)

    def _paced(self, call: Call) -> tuple[httpx.Response | None, Trouble | None, float, str]:
        """One attempt at the pace of the session: a 429 was not carried out, so that any method is sent again.

        The answer or what prevented it, its seconds, and the header with the token; a 429 once the budget is spent.
        """
        while True:
            left = self.pacer.wait()
            header = "" if call.path in ANONYMOUS else self.credentials.header()
            response, trouble, seconds = self._once(call, header)
            if response is None:
                return response, trouble, seconds, header
            if response.status_code != THROTTLED:
                self.pacer.passed(left)
                return response, trouble, seconds, header
            if not self.pacer.refused(left, _asked(response)):
                return response, trouble, seconds, header
            self._tell(Exchange(call.method, call.path, THROTTLED, seconds, 1, retrying=True))

    def _tell(self, exchange: Exchange) -> None:
        for observe in tuple(self.observers):
            observe(exchange)

    def _once(self, call: Call, header: str) -> tuple[httpx.Response | None, Trouble | None, float]:
        started = monotonic()
        headers = {"Authorization": header} if header else {}
        with self._clock.running(self.settings.timeout * PATIENCE):
            try:
                request = self._client.build_request(
                    call.method, call.path, params=call.params, headers=headers, **call.content
                )
                response = self._answer(request, call)
            except (httpx.RequestError, httpx.InvalidURL, ConnectionError) as problem:
                return None, self._trouble(problem), monotonic() - started
        return response, None, monotonic() - started

    def _answer(self, request: httpx.Request, call: Call) -> httpx.Response:
        """The answer within its bounds, after redirects inside the same origin: the token never goes elsewhere."""
        response = self._taken(self._client.send(request, stream=True), call)
        for _ in range(MOST_REDIRECTS if call.method == "GET" else 0):
            target = response.next_request
            if target is None:
                break
            if origin(str(target.url)) != origin(self.url):
                raise _elsewhere(call.what if call.streamed else self.url, target.url, is_file=call.streamed)
            with self._clock.standing():
                self.pacer.wait()
            response = self._taken(self._client.send(target, stream=True), call)
        return response

    def _taken(self, response: httpx.Response, call: Call) -> httpx.Response:
        """The answer with its content, or the beginning of one that is streamed."""
        is_left = call.streamed and response.is_success
        return response if is_left else whole(response, call.what, self.gate)

    @contextmanager
    def patient(self) -> Iterator[None]:
        """A block in which a part of a streamed answer is read, for as long as a whole one may take."""
        with self._clock.running(self.settings.timeout * PATIENCE):
            yield

    def _trouble(self, problem: Exception) -> Trouble:
        if self._clock.left <= 0:
            return too_slow(problem, PATIENCE)
        return trouble_of(problem, Way(self.url, self._clock.peer, self.settings.environ))

    def _final(
        self, method: str, path: str, response: httpx.Response | None, trouble: Trouble | None
    ) -> httpx.Response:
        if response is not None:
            return response
        assert trouble is not None  # noqa: S101  # one of the two there is
        if not trouble.sent:
            finding = Finding("LS701", f"{self.url} cannot be reached: {trouble.reason}", hint=trouble.hint)
            raise Unreachable([finding], sent=False) from trouble.cause
        kind = Unreachable if method == "GET" or path in ANONYMOUS else ResultUnknown
        message = f"{method} {path}: no answer: {trouble.reason}"
        raise kind([Finding(kind.code, message, hint=trouble.hint)]) from trouble.cause

    def _credentials(self, token: str) -> Credentials:
        if not token:
            return NoCredentials()
        return PersonalAccessToken(token, self._exchange_token) if is_personal(token) else LegacyToken(token)

    def _exchange_token(self, refresh: str) -> str:
        """A short-lived token for a personal access token.

        Raises: Unauthorized, or Unreachable with `sent` False: the request that needs the token never left.
        """
        what = f"POST {REFRESH}"
        try:
            answered, _ = self.send(Call("POST", REFRESH, body={"refresh": refresh}))
        except Unreachable as problem:
            raise Unreachable(problem.findings, sent=False) from problem
        if not answered.is_success:
            told = failure(answered, what)
            kind = (
                Unreachable if isinstance(told, ServerFault) or told.status in (*TRANSIENT, THROTTLED) else Unauthorized
            )
            raise kind(told.findings, status=told.status, sent=False)
        body = decode(answered, what)
        if not isinstance(body, dict) or not isinstance(body.get("access"), str):
            raise Unauthorized.of("the server did not exchange the personal access token")
        return str(body["access"])

    def _new_client(self, *, keep_alive: bool) -> httpx.Client:
        client = new_client(self.url, self.settings, self._verify, self._transport, keep_alive=keep_alive)
        if self._transport is None:
            from lsops.server.wire import watch

            watch(client, self._clock)
        return client


def _elsewhere(what: str, target: httpx.URL, *, is_file: bool) -> Malformed:
    """A redirect that is not followed. Label Studio itself passes files on (its `data_export/api.py`), through nginx
    where these settings say so; whoever redirects to the store of objects behind it is something else.
    """
    message = f"{what} redirects to another origin, {target.scheme}://{target.netloc.decode()}"
    if not is_file:
        return Malformed.of(message, hint="give that URL as the server, if it is yours")
    settings = "USE_NGINX_FOR_EXPORT_DOWNLOADS and USE_NGINX_FOR_UPLOADS"
    return Malformed.of(message, hint=f"no file is taken from there: have the server pass files on itself ({settings})")


def _may_repeat(response: httpx.Response | None, trouble: Trouble | None, *, repeatable: bool) -> bool:
    if trouble is not None:
        return not trouble.lasting and (not trouble.sent or repeatable)
    return repeatable and response is not None and response.status_code in TRANSIENT


def _asked(response: httpx.Response | None) -> float | None:
    return asked_pause(response.headers.get("retry-after")) if response is not None else None
