"""The content of an answer that may be larger than memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx

from lsops.errors import Finding, Malformed, Unreachable
from lsops.server.bounds import unpacked

if TYPE_CHECKING:
    from lsops.server.sender import Sender


class Download:
    """An answer of which only the headers are read so far."""

    def __init__(self, response: httpx.Response, sender: Sender) -> None:
        self._response = response
        self._sender = sender

    @property
    def headers(self) -> httpx.Headers:
        """Those of the answer."""
        return self._response.headers

    @property
    def size(self) -> int | None:
        """Bytes of the content as the server announces them; None where it does not, or packs it."""
        told = self.headers.get("content-length", "")
        return int(told) if told.isdigit() and "content-encoding" not in self.headers else None

    def parts(self) -> Iterator[bytes]:
        """The content, unpacked, in parts of a MiB at most, to be read once.

        Raises: Unreachable, where the connection breaks, a part takes too long or the end is missing; Malformed, where
        it cannot be unpacked.
        """
        what = f"GET {self._response.request.url.path}"
        source, read = unpacked(self._response, what), 0
        while True:
            try:
                with self._sender.patient():
                    part = next(source, None)
            except (httpx.RequestError, httpx.StreamError, ConnectionError) as problem:
                raise _broken(what, read, str(problem) or type(problem).__name__) from problem
            except zlib.error as problem:
                raise Malformed.of(f"{what}: the answer cannot be unpacked") from problem
            if part is None:
                break
            read += len(part)
            yield part
        if self.size is not None and read != self.size:
            raise _broken(what, read, f"{self.size:,} bytes were announced")


def _broken(what: str, read: int, reason: str) -> Unreachable:
    message = f"{what}: the download broke off after {read:,} bytes: {reason}"
    return Unreachable([Finding(Unreachable.code, message, hint="run it again")])
