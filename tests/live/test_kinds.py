"""The cases of every kind, `tests/kinds/KIND.yaml`, on a real Label Studio: of all that Community has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.kind_bench import Bench
from tests.support.kind_cases import Cases, cases_of, files, read
from tests.support.kind_runs import problems
from tests.support.label_studio import Running
from tests.support.ml_backend import MlBackend, ml_backend
from tests.support.moto_server import Moto
from tests.support.redis_server import Redis

pytestmark = pytest.mark.live

ALL = [cases for path in files().values() for cases in cases_of(read(path), "live")]
TASK = json.dumps({"text": "a text"})


@pytest.fixture(scope="module")
def backend() -> Iterator[MlBackend]:
    """The server calls it; it is also where the webhooks go."""
    with ml_backend() as running:
        yield running


@pytest.fixture(scope="module")
def moto(moto: Moto) -> Moto:
    """An S3 with a task at each place that the cases name."""
    for bucket in ("scans", "other"):
        moto.put(bucket, {"in/task.json": TASK, "other/task.json": TASK})
    return moto


@pytest.fixture(scope="module")
def stores(backend: MlBackend, redis: Redis, moto: Moto) -> dict[str, Any]:
    """What files of cases name as `{PLACEHOLDER}`."""
    s3 = str(moto.http.base_url).rstrip("/")
    store = {"redis": redis.port, "redis_password": redis.password, "s3": s3}
    return {"models": backend.url, "hooks": backend.below("hooks"), **store}


@pytest.fixture
def bench(
    live: Lsops, server: httpx.Client, label_studio: Running, stores: dict[str, Any], tmp_path: Path
) -> Iterator[Bench]:
    """The real server, with stores that it reaches; the organisation is as before when the test ends."""
    root = label_studio.data_dir / tmp_path.name
    for name in ("in", "other"):
        (root / name).mkdir(parents=True)
    before = server.get("/api/organizations/1").raise_for_status().json()
    yield Bench(live, server, {**stores, "root": str(root)}, slow=True)
    kept = {name: before[name] for name in ("title", "contact_info") if name in before}
    server.patch("/api/organizations/1", json=kept).raise_for_status()


@pytest.mark.parametrize("cases", ALL, ids=str)
def test_each_field_is_created_changed_and_emptied_as_its_file_says(bench: Bench, cases: Cases) -> None:
    assert problems(cases, bench) == []
