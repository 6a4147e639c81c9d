"""Both servers, each after its run through the whole script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from lsops.sandbox import add_user, create_app, serve_files_below
from tests.parity.script import PARTS
from tests.parity.signup import sign_up
from tests.parity.steps import Both, Run, Seen
from tests.support.label_studio import Running
from tests.support.ml_backend import ml_backend
from tests.support.sandbox import client_of

_PEOPLE = {"stays": "stays@example.com", "leaves": "leaves@example.com"}
"""Members of both servers: the name under which a step finds their token, and their e-mail."""
_TOKEN = "0123456789abcdef0123456789abcdef01234567"  # of a sandbox that lives for one test run


@pytest.fixture(scope="session")
def both(label_studio: Running, models: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The answers of both servers, step by step."""
    folder = label_studio.data_dir / "parity"
    (folder / "inner").mkdir(parents=True, exist_ok=True)
    known = {"folder": str(folder), "root": str(label_studio.data_dir), **models}
    db = tmp_path_factory.mktemp("parity") / "sandbox.db"
    create_app(db, edition="community")
    serve_files_below(db, label_studio.data_dir)
    return Both(_answers_of_the_server(label_studio, known), _answers_of_the_sandbox(db, known))


@pytest.fixture(scope="session")
def models() -> Iterator[dict[str, str]]:
    """The URLs of ML backends that answer, want a user, and cannot be set up; their paths tell the sandbox the same."""
    with ExitStack() as stack:
        up = stack.enter_context(ml_backend())
        guarded = stack.enter_context(ml_backend(user="u", password="secret"))
        broken = stack.enter_context(ml_backend())
        up.version = guarded.version = "127.0.0.1-1"  # what the sandbox makes of the host
        broken.setup_status = 500
        yield {
            "up": up.url,
            "odd": f"http://127.1:{up.port}",
            "guarded": guarded.below("denied-models"),
            "broken": broken.below("broken-models"),
        }


def _answers_of_the_server(running: Running, known: dict[str, str]) -> dict[str, list[Seen]]:
    limits = httpx.Limits(max_keepalive_connections=0)  # a kept connection is four times slower there
    with httpx.Client(base_url=running.url, timeout=60, limits=limits) as client:
        tokens = {name: sign_up(running, email) for name, email in _PEOPLE.items()}
        return _answers(Run(client, running.token, {**known, **tokens}))


def _answers_of_the_sandbox(db: Path, known: dict[str, str]) -> dict[str, list[Seen]]:
    tokens = {name: add_user(db, email, "AN") for name, email in _PEOPLE.items()}
    with client_of(db, edition="community", token=_TOKEN) as client:
        return _answers(Run(client, _TOKEN, {**known, **tokens}))


def _answers(run: Run) -> dict[str, list[Seen]]:
    return {part: [run.take(step) for step in steps] for part, steps in PARTS.items()}
