"""A sandbox over HTTP for the benchmarks: it notes what it is asked, and every answer takes the same time.

Run as a program it holds the projects of `manifests`, as `lsops sandbox serve` would, and prints the same two lines.
The first answer to a GET is kept and given again, so that the time of an answer is the latency and not the sandbox's.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from timing import PYTHON

TOKEN = "0123456789abcdef0123456789abcdef01234567"
REQUESTS = "/benchmark/requests"
OTHERS = {"webhooks": "/api/webhooks/", "views": "/api/dm/views/", "ml_backends": "/api/ml/"}
PATHS = {"import_storages": "/api/storages/{}/", "export_storages": "/api/storages/export/{}"}


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str

    @property
    def environ(self) -> dict[str, str]:
        """What tells lsops where the server is and that its token may go there."""
        return {"LABEL_STUDIO_URL": self.url, "LABEL_STUDIO_API_KEY": TOKEN}

    def counts(self) -> dict[str, int]:
        """The requests since the last time, by method and path with `N` for each id."""
        return dict(Counter(re.sub("/[0-9]+", "/N", one.partition("?")[0]) for one in self.requests()))

    def requests(self) -> list[str]:
        """The requests since the last time in their order, each as `GET /api/projects/?page=1`."""
        with urllib.request.urlopen(self.url + REQUESTS) as answer:
            found: list[str] = json.load(answer)
        return found


@contextmanager
def served(projects: int, storages: int, latency_ms: int, *, others: bool = False) -> Iterator[Served]:
    """A server in a process of its own, which is stopped at the end."""
    numbers = [f"--{name}={int(value)}" for name, value in locals().items()]
    with subprocess.Popen([PYTHON, __file__, *numbers], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            if not first:
                raise SystemExit("the sandbox did not start")
            yield Served(first.removeprefix("Listening on ").strip())
        finally:
            process.terminate()


# ---- the program -------------------------------------------------------------------------------


@dataclass
class Recorder:
    """WSGI: notes requests and replays answers, each after the latency."""

    inner: Any
    latency: float = 0.0
    requests: list[str] = field(default_factory=list)
    _kept: dict[tuple[str, str], tuple[str, list[tuple[str, str]], bytes]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started = time.monotonic()
        path = environ["PATH_INFO"]
        if path == REQUESTS:
            return self._told(start_response)
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        with self._lock:
            self.requests.append(f"{environ['REQUEST_METHOD']} {path}{query}")
        status, headers, body = self._answer(environ, path)
        time.sleep(max(0.0, self.latency - (time.monotonic() - started)))
        start_response(status, headers)
        return [body]

    def _told(self, start_response: Any) -> Iterable[bytes]:
        with self._lock:
            body = json.dumps(self.requests).encode()
            self.requests.clear()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: dict[str, Any], path: str) -> tuple[str, list[tuple[str, str]], bytes]:
        key = (path, environ["QUERY_STRING"])
        if environ["REQUEST_METHOD"] != "GET" or key not in self._kept:
            found = _carried_out(self.inner, environ)
            if environ["REQUEST_METHOD"] != "GET":
                return found
            self._kept[key] = found
        return self._kept[key]


def _carried_out(app: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    from lsops.sandbox.wsgi import carry_out

    reply = carry_out(app, environ)
    return reply.status, list(reply.headers), reply.body


def filled(projects: int, storages: int, *, others: bool = False) -> Any:
    """The sandbox with the workspace, the projects and what is below them as the manifest declares it."""
    import manifests

    from lsops.sandbox import create_app

    app = create_app(":memory:", token=TOKEN)
    post = partial(app.test_client().post, headers={"Authorization": f"Token {TOKEN}"})
    workspace = _created(post("/api/workspaces/", json={"title": manifests.WORKSPACE}))
    for title, entry in manifests.values(range(projects), storages, others=others).items():
        fields = {name: value for name, value in entry.items() if name not in {*PATHS, *OTHERS}}
        project = _created(post("/api/projects/", json={**fields, "title": title, "workspace": workspace}))
        for side, path in PATHS.items():
            for name, storage in entry.get(side, {}).items():
                row = {**_revealed(storage), "title": name, "project": project}
                _created(post(path.format(storage["type"]), json=row))
        for name, path in OTHERS.items():
            for key, child in entry.get(name, {}).items():
                _created(post(path, json={"project": project, **_own(name, key, child)}))
    return app


def _own(name: str, key: str, child: dict[str, Any]) -> dict[str, Any]:
    """The body of a webhook, a view or an ML backend."""
    if name == "views":
        return {"data": {"title": key, **child}}
    return {"url" if name == "webhooks" else "title": key, **child}


def _revealed(storage: dict[str, Any]) -> dict[str, Any]:
    """The fields with some key, in base64, for each reference to a secret."""
    return {name: "a2V5" if str(value).startswith("${env:") else value for name, value in storage.items()}


def _created(answer: Any) -> int:
    if answer.status_code != 201:
        raise SystemExit(f"the sandbox did not take a resource: {answer.text}")
    number: int = answer.json["id"]
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("projects", "storages", "latency_ms", "others"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    from lsops.sandbox import serve

    app = filled(given.projects, given.storages, others=bool(given.others))
    app.wsgi_app = Recorder(app.wsgi_app, given.latency_ms / 1000)
    serve(app, port=0, ready=lambda url: print(f"Listening on {url}\nToken: {TOKEN}", flush=True))


if __name__ == "__main__":
    main()
