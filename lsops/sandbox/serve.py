"""The sandbox over HTTP, on waitress."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from lsops.errors import LsopsError

if TYPE_CHECKING:
    from flask import Flask

_THREADS = 16
_LOOK_SECONDS = 0.1
_LAST_SECONDS = 5.0
_LAST_LOOKS = 3
_STOPS = (signal.SIGTERM, signal.SIGINT)


def _say_nothing(_url: str) -> None: ...


def serve(
    app: Flask,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    ready: Callable[[str], None] = _say_nothing,
    stop: threading.Event | None = None,
) -> None:
    """Answer until SIGTERM, SIGINT or `stop`; returns after the requests in flight were answered.

    `port` 0 picks a free one. `ready` gets the URL once connections are accepted. Signals are
    looked at in the main thread only; anywhere else `stop` is the way.
    """
    ended = stop or threading.Event()
    listener = _listen(host, port)
    sockets: dict[int, Any] = {}
    server = _make_server(app, listener, sockets)
    restore = _stop_on_signals(ended)
    try:
        ready(f"http://{host}:{listener.getsockname()[1]}")
        while not ended.is_set():
            _look(server, sockets)
    finally:
        restore()
        _end(server, sockets)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise LsopsError.of(f"cannot listen on {host}:{port}: {error.strerror}", code="LS605") from error


def _make_server(app: Flask, listener: socket.socket, sockets: dict[int, Any]) -> Any:
    """Waitress without its own loop; without `log_socket_errors` a broken connection is just closed."""
    from waitress.server import create_server  # a heavy import that only serving needs

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    return create_server(app, map=sockets, sockets=[listener], threads=_THREADS, log_socket_errors=False)


def _look(server: Any, sockets: dict[int, Any]) -> None:
    server.asyncore.loop(timeout=_LOOK_SECONDS, use_poll=True, map=sockets, count=1)


def _end(server: Any, sockets: dict[int, Any]) -> None:
    """Let the workers finish and their answers go out, then close every connection."""
    server.task_dispatcher.shutdown(cancel_pending=False, timeout=_LAST_SECONDS)
    for _ in range(_LAST_LOOKS):
        _look(server, sockets)
    server.asyncore.close_all(sockets)


def _stop_on_signals(stop: threading.Event) -> Callable[[], None]:
    """Set `stop` on a signal; returns what puts the old handlers back."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None

    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    kept = {number: signal.signal(number, handle) for number in _STOPS}

    def restore() -> None:
        for number, handler in kept.items():
            signal.signal(number, handler)

    return restore
