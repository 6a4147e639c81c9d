"""Bounds on an answer (the design's section 8): so many bytes when unpacked, in a packing that was asked for.

httpx unpacks a chunk as a whole, and a packing inside a packing as well: one chunk of 64 KiB can hold 66 MiB or as many
GiB. So the bytes are unpacked here, and never beyond the limit.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from lsops.errors import Malformed
from lsops.server.clock import Clock

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer, unpacked."""
LARGE = 2 * 1024 * 1024
"""Bytes from which on an answer is read while no other large one is."""
LARGEST_ERROR = 1024 * 1024
"""Bytes of an answer that is not 2xx: what comes after them is not read, and the status counts."""
ACCEPTED = "gzip, deflate"
"""The packings that are asked for."""

_EITHER = zlib.MAX_WBITS | 32
"""For zlib: the header says whether it is gzip or deflate."""
_OF_THE_PACKING = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class Gate:
    """Large answers are read and parsed one at a time, so that a server cannot fill the memory with many at once."""

    def __init__(self, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._mine = threading.local()

    @contextmanager
    def visit(self) -> Iterator[None]:
        """A block in which one answer is read and parsed; if it is large, no other is until the end of the block."""
        try:
            yield
        finally:
            if getattr(self._mine, "alone", False):
                self._mine.alone = False
                self._lock.release()

    def be_alone(self) -> None:
        """Wait until no other thread has a large answer. Raises: httpx.ReadTimeout, if the time ends before."""
        if getattr(self._mine, "alone", False):
            return
        if not self._lock.acquire(timeout=min(max(self._clock.left, 0.0), threading.TIMEOUT_MAX)):
            raise httpx.ReadTimeout("others read large answers all the time")
        self._mine.alone = True


def whole(response: httpx.Response, what: str, gate: Gate) -> httpx.Response:
    """The answer with its content, from one that is still to be read; it is closed.

    Raises:
        Malformed: it is too large, or packed in a way that nobody asked for, or wrongly.
        httpx.RequestError: the connection fails before its end.
    """
    if response.is_stream_consumed:  # a transport without a network gave it whole
        return response
    limit = LARGEST if response.is_success else LARGEST_ERROR
    try:
        content = _content(response, limit, what, gate)
    finally:
        response.close()
    if len(content) > limit and response.is_success:
        content.clear()  # an error keeps the frames that it came through, and what they hold
        raise _unfit(f"{what}: the answer is larger than {limit // 1024**2} MiB")
    headers = [(name, value) for name, value in response.headers.raw if name.lower() not in _OF_THE_PACKING]
    answer = httpx.Response(
        response.status_code,
        headers=headers,
        content=bytes(content),
        request=response.request,
        extensions=response.extensions,
    )
    answer.next_request = response.next_request
    return answer


def _content(response: httpx.Response, limit: int, what: str, gate: Gate) -> bytearray:
    """The unpacked bytes, more than `limit` only where the answer is larger. Raises: Malformed, httpx.RequestError."""
    content = bytearray()
    try:
        for part in unpacked(response, what):
            if len(content) + len(part) > LARGE:
                gate.be_alone()
            content += part
            if len(content) > limit:
                break
    except zlib.error as problem:
        raise _unfit(f"{what}: the answer cannot be unpacked") from problem
    return content


def unpacked(response: httpx.Response, what: str) -> Iterator[bytes]:
    """The bytes in parts of a MiB at most. What follows the end of the packed bytes is left unread.

    Raises: Malformed, httpx.RequestError, and zlib.error where it is packed wrongly.
    """
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        yield from response.iter_raw()
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise _unfit(f'{what}: the answer is packed as "{packing}", which lsops did not ask for')
    unpacker = zlib.decompressobj(_EITHER)
    for chunk in response.iter_raw():
        while chunk and not unpacker.eof:
            yield unpacker.decompress(chunk, 1024 * 1024)
            chunk = unpacker.unconsumed_tail  # what is left of it
        if unpacker.eof:
            return
    yield unpacker.flush(1024 * 1024)


def _unfit(message: str) -> Malformed:
    return Malformed.of(message, hint="is the URL that of a Label Studio server, with nothing in between?")
