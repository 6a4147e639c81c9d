"""A real server that dies in the middle of an apply."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.support.label_studio import Running, start_label_studio

pytestmark = pytest.mark.live

COUNT = 40
TOLD_BEFORE_THE_CRASH = 10


def test_after_a_crash_the_report_is_honest_and_the_next_apply_completes(tmp_path: Path) -> None:
    entries = "".join(f"  Project {number:02}: {{}}\n" for number in range(COUNT))
    (tmp_path / "lsops.yaml").write_text(f"version: 1\nprojects:\n{entries}")
    running = start_label_studio(tmp_path / "data")
    crashed = apply(tmp_path, running)
    while crashed.poll() is None and told(tmp_path).count("done create ") < TOLD_BEFORE_THE_CRASH:
        time.sleep(0.02)
    running.kill()
    out, _ = crashed.communicate(timeout=120)
    err = told(tmp_path)
    assert crashed.returncode == 4, (out, err)
    done = err.count("done create ")
    assert TOLD_BEFORE_THE_CRASH <= done < COUNT
    assert out.splitlines()[-1].startswith(f"Apply incomplete: {done} done, ")
    assert "Traceback" not in err

    restarted = start_label_studio(tmp_path / "data")
    try:
        second = apply(tmp_path, restarted)
        out, _ = second.communicate(timeout=120)
        assert second.returncode == 0, (out, told(tmp_path))
        assert sorted(titles(restarted)) == [f"Project {number:02}" for number in range(COUNT)]
    finally:
        restarted.stop()


def apply(folder: Path, running: Running) -> subprocess.Popen[str]:
    env = {**os.environ, "LABEL_STUDIO_URL": running.url, "LABEL_STUDIO_API_KEY": running.token}
    command = [sys.executable, "-m", "lsops", "apply", str(folder), "--yes", "--settle-timeout", "2"]
    with (folder / "stderr.txt").open("w") as stderr:
        return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=stderr)


def told(folder: Path) -> str:
    """What the running apply has said on stderr so far."""
    return (folder / "stderr.txt").read_text()


def titles(running: Running) -> list[str]:
    answer = httpx.get(
        f"{running.url}/api/projects/",
        params={"page_size": 100, "include": "id,title"},
        headers={"Authorization": f"Token {running.token}"},
        timeout=30,
    )
    return [row["title"] for row in answer.raise_for_status().json()["results"]]
