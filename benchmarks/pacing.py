"""Plan and apply of 300 resources through 15 requests a second, against requests / 14 seconds.

First with `--rate 14`, then without it, when the pace is learned from the first 429.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from timing import LSOPS, PYTHON, compare, options, run

LIMIT, RATE = 15, 14
TOKEN = "0123456789abcdef0123456789abcdef01234567"
COUNTS = "/benchmark/requests"
PROJECT = """
  Project {0}:
    workspace: W
    import_storages: {{raw: {{type: gcswif, bucket: b{0}, google_project_id: p, google_project_number: "1",
      google_wif_pool_id: ls, google_wif_provider_id: ls, google_service_account_email: ls@p.example.com}}}}
    members: {{ana@example.com: annotator}}"""


def main() -> None:
    given = options(__doc__, projects=100)
    for flags, goal in ((["--rate", str(RATE)], 1.1), ([], 2.0)):
        with tempfile.TemporaryDirectory() as folder, served(folder) as url:
            path = Path(folder, "lsops.yaml")
            head = "version: 1\nworkspaces: {W: {}}\nmembers: {ana@example.com: annotator}\nprojects:"
            path.write_text(head + "".join(PROJECT.format(n) for n in range(given.projects)) + "\n")
            both(str(path), url, flags, goal, as_json=given.json)


def both(path: str, url: str, flags: list[str], goal: float, *, as_json: bool) -> None:
    """An apply and the plan after it, timed together."""
    environ = {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": TOKEN}
    wrote = run([LSOPS, "apply", path, "--yes", "--format", "json", *flags], environ=environ)
    found = run([LSOPS, "plan", path, "--detailed-exitcode", *flags], environ=environ)
    with urllib.request.urlopen(url + COUNTS) as answer:
        requests, refused = json.load(answer)
    done = json.loads(wrote.output)["counts"]["done"]
    pace = " ".join(flags) or "at a learned pace"
    name = f"apply and plan of {done} resources {pace}, {requests} requests, {refused} x 429"
    compare(name, wrote.seconds + found.seconds, requests / RATE, goal, as_json=as_json, more={"refused": refused})
    if refused and flags:
        raise SystemExit(f"{refused} requests were refused at a rate of {RATE}")


@contextmanager
def served(folder: str) -> Iterator[str]:
    """The limited sandbox in a process of its own."""
    with subprocess.Popen([PYTHON, __file__, "serve", folder], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().removeprefix("Listening on ").strip()
        finally:
            process.terminate()


def serve(folder: str) -> None:
    """The program of that process, its database in the folder: it counts its answers, and those of 429."""
    from lsops.sandbox import add_user, create_app
    from lsops.sandbox import serve as listen

    database = Path(folder, "sandbox.db")
    app = create_app(database, token=TOKEN, rate=LIMIT)
    add_user(database, "ana@example.com", "annotator")
    inner, counts = app.wsgi_app, [0, 0]

    def counting(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == COUNTS:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(counts).encode()]

        def noted(status: str, *rest: Any) -> Any:
            counts[0] += 1
            counts[1] += status.startswith("429")
            return start_response(status, *rest)

        return inner(environ, noted)

    app.wsgi_app = counting
    listen(app, port=0, ready=lambda url: print(f"Listening on {url}", flush=True))


if __name__ == "__main__":
    serve(sys.argv[2]) if sys.argv[1:2] == ["serve"] else main()
