"""The site as `make site` builds it, once for all tests of a run."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds that a busy machine may take."""


def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site; the workers of one run share it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    above = tmp_path_factory.getbasetemp().parent / f"site-{run}" if run else tmp_path_factory.mktemp("site")
    above.mkdir(exist_ok=True)
    folder = above / "site"
    with (above / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not folder.exists():
            _build(folder)
    return folder


def _build(folder: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode or "WARNING" in done.stderr:
        pytest.fail(f"the site does not build:\n{done.stderr}")
