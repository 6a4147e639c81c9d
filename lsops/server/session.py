"""One server, one client: sending, repeating, and turning answers into values or errors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from lsops.errors import (
    Finding,
    LsopsError,
    Malformed,
    ResultUnknown,
    ServerError,
    ServerFault,
    Unauthorized,
    Unreachable,
)
from lsops.server.answers import decode, failure
from lsops.server.bounds import Gate, whole
from lsops.server.choice import is_loopback, origin
from lsops.server.client import new_client, trust
from lsops.server.clock import Clock
from lsops.server.echoes import echoes
from lsops.server.forms import ROW, Form, held, held_rows
from lsops.server.pacing import Pacer, suitable_rate
from lsops.server.paging import PAGE_SIZE, Listing
from lsops.server.retry import REPEATABLE, THROTTLED, TRANSIENT, Backoff, asked_pause
from lsops.server.tokens import Credentials, LegacyToken, NoCredentials, PersonalAccessToken, is_personal
from lsops.server.trouble import Trouble, Way, too_slow, trouble_of

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")
R = TypeVar("R")

MOST_REDIRECTS = 3
READS = 2
"""How often a paginated list is read before it is said to change all the time."""
PROOF = 2
"""Pages that are asked for one by one. A list that repeats itself shows on the second."""
AHEAD = 4
"""How many pages are fetched ahead, for each read that may run at a time."""
LONGEST = 2_000
"""Characters of an error's message that are kept."""
REFRESH = "/api/token/refresh/"
ANONYMOUS = frozenset({"/api/version", REFRESH})
"""Paths that need no token, and may be asked again whatever the method: nothing is changed."""
PATIENCE = 10
"""How many times `timeout` an answer may take in all, redirects included."""


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


class Session:
    """A connection to one Label Studio; usable from several threads, closed by `close` or a `with` block.

    Raises:
        UsageError: the CA bundle, a proxy or certificates of the environment cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        settings: Settings | None = None,
        transport: httpx.BaseTransport | None = None,
        shown: str = "",
    ) -> None:
        self.url = url.rstrip("/")
        self.shown = shown or self.url
        self.settings = settings or Settings()
        self.edition = ""
        self.pacer = Pacer(
            self.settings.rate or suitable_rate(self.url),
            budget=self.settings.throttle_budget,
            sleep=self.settings.backoff.sleep,
            clock=self.settings.backoff.clock,
        )
        self.observers: list[Callable[[Exchange], None]] = [self.settings.on_exchange]
        self._transport = transport
        self._redacted: set[str] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._clock = Clock()
        self._gate = Gate(self._clock)
        self._verify = trust(self.settings.ca_bundle, self.url, self.settings.environ)
        self._client = self._new_client(keep_alive=False)
        self.credentials: Credentials = self._credentials(token)

    # ---- life --------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and threads."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def settle_edition(self, edition: str) -> None:
        """Take the policy that suits the edition: keep-alive is slow on Community's bundled server (facts 1.7)."""
        self.edition = edition
        if self._transport is None and (edition == "enterprise" or self.url.startswith("https:")):
            old, self._client = self._client, self._new_client(keep_alive=True)
            old.close()

    @property
    def concurrency(self) -> int:
        """How many reads run at a time: 16, on Community 2, where more only hurts."""
        return self.settings.concurrency or (2 if self.edition == "community" else 16)

    @property
    def write_concurrency(self) -> int:
        """How many writes run at a time: 1 on Community, which doubles concurrent creates (facts 1.7)."""
        return self.settings.write_concurrency if self.edition == "enterprise" else 1

    @property
    def warns_of_plain_http(self) -> bool:
        """Whether the token travels unencrypted to another machine."""
        return self.url.startswith("http:") and not is_loopback(self.url) and self._transport is None

    # ---- requests ----------------------------------------------------------------------------

    def get(self, path: str, params: Mapping[str, Any] | None = None, *, form: Form | None = None) -> Any:
        """The JSON of a GET, which has the form. Raises: ServerError."""
        return held(self._call("GET", path, params=params), form, f"GET {path}")

    def post(self, path: str, body: Any, *, form: Form | None = None) -> Any:
        """The JSON of a POST, which is sent twice only if nothing was sent the first time. Raises: ServerError."""
        return held(self._call("POST", path, body=body), form, f"POST {path}")

    def patch(self, path: str, body: Any, *, form: Form | None = None) -> Any:
        """The JSON of a PATCH, which has the form. Raises: ServerError."""
        return held(self._call("PATCH", path, body=body), form, f"PATCH {path}")

    def delete(self, path: str, params: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """A DELETE; a 404 to a repeated one is success. Raises: ServerError."""
        return self._call("DELETE", path, params=params, body=body)

    def pages(self, path: str, params: Mapping[str, Any] | None = None, *, form: Form = ROW) -> list[dict[str, Any]]:
        """All rows of a paginated list, by page numbers, each of the form; a `next` link is never followed.

        Raises:
            ServerError: a page cannot be read, or the list does not end, or changes each time while it is read.
        """
        for _ in range(READS):
            listing = self._listing(Listing(path, form), path, params)
            if listing.is_whole:
                return listing.rows
        raise Malformed.of(f"GET {path}: the list changes while it is read", hint="run again")

    def _listing(self, listing: Listing, path: str, params: Mapping[str, Any] | None) -> Listing:
        more, number = True, 1
        while more:
            for answer in self.map(lambda which: self._page(path, params, which), self._next_pages(listing, number)):
                if isinstance(answer, LsopsError):
                    raise answer
                more = listing.add(answer)
                number += 1
        return listing

    def _next_pages(self, listing: Listing, number: int) -> range:
        """The numbers of the pages to ask for now: several only after the second has proved that the list moves."""
        width = AHEAD * self.concurrency if number > PROOF else 1
        return range(number, max(number, min(listing.expected, number + width - 1)) + 1)

    def _page(self, path: str, params: Mapping[str, Any] | None, number: int) -> Any:
        return self.get(path, {"page_size": PAGE_SIZE, **(params or {}), "page": number})

    def array(self, path: str, params: Mapping[str, Any] | None = None, *, form: Form = ROW) -> list[dict[str, Any]]:
        """The rows of a list that the server gives whole, each of the form; a paginated answer is accepted too.

        Raises: ServerError.
        """
        answer = self.get(path, params)
        if isinstance(answer, dict) and "results" in answer:
            return self.pages(path, params, form=form)
        return held_rows(answer, form, f"GET {path}")

    def map(self, work: Callable[[T], R], items: Iterable[T], *, limit: int = 0) -> list[R | LsopsError]:
        """`work` on every item, at most `concurrency` (or `limit`) at a time, in the order of the items.

        A ServerError of one item stands at its place instead of a result.
        """

        def guarded(item: T) -> R | LsopsError:
            try:
                return work(item)
            except ServerError as error:
                return _without_frames(error)

        width = min(limit, self.concurrency) if limit else self.concurrency
        todo = list(items)
        if width <= 1 or len(todo) <= 1:
            return [guarded(item) for item in todo]
        if width < self.concurrency:
            narrow = ThreadPoolExecutor(width)
            try:
                return list(narrow.map(guarded, todo))
            finally:
                narrow.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C nobody waits for what is in flight
        return list(self._threads().map(guarded, todo))

    # ---- secrets -----------------------------------------------------------------------------

    def redact(self, values: Iterable[str]) -> None:
        """Keep these values out of the server's messages, should it echo them whole or in part.

        One of fewer than 4 characters cannot be masked.
        """
        self._redacted.update(echoes(values))

    def _clean(self, error: ServerError) -> ServerError:
        """The error with everything confidential masked, and only then cut: a cut secret would not be found."""
        hidden = sorted({*self._redacted, *self.credentials.secrets()}, key=len, reverse=True)
        findings = []
        for finding in error.findings:
            message = finding.message
            for value in hidden:
                message = message.replace(value, "***")
            message = message if len(message) <= LONGEST else message[:LONGEST] + "…"
            findings.append(Finding(finding.code, message, finding.address, finding.source, finding.hint))
        return type(error)(findings, status=error.status, sent=error.sent)

    # ---- inside ------------------------------------------------------------------------------

    def _call(self, method: str, path: str, *, params: Any = None, body: Any = None) -> Any:
        try:
            with self._gate.visit():
                return self._result(method, path, params, body)
        except ServerError as error:
            raise self._clean(error) from None

    def _result(self, method: str, path: str, params: Any, body: Any) -> Any:
        what = f"{method} {path}"
        response, attempts = self._send(method, path, params, body)
        if response.is_success:
            return decode(response, what)
        if method == "DELETE" and response.status_code == 404 and attempts > 1:
            return None
        raise failure(response, what)

    def _send(self, method: str, path: str, params: Any, body: Any) -> tuple[httpx.Response, int]:
        """The final response and the number of attempts. Raises: Unreachable, ResultUnknown."""
        backoff = self.settings.backoff
        renewed, spent, attempt = False, 0.0, 0
        while True:
            attempt += 1
            response, trouble, seconds, header = self._paced(method, path, params, body)
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

    def _paced(
        self, method: str, path: str, params: Any, body: Any
    ) -> tuple[httpx.Response | None, Trouble | None, float, str]:
        """One attempt at the pace of the session: a 429 was not carried out, so that any method is sent again.

        The answer or what prevented it, its seconds, and the header with the token; a 429 once the budget is spent.
        """
        while True:
            left = self.pacer.wait()
            header = "" if path in ANONYMOUS else self.credentials.header()
            response, trouble, seconds = self._once(method, path, params, body, header)
            if response is None:
                return response, trouble, seconds, header
            if response.status_code != THROTTLED:
                self.pacer.passed(left)
                return response, trouble, seconds, header
            if not self.pacer.refused(left, _asked(response)):
                return response, trouble, seconds, header
            self._tell(Exchange(method, path, THROTTLED, seconds, 1, retrying=True))

    def _tell(self, exchange: Exchange) -> None:
        for observe in tuple(self.observers):
            observe(exchange)

    def _once(
        self, method: str, path: str, params: Any, body: Any, header: str
    ) -> tuple[httpx.Response | None, Trouble | None, float]:
        started = monotonic()
        headers = {"Authorization": header} if header else {}
        content = {} if body is None else {"json": body}
        with self._clock.running(self.settings.timeout * PATIENCE):
            try:
                request = self._client.build_request(method, path, params=params, headers=headers, **content)
                response = self._answer(request, f"{method} {path}", follow=method == "GET")
            except (httpx.RequestError, httpx.InvalidURL, ConnectionError) as problem:
                return None, self._trouble(problem), monotonic() - started
        return response, None, monotonic() - started

    def _answer(self, request: httpx.Request, what: str, *, follow: bool) -> httpx.Response:
        """The answer within its bounds, after redirects inside the same origin: the token never goes elsewhere."""
        response = whole(self._client.send(request, stream=True), what, self._gate)
        for _ in range(MOST_REDIRECTS if follow else 0):
            target = response.next_request
            if target is None:
                break
            if origin(str(target.url)) != origin(self.url):
                raise Malformed.of(
                    f"{self.url} redirects to another origin, {target.url.scheme}://{target.url.netloc.decode()}",
                    hint="give that URL as the server, if it is yours",
                )
            with self._clock.standing():
                self.pacer.wait()
            response = whole(self._client.send(target, stream=True), what, self._gate)
        return response

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
            answered, _ = self._send("POST", REFRESH, None, {"refresh": refresh})
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

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.concurrency, thread_name_prefix="lsops")
            return self._pool


def _without_frames(error: ServerError) -> ServerError:
    """The error alone: the frames that it came through hold an answer, and many errors would hold as many."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def _may_repeat(response: httpx.Response | None, trouble: Trouble | None, *, repeatable: bool) -> bool:
    if trouble is not None:
        return not trouble.lasting and (not trouble.sent or repeatable)
    return repeatable and response is not None and response.status_code in TRANSIENT


def _asked(response: httpx.Response | None) -> float | None:
    return asked_pause(response.headers.get("retry-after")) if response is not None else None
