"""Sandboxes of both editions, reached in-process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from lsops.sandbox import add_user, create_app
from tests.support.sandbox import client_of, served

Connect = Callable[..., httpx.Client]
CONFIG = (
    '<View><Text name="t" value="$text"/>'
    '<Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices></View>'
)
CREW = ("OW", "AD", "MA", "RE", "AN", "NO", "DI")
RESULT = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A client of a new sandbox, made with the given options of `create_app`."""
    with ExitStack() as stack:
        yield lambda *given, **options: stack.enter_context(client_of(*given, **options))


@pytest.fixture
def enterprise(connect: Connect) -> httpx.Client:
    return connect(edition="enterprise")


@pytest.fixture
def community(connect: Connect) -> httpx.Client:
    return connect(edition="community")


def make(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    """A new project, as its POST answers."""
    response = client.post("/api/projects/", json={"title": "A project", "label_config": CONFIG, **fields})
    assert response.status_code == 201, response.text
    return response.json()


@pytest.fixture(params=["community", "enterprise"])
def api(request: pytest.FixtureRequest, connect: Connect) -> httpx.Client:
    """A sandbox of either edition, with the project 1."""
    client = connect(edition=request.param)
    make(client)
    return client


@pytest.fixture
def serving() -> Iterator[Callable[..., str]]:
    """The URL of a sandbox over HTTP, made with the given options of `create_app`."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(served(**options))


class Crew:
    """An Enterprise sandbox with people in every role; `crew["MA"]` is the client of the one who has it.

    Ids go from 1, the owner, in the order of `CREW`.
    """

    def __init__(self, db: Path, tokens: Mapping[str, str]) -> None:
        transport = httpx.WSGITransport(app=create_app(db))
        headers = {code: {"Authorization": f"Token {token}"} for code, token in tokens.items()}
        self.db = db
        self.clients = {
            code: httpx.Client(transport=transport, base_url="http://sandbox", headers=headers.get(code))
            for code in CREW
        }

    def __getitem__(self, code: str) -> httpx.Client:
        return self.clients[code]

    @staticmethod
    def id(code: str) -> int:
        return CREW.index(code) + 1


@pytest.fixture(scope="session")
def boarded(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, str]]:
    """The file of a sandbox with a crew, and their tokens."""
    db = tmp_path_factory.mktemp("crew") / "crew.db"
    tokens = {code: add_user(db, f"{code.lower()}@example.com", code) for code in CREW[1:]}
    return db.read_bytes(), tokens


@pytest.fixture
def crew(boarded: tuple[bytes, dict[str, str]], tmp_path: Path) -> Iterator[Crew]:
    content, tokens = boarded
    (tmp_path / "crew.db").write_bytes(content)
    made = Crew(tmp_path / "crew.db", tokens)
    yield made
    for client in made.clients.values():
        client.close()
