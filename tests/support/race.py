"""Two runs that planned the same and apply it at the same time, over sockets, as two jobs of a CI would."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import httpx

import lsops
from lsops.model.address import join
from lsops.model.plan import Plan
from lsops.model.report import Report
from lsops.server.session import Session

HOOK = "https://hooks.example.com/ls"
TITLES = tuple(f"Project {number}" for number in range(8))


def declare(folder: Path, **home: Any) -> None:
    """A manifest with projects, each with a tab and a webhook."""
    entry = {**home, "views": {"Tab": {}}, "webhooks": {HOOK: {}}}
    (folder / "lsops.yaml").write_text(json.dumps({"version": 1, "projects": dict.fromkeys(TITLES, entry)}), "utf-8")


def race(folder: Path, url: str, token: str) -> list[Report]:
    """What became of two applies that begin together."""
    manifest, start = lsops.load(folder), Barrier(2)
    reports: list[Report] = []

    def run(plan: Plan, session: Session) -> None:
        start.wait(30)
        reports.append(lsops.apply(plan, session))

    with ExitStack() as stack:
        sessions = [stack.enter_context(lsops.connect(url, token)) for _ in range(2)]
        threads = [Thread(target=run, args=(lsops.plan(manifest, one), one)) for one in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(180)
    assert len(reports) == 2, "a run did not end"
    return reports


def addresses(api: httpx.Client) -> Counter[str]:
    """How often each resource is there."""
    found = api.get("/api/projects/", params={"page_size": 100}).raise_for_status().json()["results"]
    places = {row["id"]: join("projects", row["title"]) for row in found}
    return Counter([*places.values(), *_below(api, places)])


def _below(api: httpx.Client, places: dict[int, str]) -> Iterator[str]:
    for row in api.get("/api/dm/views/").raise_for_status().json():
        yield places[row["project"]] + join("views", row["data"]["title"])
    for row in api.get("/api/webhooks/").raise_for_status().json():
        yield places[row["project"]] + join("webhooks", row["url"])


def assert_told(reports: list[Report], there: Counter[str]) -> None:
    """Whatever is there twice is a failure of one run at least, so that only one can be complete."""
    failed = {one.address: one.reason for report in reports for one in report.outcomes if one.outcome == "failed"}
    doubled = {address for address, number in there.items() if number > 1}
    assert doubled <= set(failed)
    assert all("now exists" in reason or "made twice" in reason for reason in failed.values()), failed
    assert set(TITLES) <= {address.rpartition("/")[2] for address in there}, "nobody made it"
    assert not all(report.complete for report in reports), "they did not meet"
