"""`lsops drift` on a real Label Studio: the nightly job's exit code, and what it lists."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.ml_backend import MlBackend, ml_backend
from tests.support.one_project import by_hand, declare, make, projects, rows, settled

pytestmark = pytest.mark.live


@pytest.fixture
def backend() -> Iterator[MlBackend]:
    """Where the webhooks go and what the ML backend is."""
    with ml_backend() as running:
        yield running


@pytest.fixture
def triage(live: Lsops, backend: MlBackend) -> Lsops:
    """The command line, with a manifest of one project that has one of everything, applied."""
    hook = {"is_active": True, "headers": {"X-Team": "radiology"}}
    below = {"webhooks": {backend.below("hook"): hook}, "views": {"Tab": {"gridWidth": 4}}}
    declare(live, {**below, "ml_backends": {"triage": {"url": backend.url}}})
    settled(live)
    return live


def test_nothing_differs_and_what_is_unmanaged_is_listed(
    triage: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    clean = triage("drift")
    assert (clean.code, clean.last.partition(".")[0]) == (0, "No drift")
    assert triage("drift", "--strict").code == 0
    make(server, "webhooks", backend.below("stray"))
    make(server, "views", "Stray")
    make(server, "ml_backends", "stray", url=backend.below("stray"))
    server.post("/api/projects/", json={"title": "Stray project"}).raise_for_status()
    listed = triage("drift")
    assert listed.code == 0
    assert "4 live, in a managed collection, not in the manifest:" in listed.out
    for name in ("views/Stray", "ml_backends/stray", "/projects/Stray project", "~1stray"):
        assert name in listed.out
    assert "~1webhook" not in listed.out
    assert triage("drift", "--strict").code == 2


def test_what_differs_exits_2_and_changes_nothing(triage: Lsops, server: httpx.Client, backend: MlBackend) -> None:
    (view,) = rows(server, "views")
    (hook,) = (row for row in rows(server, "webhooks") if row["url"] == backend.below("hook"))
    by_hand(server, "views", view, gridWidth=9)
    by_hand(server, "webhooks", hook, headers={"X-Team": "surgery"})
    server.delete(f"/api/ml/{rows(server, 'ml_backends')[0]['id']}").raise_for_status()
    before = projects(server), rows(server, "views"), rows(server, "webhooks")
    found = triage("drift")
    assert found.code == 2
    assert "gridWidth: 9 -> 4" in found.out
    assert "surgery" not in found.out
    assert "radiology" not in found.out
    assert found.last == "Drift: 3 differences (2 changed, 1 missing, 0 unwanted), 0 unmanaged."
    document = triage("drift", "--format", "json")
    assert (document.code, document.json()["format"], document.json()["drift"]) == (2, "lsops.drift/1", True)
    assert (projects(server), rows(server, "views"), rows(server, "webhooks")) == before
    settled(triage)
    assert triage("drift").code == 0


def test_drift_does_not_ask_backends_that_are_skipped(triage: Lsops, backend: MlBackend) -> None:
    asked = backend.requests
    assert triage("drift", "--skip", "ml_backends").code == 0
    assert backend.requests == asked
    assert triage("drift").code == 0
    assert backend.requests > asked


def test_a_read_that_fails_is_an_error_and_no_drift(triage: Lsops, backend: MlBackend) -> None:
    wrong = triage.write("0" * 40, "token")
    assert triage("drift", "--token-file", str(wrong)).code == 1
    backend.setups.append([])
    incomplete = triage("drift")
    assert incomplete.code == 1
    assert incomplete.last.startswith("Drift incomplete: 1 read failed")
    assert triage("drift").code == 0
