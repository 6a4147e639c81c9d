"""`lsops audit` of very many rows: flat in memory, and whole after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lsops.operations.audit import Audit, AuditRequest
from tests.support.audit_rows import empty_log, history, log, put, review
from tests.support.sandbox import client_of, served, session_with

ROOT = Path(__file__).parents[2]
TOKEN = "f" * 40


def test_rows_are_passed_on_before_the_next_page_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.server.in_time.PAGE", 20)
    with session_with(tmp_path / "any.db", edition="enterprise") as session:
        put(tmp_path / "any.db", "activity_log", map(log, range(70)))
        asked: list[str] = []
        session.observers.append(lambda exchange: asked.append(exchange.path))
        entries = Audit(session, AuditRequest()).entries()
        pages = [asked.count("/api/activity-logs/") for _ in zip(range(60), entries, strict=False)]
    assert pages[:20] == [1] * 20
    assert pages[-1] == 4


@pytest.fixture
def full(tmp_path: Path) -> Iterator[str]:
    """The URL of a sandbox with 100,000 rows."""
    database = tmp_path / "served.db"
    with client_of(database, edition="enterprise") as client:
        home = client.post("/api/workspaces/", json={"title": "W"}).raise_for_status().json()["id"]
        client.post("/api/projects/", json={"title": "Cats", "workspace": home}).raise_for_status()
        task = {"data": {"text": "a"}, "annotations": [{"result": []}]}
        client.post("/api/projects/1/import", json=[task]).raise_for_status()
        client.delete("/api/annotation-history/").raise_for_status()
    empty_log(database)
    put(database, "activity_log", map(log, range(40_000)))
    put(database, "annotation_history", map(history, range(40_000)))
    put(database, "review", map(review, range(20_000)))
    with served(database, token=TOKEN, edition="enterprise") as url:
        yield url


@pytest.mark.soak
def test_a_hundred_thousand_rows_are_flat_in_memory_and_whole_after_kills(full: str, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    for size in (1_000_000, 15_000_000, 30_000_000):
        kill_at(full, tmp_path, file, size)
    ended, memory = run(full, tmp_path)
    assert ended == 0
    found = Counter((one["source"], one["row"]["id"]) for one in map(json.loads, file.open()))
    assert set(found.values()) == {1}
    sources = Counter(source for source, _ in found)
    assert (sources["annotation_review"], sources["annotation_history"]) == (20_000, 40_000)
    assert sources["activity_log"] == 40_000
    assert memory < 100, f"{memory:.0f} MiB"


AUDIT = [sys.executable, "-m", "lsops", "audit", "-o", "audit.jsonl"]
MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""
"""A small process in between: what a large one starts would count its memory as its own."""


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": TOKEN}


def kill_at(url: str, folder: Path, file: Path, size: int) -> None:
    """Run it, and kill it once its file is that large."""
    with subprocess.Popen(AUDIT, cwd=folder, env=environment(url)) as process:
        while process.poll() is None and not (file.exists() and file.stat().st_size > size):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)


def run(url: str, folder: Path) -> tuple[int, float]:
    """Run it to its end: the exit code, and the memory that it took at most, in MiB."""
    between = [sys.executable, "-S", "-c", MEASURE, *AUDIT]
    said = subprocess.run(between, cwd=folder, env=environment(url), stdout=subprocess.PIPE, text=True, check=True)
    code, memory = said.stdout.split()
    return int(code), float(memory)
