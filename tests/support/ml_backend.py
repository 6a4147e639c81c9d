"""A stand-in for an ML backend, on this machine alone: what a Label Studio server asks of one, and a count of it.

The server asks for `/health` and `/setup` below the URL that it knows, also whenever somebody reads the backend
(Community facts 6); the URL may have a path, as `below` makes one.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VERSION = "fake-1"


@dataclass(slots=True)
class MlBackend:
    """It answers at `url` while it is up, and tells `version` as its newest model's."""

    port: int = 0
    user: str = ""
    password: str = ""
    version: str = VERSION
    setup_status: int = HTTPStatus.OK
    """Anything but 200: the model is not willing, though the backend is healthy."""
    setups: list[Any] = field(default_factory=list)
    """What the next setups are answered with, instead of the version: anything but an object breaks the server."""
    counts: Counter[str] = field(default_factory=Counter)
    """Requests by method and last part of the path, `GET health`; refused ones, too."""
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where it answers, or would."""
        return f"http://127.0.0.1:{self.port}"

    def below(self, path: str) -> str:
        """Another URL of the same backend."""
        return f"{self.url}/{path}"

    @property
    def requests(self) -> int:
        """How often it was asked anything at all."""
        return self.counts.total()

    def start(self) -> None:
        """Listen: on a free port at first, on the same one after a stop."""
        handler = type("Handler", (_Handler,), {"backend": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections; `start` brings it back where it was. The second stop does nothing."""
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()

    def answer(self, asked: str, authorization: str) -> tuple[int, Any]:
        """Status and content for one request."""
        self.counts[asked] += 1
        if self.user and authorization != _basic(self.user, self.password):
            return HTTPStatus.UNAUTHORIZED, {"detail": "wrong user or password"}
        if asked == "POST setup":
            usual = {"model_version": self.version}
            return self.setup_status, self.setups.pop(0) if self.setups else usual
        return HTTPStatus.OK, self._known(asked)

    def _known(self, asked: str) -> dict[str, Any]:
        named: dict[str, dict[str, Any]] = {
            "GET versions": {"versions": [self.version]},
            "POST predict": {"results": []},
            "POST train": {"job": "job-1"},
        }
        return named.get(asked, {"status": "UP"})


@contextmanager
def ml_backend(*, user: str = "", password: str = "") -> Iterator[MlBackend]:
    """One, up for as long as the block runs; with a user it answers nobody else."""
    backend = MlBackend(user=user, password=password)
    backend.start()
    try:
        yield backend
    finally:
        backend.stop()


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class _Handler(BaseHTTPRequestHandler):
    """HTTP for one backend."""

    backend: MlBackend

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = f"{self.command} {self.path.partition('?')[0].rpartition('/')[2]}"
        status, content = self.backend.answer(asked, self.headers.get("Authorization", ""))
        answer = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Tests count requests; nobody reads a log."""
