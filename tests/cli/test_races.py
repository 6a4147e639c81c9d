"""Two applies of one manifest at the same moment, against a sandbox over HTTP: nothing is doubled without a word."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.race import addresses, assert_told, declare, race
from tests.support.sandbox import served

TOKEN = "f" * 40


@pytest.mark.parametrize("edition", ["community", "enterprise"])
@pytest.mark.parametrize("latency", [0, 20])
def test_what_two_runs_make_twice_one_of_them_calls_a_failure(tmp_path: Path, edition: str, latency: int) -> None:
    headers = {"Authorization": f"Token {TOKEN}"}
    with (
        served(tmp_path / "served.db", token=TOKEN, edition=edition, latency_ms=latency) as url,
        httpx.Client(base_url=url, headers=headers) as api,
    ):
        if edition == "enterprise":
            api.post("/api/workspaces/", json={"title": "Radiology"}).raise_for_status()
        declare(tmp_path, **({"workspace": "Radiology"} if edition == "enterprise" else {}))
        reports = race(tmp_path, url, TOKEN)
        assert_told(reports, addresses(api))
