"""A server of bytes: what a hostile or a broken one sends, to the byte and at its own pace."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

MIB = 1024 * 1024
Sent = Iterable[bytes]


def head(status: str = "200 OK", **headers: str) -> bytes:
    """Status line and headers; the body ends with the connection. `content_encoding="gzip"` is `content-encoding`."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", "content-type: application/json", *lines, "", ""]).encode()


def as_json(body: Any, status: str = "200 OK") -> Sent:
    """A whole answer."""
    yield head(status) + json.dumps(body).encode()


def plain(size: int, **headers: str) -> Sent:
    """An answer of so many bytes."""
    yield head(**headers)
    yield from (b"[" * MIB for _ in range(size // MIB))


def packed(size: int, packing: str = "gzip", *, times: int = 1) -> Sent:
    """An answer of so many bytes unpacked, packed as often."""
    body: Sent = (b"[" * MIB for _ in range(size // MIB))
    for _ in range(times):
        body = _packed(body, 31 if packing == "gzip" else 15)
    yield head(content_encoding=", ".join([packing] * times))
    yield from body


def _packed(parts: Sent, window: int) -> Sent:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    yield from (piece for part in parts if (piece := packer.compress(part)))
    yield packer.flush()


@contextmanager
def raw_server(
    answers: Callable[[str], Sent],
    seen: list[str] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    broken: bytes = b"HTTP/1.0 400 Bad Request\r\n\r\n",
) -> Iterator[str]:
    """The URL of a server that sends, for the target of each request, the bytes of `answers`, and then hangs up.

    What is no request at all gets `broken`.
    """

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                words = self.rfile.readline().split()
                if len(words) != 3 or not words[2].startswith(b"HTTP/"):
                    self.wfile.write(broken)
                    return
                target = words[1].decode()
                while (line := self.rfile.readline().strip().lower()) != b"":
                    size = int(line.partition(b":")[2]) if line.startswith(b"content-length:") else 0
                    self.body = size or getattr(self, "body", 0)
                self.rfile.read(getattr(self, "body", 0))
                if seen is not None:
                    seen.append(target)
                for part in answers(target):
                    self.wfile.write(part)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            """A client that does not speak TLS, or does not trust this end of it, is what a test wants."""
            if tls is None:
                super().finish_request(request, client_address)
                return
            with suppress(OSError), tls.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        worker = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        worker.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            worker.join(10)


def label_studio_but(special: Mapping[str, Callable[[], Sent]]) -> Callable[[str], Sent]:
    """The answers of a Community server without projects, but for these paths."""
    usual: Mapping[str, Any] = {
        "/api/version": {"release": "1.23.2", "edition": "Community"},
        "/api/current-user/whoami": {"id": 1, "email": "owner@example.com", "active_organization": 1},
        "/api/projects/": {"count": 0, "next": None, "previous": None, "results": []},
    }

    def answer(target: str) -> Sent:
        path = target.partition("?")[0]
        return special[path]() if path in special else as_json(usual.get(path, []))

    return answer
