"""A real server, empty before each test, and the command line aimed at it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.label_studio import Running
from tests.support.moto_server import Moto, moto_at
from tests.support.one_project import projects
from tests.support.redis_server import Redis, redis_in


@pytest.fixture
def server(label_studio: Running) -> Iterator[httpx.Client]:
    """The API of the real server, without projects and with the default session policy."""
    headers = {"Authorization": f"Token {label_studio.token}"}
    no_keep_alive = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=label_studio.url, headers=headers, timeout=60, limits=no_keep_alive) as client:
        empty(client)
        yield client


@pytest.fixture
def live(lsops: Lsops, label_studio: Running, server: httpx.Client) -> Lsops:
    """The command line with the real server in its environment."""
    del server
    lsops.setenv(LABEL_STUDIO_URL=label_studio.url, LABEL_STUDIO_API_KEY=label_studio.token)
    return lsops


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    with redis_in(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(scope="module")
def moto(label_studio: Running) -> Iterator[Moto]:
    """An S3 where the real server looks for one."""
    with moto_at(label_studio.s3_url) as running:
        yield running


def empty(client: httpx.Client) -> None:
    """Delete every project, one at a time: concurrent deletes break this server."""
    while rows := projects(client):
        for row in rows:
            client.delete(f"/api/projects/{row['id']}/").raise_for_status()
    client.patch("/api/session-policy/", json={"max_session_age": 11520, "max_time_between_activity": 4320})
