"""A sandbox in this process, and a session with it as a script has one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lsops.server.session import Session
from tests.support.sandbox import session_with

Declare = Callable[..., Path]


@pytest.fixture
def declare(tmp_path: Path) -> Declare:
    """Writes a manifest into a folder beside the working directory, and returns the folder."""

    def write(**manifest: Any) -> Path:
        folder = tmp_path / "label-studio"
        folder.mkdir(exist_ok=True)
        (folder / "lsops.yaml").write_text(json.dumps({"version": 1, **manifest}), "utf-8")
        return folder

    return write


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with session_with(tmp_path / "sandbox.db", edition="community") as opened:
        yield opened
