"""The command line against the sandbox in this process."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from lsops.server.retry import Backoff
from tests.support.cli import Lsops
from tests.support.sandbox import client_of
from tests.support.site import Site

DATABASE = "sandbox.db"


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two attempts a tenth of the time passes; how long it is otherwise, tests of the server show."""
    whole = Backoff.pause
    monkeypatch.setattr(Backoff, "pause", lambda *given, **named: whole(*given, **named) / 10)


def api(lsops: Lsops, edition: str) -> Iterator[httpx.Client]:
    """The API of the sandbox that `lsops` is aimed at."""
    lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
    with client_of(lsops.folder / DATABASE, edition=edition) as client:
        yield client


@pytest.fixture
def community(lsops: Lsops) -> Iterator[httpx.Client]:
    """A Community sandbox, and `lsops` aimed at it."""
    yield from api(lsops, "community")


@pytest.fixture
def enterprise(lsops: Lsops) -> Iterator[httpx.Client]:
    """An Enterprise sandbox with two workspaces, and `lsops` aimed at it."""
    for client in api(lsops, "enterprise"):
        for title in ("Radiology", "Pathology"):
            client.post("/api/workspaces/", json={"title": title}).raise_for_status()
        yield client


@pytest.fixture(params=["community", "enterprise"])
def site(request: pytest.FixtureRequest, lsops: Lsops) -> Site:
    """A sandbox of each edition, with a watch on what `lsops` sends to it."""
    api_of_edition = request.getfixturevalue(request.param)
    return Site.of(lsops, api_of_edition, request.param, lsops.folder / DATABASE)
