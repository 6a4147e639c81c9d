from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from lsops.errors import LsopsError
from lsops.sandbox import create_app, serve
from tests.sandbox.conftest import CONFIG
from tests.support.sandbox import served

PROGRAM = """
import sys
from lsops.sandbox import create_app, serve
serve(create_app(sys.argv[1]), port=0, ready=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(tmp_path, number):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "s.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}) as process:
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/api/version").is_success
        process.send_signal(number)
        assert process.stdout.read() == "stopped\n"
    assert process.returncode == 0


def test_a_request_in_flight_is_answered_before_it_stops():
    with ThreadPoolExecutor() as pool, served(faults=["GET /api/version:delay=2"]) as url:
        answer = pool.submit(httpx.get, f"{url}/api/version")
        time.sleep(1.5)  # a busy machine takes a while to send it
    assert answer.result().json()["edition"] == "Enterprise"


def test_a_port_in_use_is_an_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LsopsError, match="cannot listen on"):
            serve(create_app(":memory:"), port=taken.getsockname()[1])


def test_sixteen_threads_write_and_nothing_is_lost_or_doubled(serving, tmp_path):
    url = serving(db=tmp_path / "s.db", edition="community")

    def create(index: int) -> int:
        body = {"title": f"Project {index}", "label_config": CONFIG}
        return httpx.post(f"{url}/api/projects/", json=body, timeout=30).json()["id"]

    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(create, range(48)))
    listed = httpx.get(f"{url}/api/projects/?page_size=100").json()
    assert len(set(ids)) == listed["count"] == 48


def test_sixteen_threads_share_one_client_in_process(community):
    def work(index: int) -> int:
        made = community.post("/api/projects/", json={"title": f"Project {index}"}).json()["id"]
        community.patch(f"/api/projects/{made}/", json={"description": str(index)})
        return community.delete(f"/api/projects/{made}/").status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(work, range(48))) == {204}
    assert community.get("/api/projects/").json()["count"] == 0
