"""Linters and other programs that come as packages: the one of this environment, or a skip that says what to install.

A skip is for a machine that somebody works on: where CI runs with a Python that has them all, a missing one fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

BIN = Path(sys.executable).parent


def program(name: str, package: str = "") -> str:
    """The path of a program; the test is skipped where neither this environment nor the machine has it."""
    found = shutil.which(name, path=f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if found is None:
        missing(f"{name} is not installed: pip install {package or name}")
    return found


def missing(what: str) -> NoReturn:
    """Skip a test for want of a program; fail it in CI, but on Python 3.10, for which some have no wheel."""
    if os.environ.get("CI") == "true" and sys.version_info >= (3, 11):
        pytest.fail(what)
    pytest.skip(what)


def complaints(*command: str, cwd: Path | None = None) -> str:
    """What a linter says of what it was given; nothing where it finds it good."""
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, timeout=600)
    return f"{done.stdout}{done.stderr}".strip() or f"exit code {done.returncode}" if done.returncode else ""
