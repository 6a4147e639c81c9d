"""Webhooks that ML backends brought along, through the command line: they go after their backend has, or stay."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.model.address import below
from tests.support.site import BASE, Site

MODEL = {"url": f"{BASE}/model"}
BROUGHT = f"{BASE}/model/webhook"
TRIAGE, GONE = "/projects/Triage/ml_backends/triage", below("/projects/Triage/webhooks", BROUGHT)
DOWN = {"triage": {"url": "http://missing-models.example.com"}}
BOTH, HOOKS = ["projects/*/ml_backends", "projects/*/webhooks"], ["projects/*/webhooks"]
ABSENT = {"lifecycle": {"absent": True}}


@pytest.fixture(autouse=True)
def _backend(site: Site) -> None:
    """A backend, and so its webhook."""
    site.declare({"ml_backends": {"triage": MODEL}, "webhooks": {}})
    site.settled()
    assert site.keys("webhooks") == [BROUGHT]


def outcomes(site: Site, code: int) -> dict[str, dict[str, Any]]:
    """What became of each change of an apply with every consent, by address."""
    ran = site.apply("--allow-deletes", "2", "--format", "json")
    assert ran.code == code, ran
    return {one["address"]: one for one in ran.json()["outcomes"]}


PRUNED: tuple[dict[str, Any], dict[str, Any]] = ({}, {"prune": HOOKS})
NAMED: tuple[dict[str, Any], dict[str, Any]] = ({BROUGHT: ABSENT}, {})
either_way = pytest.mark.parametrize(("hooks", "top"), [PRUNED, NAMED], ids=["pruned", "absent"])


@either_way
def test_it_stays_where_its_backend_cannot_be_moved(site: Site, hooks: dict[str, Any], top: dict[str, Any]) -> None:
    site.declare({"ml_backends": DOWN, "webhooks": hooks}, **top)
    assert site.planned() == [("update", TRIAGE), ("delete", GONE)]
    found = outcomes(site, 4)
    assert {address: one["outcome"] for address, one in found.items()} == {TRIAGE: "failed", GONE: "skipped"}
    assert found[GONE]["reason"] == f"{TRIAGE} failed"
    assert (site.keys("webhooks"), site.row("ml_backends", "triage")["url"]) == ([BROUGHT], MODEL["url"])


def test_it_stays_where_its_backend_cannot_be_deleted_and_goes_with_the_next_apply(site: Site) -> None:
    site.declare({"ml_backends": {}, "webhooks": {}}, prune=BOTH)
    site.watch.faults = ("DELETE /api/ml/*:400",)
    found = outcomes(site, 4)
    assert (found[TRIAGE]["outcome"], found[GONE]["outcome"]) == ("failed", "skipped")
    assert (site.keys("ml_backends"), site.keys("webhooks")) == (["triage"], [BROUGHT])
    site.watch.faults = ()
    assert {one["outcome"] for one in outcomes(site, 0).values()} == {"done"}
    assert (site.keys("ml_backends"), site.keys("webhooks")) == ([], [])


@either_way
def test_it_goes_once_its_backend_has_moved(site: Site, hooks: dict[str, Any], top: dict[str, Any]) -> None:
    site.declare({"ml_backends": {"triage": {"url": f"{BASE}/moved"}}, "webhooks": hooks}, **top)
    del site.watch.requests[:]
    assert {one["outcome"] for one in outcomes(site, 0).values()} == {"done"}
    assert [one.partition("/api/")[2].partition("/")[0] for one in site.watch.writes()] == ["ml", "webhooks"]
    assert site.keys("webhooks") == []


def test_a_saved_plan_keeps_the_order_and_what_waits(site: Site) -> None:
    site.declare({"ml_backends": {}, "webhooks": {}}, prune=BOTH)
    assert site.lsops("plan", "--out", "plan.json").code == 0
    site.watch.faults = ("DELETE /api/ml/*:400",)
    assert site.lsops("apply", "--plan", "plan.json", "--allow-deletes", "2").code == 4
    assert site.keys("webhooks") == [BROUGHT]


# ---- what the plan says of a backend -------------------------------------------------------------


def test_a_backend_that_moves_says_that_no_webhook_follows(site: Site) -> None:
    site.declare({"ml_backends": {"triage": {"url": f"{BASE}/moved"}}})
    assert "|   effect: the server makes no webhook for the new URL" in site.lsops("plan").out
    site.settled()
    assert site.keys("webhooks") == [BROUGHT]
