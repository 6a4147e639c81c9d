"""A backup and a restore of a large project whose process is killed again and again, against a real Label Studio.

The server goes on with the request that was in flight, as it does where somebody's laptop dies.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from tests.support.backed_up import ADDRESS, exported, make, project_of, uploads
from tests.support.cli import Lsops
from tests.support.label_studio import CHECKOUT

pytestmark = pytest.mark.live

TASKS, FILES = 5_000, 40
BACKUP = (
    (r"GET \S+/webhooks/", 1, 0.0),
    (r"GET \S+/exports/:", 1, 0.3),  # the server makes the export
    (r"GET \S+/exports/\d+/download", 1, 0.0),
    (r"GET \S+/exports/\d+/download", 1, 0.2),
    (r"GET /data/upload/", 1, 0.0),
    (r"GET /data/upload/", 30, 0.0),
    (r"GET \S+/file-uploads", 1, 0.0),
)
RESTORE = (
    (r"POST /api/projects/:", 1, 0.0),
    (r"POST \S+/import:", 20, 0.0),  # half of the files
    (r"POST \S+/import:", 19, 0.0),
    (r"POST \S+/import:", 1, 0.2),  # the server imports tasks
    (r"POST \S+/import:", 3, 0.0),
    (r"POST \S+/import:", 5, 0.4),
    (r"GET /api/tasks/:", 2, 0.3),
    (r"POST \S+/drafts:", 2, 0.0),
)
"""Requests, by what is logged of them and how often, and the seconds after which the process is killed then."""


@pytest.mark.soak
def test_killed_again_and_again_a_large_project_is_there_once(live: Lsops, server: httpx.Client) -> None:
    before = exported(server, make(server, tasks=TASKS, files=FILES))
    assert killed(live, ("backup", ADDRESS, "-o", "saved"), BACKUP) == len(BACKUP)
    saved = live("backup", ADDRESS, "-o", "saved")
    assert f"| done {ADDRESS}: 5,000 tasks, 5,000 annotations, 4 drafts, 5,000 predictions, 40 files\n" in saved.out
    assert server.get(f"/api/projects/{project_of(server)}/exports/").json() == []

    restore = ("restore", "saved", "--yes", "--as", "Copy")
    assert killed(live, restore, RESTORE) >= len(RESTORE) - 2
    assert live(*restore).code == 0
    assert exported(server, project_of(server, "Copy")) == before
    assert len(uploads(server, project_of(server, "Copy"))) == FILES


def killed(live: Lsops, words: tuple[str, ...], points: Iterable[tuple[str, int, float]]) -> int:
    """Run it once for each point and kill it there, each run going on from the one before; how often that was so."""
    return sum(dies(live, words, point) for point in points)


def dies(live: Lsops, words: tuple[str, ...], point: tuple[str, int, float]) -> bool:
    """Whether it came to the point, where it was killed."""
    pattern, left, seconds = point
    command, env = [sys.executable, "-m", "lsops", *words, "-vv"], {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    pipes: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=live.folder, env=env, text=True, **pipes) as process:
        assert process.stderr is not None
        for line in process.stderr:
            left -= re.search(pattern, line) is not None
            if not left:
                time.sleep(seconds)
                process.kill()
                break
    return not left
