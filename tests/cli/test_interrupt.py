"""Ctrl-C: what is in flight ends, nothing else starts, and the report says what happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.cli import Lsops
from tests.support.sandbox import client_of, served

ROOT = Path(__file__).parents[2]
TOKEN = "f" * 40
TITLES = [f"Project {number}" for number in range(6)]
MANIFEST = "version: 1\nprojects:\n" + "".join(f"  {title}: {{}}\n" for title in TITLES)


@contextmanager
def started(lsops: Lsops, url: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`lsops` in a process of its own, aimed at a served sandbox; it is gone when the block ends."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": TOKEN}
    command = [sys.executable, "-m", "lsops", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=lsops.folder, env=env, text=True, **pipes) as process:  # type: ignore[call-overload]  # two pipes
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    """Read stderr up to the line that holds the words."""
    assert process.stderr is not None
    for row in process.stderr:
        if words in row:
            return
    raise AssertionError(f"it never said {words!r}")


def titles(lsops: Lsops) -> list[str]:
    """The projects that the served sandbox holds."""
    with client_of(lsops.folder / "served.db", edition="community") as client:
        return sorted(row["title"] for row in client.get("/api/projects/").json()["results"])


def sandbox(lsops: Lsops, *faults: str, **options: int | str):
    """A served sandbox on a database in the working directory."""
    lsops.write(MANIFEST)
    return served(lsops.folder / "served.db", token=TOKEN, faults=faults, **{"edition": "community", **options})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_call_in_flight_ends_and_the_report_is_honest(lsops: Lsops, number: signal.Signals) -> None:
    with sandbox(lsops, "POST /api/projects/:delay=0.3") as url, started(lsops, url, "apply", "--yes") as process:
        wait_for(process, "done create")
        time.sleep(0.1)
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    made = titles(lsops)
    assert process.returncode == 130
    assert "stopping after the call in flight" in err
    assert len(made) == 2
    assert out.splitlines()[-1] == f"Apply incomplete: 2 done, 0 failed, {len(TITLES) - 2} skipped."
    assert f"skipped /projects/{TITLES[2]}: interrupted" in out


def test_the_report_as_json_says_that_it_was_interrupted(lsops: Lsops) -> None:
    arguments = ("apply", "--yes", "--format", "json", "--audit", "audit.log")
    with sandbox(lsops, "POST /api/projects/:delay=0.3") as url, started(lsops, url, *arguments) as process:
        wait_for(process, "done create")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=10)
    report = json.loads(out)
    assert process.returncode == 130
    assert report["interrupted"] is True
    assert report["counts"]["done"] == len(titles(lsops))
    assert report["counts"]["done"] + report["counts"]["skipped"] == len(TITLES)
    rows = [json.loads(row) for row in (lsops.folder / "audit.log").read_text().splitlines()]
    assert [row["event"] for row in rows].count("done") == report["counts"]["done"]


def test_a_second_signal_stops_at_once_and_does_not_say_that_nothing_was_written(lsops: Lsops) -> None:
    arguments = ("apply", "--yes", "--log-format", "json")
    with sandbox(lsops, "POST /api/projects/:delay=2:after=1") as url, started(lsops, url, *arguments) as process:
        wait_for(process, f'"started", "address": "/projects/{TITLES[1]}"')
        process.send_signal(signal.SIGINT)
        wait_for(process, "once more stops at once")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - began < 1.0
    assert process.returncode == 130
    assert "nothing was written" not in err
    assert "may have been carried out" in err
    assert "Traceback" not in out + err


def test_an_interrupt_while_planning_writes_nothing(lsops: Lsops) -> None:
    arguments = ("apply", "--yes", "-vv")
    with sandbox(lsops, "GET /api/projects/:delay=1") as url, started(lsops, url, *arguments) as process:
        wait_for(process, "whoami")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "error[LS902]: interrupted, nothing was written" in err
    assert out == ""
    assert "Traceback" not in err
    assert titles(lsops) == []


@pytest.mark.parametrize("arguments", ["schema", "plan -s sandbox: -v", "validate --format json", "schema nonsense"])
def test_a_reader_that_goes_away_gets_no_traceback(lsops: Lsops, arguments: str) -> None:
    lsops.write(MANIFEST)
    command = f"{sys.executable} -m lsops {arguments} | head -c 1"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        ["sh", "-c", command], check=False, cwd=lsops.folder, env=env, capture_output=True, text=True, timeout=20
    )
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


def test_a_closed_stdout_gives_no_traceback(lsops: Lsops) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for closed in (">&-", "2>&-", "<&-", ">/dev/full"):
        command = f"{sys.executable} -m lsops version {closed}"
        ran = subprocess.run(["sh", "-c", command], check=False, env=env, capture_output=True, text=True, timeout=20)
        assert "Traceback" not in ran.stderr + ran.stdout, closed
        assert "Exception ignored" not in ran.stderr, closed
