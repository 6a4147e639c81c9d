"""A sandbox in this process, and a session with it as a script has one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lsops.sandbox import create_app
from lsops.server import Session

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
    app = create_app(tmp_path / "sandbox.db", edition="community")
    with Session("http://sandbox", transport=httpx.WSGITransport(app=app)) as opened:
        yield opened
    app.extensions["sandbox"].store.close()
