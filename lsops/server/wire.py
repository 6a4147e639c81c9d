"""The connections under a client: an end for every answer, and to whom the last one was made.

A time-out of httpx begins anew with every byte, so that a server that sends one now and then outlives it, in the
headers as well as in the body. There is one place that sees every byte: the network backend of httpcore.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl

    import httpx

    from lsops.server.clock import Clock


def watch(client: httpx.Client, clock: Clock) -> None:
    """Put the clock under every connection of a client, those through proxies too.

    httpx makes the pools itself, and knows by the environment which proxies; no public name leads to them.
    """
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001  # see above
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend, clock)  # noqa: SLF001  # likewise


def _left(clock: Clock, timeout: float | None) -> float:
    """Seconds that one read or write may take. Raises: httpcore.ReadTimeout, if there are none left."""
    left = clock.left
    if left <= 0:
        raise httpcore.ReadTimeout("the answer did not end in time")
    return left if timeout is None else min(left, timeout)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, inner: httpcore.NetworkBackend, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self._clock.peer = (host, port)
        seconds = _left(self._clock, timeout)
        try:
            stream = self._inner.connect_tcp(host, port, seconds, local_address, socket_options)
        except (OverflowError, UnicodeError) as problem:  # such as a label of more than 63 letters
            raise httpcore.ConnectError("this cannot be the name of a host") from problem
        return _Stream(stream, self._clock)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._clock, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._clock, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(self._clock, timeout)), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
