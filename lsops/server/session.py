"""One server: reading and writing it, and turning answers into values or errors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TypeVar

from lsops.errors import Finding, LsopsError, Malformed, ServerError
from lsops.server.answers import decode, failure
from lsops.server.choice import is_loopback
from lsops.server.download import Download
from lsops.server.echoes import echoes
from lsops.server.forms import ROW, Form, held, held_rows
from lsops.server.paging import PAGE_SIZE, PagedRows
from lsops.server.sender import Call, Sender
from lsops.server.settings import Exchange, Settings

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Self

    from lsops.server.pacing import Pacer
    from lsops.server.tokens import Credentials

T = TypeVar("T")
R = TypeVar("R")

READS = 2
"""How often a paginated list is read before it is said to change all the time."""
PROOF = 2
"""Pages that are asked for one by one. A list that repeats itself shows on the second."""
AHEAD = 4
"""How many pages are fetched ahead, for each read that may run at a time."""
LONGEST = 2_000
"""Characters of an error's message that are kept."""


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
        self._sender = Sender(self.url, token, self.settings, transport)
        self._transport = transport
        self._redacted: set[str] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    # ---- life --------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and threads."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._sender.close()

    def settle_edition(self, edition: str) -> None:
        """Take the policy that suits the edition: keep-alive is slow on Community's bundled server (facts 1.7)."""
        self.edition = edition
        if edition == "enterprise" or self.url.startswith("https:"):
            self._sender.keep_alive()

    @property
    def pacer(self) -> Pacer:
        """How fast requests are sent, and how long they had to wait."""
        return self._sender.pacer

    @property
    def observers(self) -> list[Callable[[Exchange], None]]:
        """Who is told of every request; whoever listens for a while adds itself and takes itself away again."""
        return self._sender.observers

    @property
    def credentials(self) -> Credentials:
        """What authorises each request."""
        return self._sender.credentials

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

    def file(self, path: str) -> bytes | None:
        """The bytes that the server has at a path, such as a script of its own pages; None where it has none.

        Of a file of the app that there is not, 1.23.2 says 400 (measured).

        Raises: ServerError.
        """
        what = f"GET {path}"
        response, _ = self._sender.send(Call("GET", path))
        if response.status_code in (400, 404):
            return None
        if not response.is_success:
            raise self._clean(failure(response, what))
        return response.content

    def post(self, path: str, body: Any, *, form: Form | None = None) -> Any:
        """The JSON of a POST, which is sent twice only if nothing was sent the first time. Raises: ServerError."""
        return held(self._call("POST", path, body=body), form, f"POST {path}")

    def put(self, path: str, body: Any, *, form: Form | None = None) -> Any:
        """The JSON of a PUT, which has the form. Raises: ServerError."""
        return held(self._call("PUT", path, body=body), form, f"PUT {path}")

    def patch(self, path: str, body: Any, *, form: Form | None = None) -> Any:
        """The JSON of a PATCH, which has the form. Raises: ServerError."""
        return held(self._call("PATCH", path, body=body), form, f"PATCH {path}")

    def delete(self, path: str, params: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """A DELETE; a 404 to a repeated one is success. Raises: ServerError."""
        return self._call("DELETE", path, params=params, body=body)

    def upload(self, path: str, files: Mapping[str, tuple[str, IO[bytes], str]], params: Any = None) -> Any:
        """The JSON of a POST of files as a form, each with its name and its media type; sent twice only if nothing was
        sent the first time. Raises: ServerError.
        """
        return self._carried_out(Call("POST", path, params, files=files))

    @contextmanager
    def download(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Download]:
        """A GET of something that may be larger than memory: its headers, and its content in parts.

        How long it takes is bounded by its progress: each part may take as long as a whole answer.

        Raises: ServerError.
        """
        call = Call("GET", path, params, streamed=True)
        try:
            response, _ = self._sender.send(call)
            if not response.is_success:
                raise failure(response, call.what)
        except ServerError as error:
            raise self._clean(error) from None
        try:
            yield Download(response, self._sender)
        finally:
            response.close()

    def pages(self, path: str, params: Mapping[str, Any] | None = None, *, form: Form = ROW) -> list[dict[str, Any]]:
        """All rows of a paginated list, by page numbers, each of the form; a `next` link is never followed.

        Raises:
            ServerError: a page cannot be read, or the list does not end, or changes each time while it is read.
        """
        for _ in range(READS):
            listing = self._listing(PagedRows(path, form), path, params)
            if listing.is_whole:
                return listing.rows
        raise Malformed.of(f"GET {path}: the list changes while it is read", hint="run again")

    def _listing(self, listing: PagedRows, path: str, params: Mapping[str, Any] | None) -> PagedRows:
        more, number = True, 1
        while more:
            for answer in self.map(lambda which: self._page(path, params, which), self._next_pages(listing, number)):
                if isinstance(answer, LsopsError):
                    raise answer
                more = listing.add(answer)
                number += 1
        return listing

    def _next_pages(self, listing: PagedRows, number: int) -> range:
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
        hidden = sorted({*self._redacted, *self._sender.credentials.secrets()}, key=len, reverse=True)
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
        return self._carried_out(Call(method, path, params, body))

    def _carried_out(self, call: Call) -> Any:
        try:
            with self._sender.gate.visit():
                return self._result(call)
        except ServerError as error:
            raise self._clean(error) from None

    def _result(self, call: Call) -> Any:
        response, attempts = self._sender.send(call)
        if response.is_success:
            return decode(response, call.what)
        if call.method == "DELETE" and response.status_code == 404 and attempts > 1:
            return None
        raise failure(response, call.what)

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.concurrency, thread_name_prefix="lsops")
            return self._pool


def _without_frames(error: ServerError) -> ServerError:
    """The error alone: the frames that it came through hold an answer, and many errors would hold as many."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)
