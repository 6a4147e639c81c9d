"""Where `lsops snapshot` puts files: object stores, and what is larger than memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.moto_server import moto_at
from tests.support.site import Site

MIB = 1024 * 1024
DOWNLOAD = r"""
import re, sys
from pathlib import Path
from threading import Event
from lsops.depot import depot_at
from lsops.kinds import Where
from lsops.kinds.shelf import Shelf
from lsops.model.snapshot import Snapshot
from lsops.operations.snapshots.fetching import fetch
from lsops.operations.snapshots.waiting import Patience
from lsops.server.session import Session

with Session(sys.argv[1], token="any") as session:
    shelf, into = Shelf(session, Where(1)), (depot_at(sys.argv[2]), lambda ending: f"a.{ending}")
    name, stored = fetch(shelf, Snapshot(1, "", "done"), "CSV", into, (Patience(9, Event()), lambda text: None))
most = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
print(stored.size, int(most[1]) // 1024)
"""


def made(site: Site) -> None:
    """A project with a recipe and three tasks."""
    site.declare({"snapshots": {"nightly": {"formats": ["JSON", "CSV"]}}})
    site.settled()
    tasks = [{"text": str(number)} for number in range(3)]
    site.api.post(f"/api/projects/{site.project()['id']}/import", json=tasks).raise_for_status()


def test_a_store_of_objects_holds_a_folder_for_each_project(site: Site) -> None:
    made(site)
    place = f"memory://{site.edition}"
    assert site.lsops("snapshot", "run", "-o", place).code == 0
    ran = site.lsops("snapshot", "run", "-o", place, "--format", "json")
    assert ran.json()["outcomes"][0]["downloaded"] is False, ran


def test_a_recipe_without_a_place_needs_one_on_the_command_line(site: Site) -> None:
    made(site)
    ran = site.lsops("snapshot", "run")
    assert (ran.code, "LS659" in ran.err) == (3, True), ran


def test_a_chain_of_places_is_refused_on_the_command_line_too(site: Site) -> None:
    made(site)
    ran = site.lsops("snapshot", "run", "-o", "zip::s3://a/b")
    assert (ran.code, "LS655" in ran.err) == (3, True), ran


@pytest.mark.soak
def test_s3_holds_what_a_run_downloaded(site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    made(site)
    site.lsops.setenv(AWS_ENDPOINT_URL_S3=url, AWS_DEFAULT_REGION="us-east-1")
    site.lsops.setenv(AWS_ACCESS_KEY_ID="any", AWS_SECRET_ACCESS_KEY="any")
    with moto_at(url) as moto:
        moto.put("exports")
        ran = site.lsops("snapshot", "run", "-o", "s3://exports/labels")
        assert ran.code == 0, ran
        found = moto.objects("exports")
    assert sorted(found) == [
        f"labels/Triage/{name}" for name in ("nightly-CSV.csv", "nightly-JSON.json", "nightly.index.json")
    ]
    assert len(json.loads(found["labels/Triage/nightly-JSON.json"])) == 3


class Large(BaseHTTPRequestHandler):
    """Answers every GET with a GiB."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(1024 * MIB))
        self.send_header("Content-Disposition", 'attachment; filename="large.csv"')
        self.end_headers()
        for _ in range(1024):
            self.wfile.write(bytes(MIB))

    def log_message(self, *given: object) -> None:
        """Say nothing."""


@pytest.mark.soak
def test_a_gibibyte_is_downloaded_in_120_mebibytes(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Large)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    arguments = [sys.executable, "-c", DOWNLOAD, f"http://127.0.0.1:{server.server_port}", str(tmp_path)]
    ran = subprocess.run(arguments, env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False)
    server.shutdown()
    server.server_close()
    size, memory = map(int, ran.stdout.split())
    assert (size, memory < 120) == (1024 * MIB, True), ran
