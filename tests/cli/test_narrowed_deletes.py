"""What targets and `--skip` leave out: it still protects, it is still needed, and nothing goes that would have stayed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.site import BASE, Site
from tests.support.sorts import BELOW, Sort

below_projects = pytest.mark.parametrize("sort", BELOW, ids=str)
TRIAGE = "/projects/Triage"
EVERYTHING = ("--allow-deletes", "9", "--allow-data-loss", TRIAGE)
BROUGHT = f"{BASE}/model/webhook"
HOOKS = f"{TRIAGE}/webhooks"


def guarded(site: Site, sort: Sort) -> None:
    """A project that is to go, with something protected in it."""
    inside = {sort.collection: {sort.name("one"): sort.entry()}}
    site.declare_projects({"Triage": inside, "Other": {}})
    site.settled()
    inside = {sort.collection: {sort.name("one"): sort.entry(protect=True)}}
    site.declare_projects({"Triage": {**inside, "lifecycle": {"absent": True}}, "Other": {}})


@below_projects
@pytest.mark.thinned(15)
@pytest.mark.parametrize("way", ["skip", "path", "target", "variable", "plan file"])
def test_what_is_skipped_protects_its_project_all_the_same(site: Site, sort: Sort, way: str) -> None:
    guarded(site, sort)
    before = site.state()
    flags: tuple[str, ...] = ("--skip", sort.path if way == "path" else sort.collection)
    if way == "target":
        flags = (*flags, "-t", TRIAGE)
    if way == "variable":
        site.lsops.setenv(LSOPS_SKIP=sort.collection)
        flags = ()
    if way == "plan file":
        assert site.lsops("plan", "--out", "plan.json", *flags).code == 0
        flags = ("--plan", "plan.json")
    ran = site.lsops("apply", *(() if way == "plan file" else ("--yes",)), *flags, *EVERYTHING)
    assert ran.code == 5, ran
    assert f"error[LS806]: {TRIAGE} is protected" in ran.err
    assert site.state() == before


# ---- webhooks that an ML backend may have brought --------------------------------------------------


@pytest.fixture
def brought(site: Site) -> Site:
    """A backend whose webhook somebody has changed, and another webhook."""
    site.declare({"ml_backends": {"triage": {"url": f"{BASE}/model"}}, "webhooks": {f"{BASE}/hook": {}}})
    site.settled()
    site.by_hand("webhooks", BROUGHT, headers={"X-Key": "k"}, send_for_all_actions=False, is_active=False)
    return site


NARROWED = {
    "a target": ("-t", HOOKS),
    "a target with stars": ("-t", "/projects/*/webhooks/*"),
    "skipped": ("--skip", "ml_backends"),
}


@pytest.mark.parametrize("flags", NARROWED.values(), ids=NARROWED)
def test_a_webhook_that_may_be_a_backends_is_neither_pruned_nor_listed(brought: Site, flags: tuple[str, ...]) -> None:
    site = brought
    backends = {"ml_backends": {"triage": {"url": f"{BASE}/model"}}}
    site.declare({**backends, "webhooks": {}}, prune=["projects/*/webhooks"])
    assert site.planned(*flags) == site.planned() == [("delete", f"{HOOKS}/http:~1~1models.example.com~1hook")]
    site.declare({**backends, "webhooks": {f"{BASE}/hook": {}}})
    assert "not in the manifest" not in site.unchanged(*flags).out


@pytest.mark.parametrize("way", ["not declared", "failed"])
def test_nor_where_backends_are_not_declared_or_cannot_be_read(brought: Site, way: str) -> None:
    site = brought
    backends = {"ml_backends": {"triage": {"url": f"{BASE}/model"}}} if way == "failed" else {}
    site.declare({**backends, "webhooks": {f"{BASE}/hook": {}}}, prune=["projects/*/webhooks"])
    site.watch.faults = ("GET /api/ml/:500",) if way == "failed" else ()
    ran = site.lsops("plan", "--format", "json")
    assert ran.code == (1 if way == "failed" else 0)
    assert (ran.json()["changes"], ran.json()["unmanaged"]) == ([], [])


# ---- what a project needs --------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["enterprise"], indirect=True)
@pytest.mark.parametrize("flags", [("--skip", "workspaces"), ("--skip", "workspaces", "-t", TRIAGE)], ids=str)
def test_a_skipped_workspace_that_is_not_there_is_told_by_the_plan(site: Site, flags: tuple[str, ...]) -> None:
    document = {"version": 1, "workspaces": {"New": {}}, "projects": {"Triage": {"workspace": "New"}}}
    site.lsops.write(json.dumps(document, indent=1))
    before = site.state()
    assert "error[LS504]" in site.refused(*flags)
    assert site.apply(*flags).code == 3
    assert site.state() == before
    site.lsops.write(json.dumps({**document, "workspaces": {"Radiology": {}}}).replace('"New"', '"Radiology"'))
    assert site.planned(*flags) == [("create", TRIAGE)]


@pytest.mark.parametrize("site", ["enterprise"], indirect=True)
def test_a_skipped_workspace_that_was_to_go_and_is_there_does_not_hinder(site: Site) -> None:
    gone = {"Radiology": {"lifecycle": {"absent": True}}}
    site.lsops.write(json.dumps({"version": 1, "workspaces": gone, "projects": {"Triage": {"workspace": "Radiology"}}}))
    assert "error[LS504]" in site.refused()
    assert site.planned("--skip", "workspaces") == [("create", TRIAGE)]


# ---- rows that make no sense -----------------------------------------------------------------------


@pytest.fixture
def with_odd_row(site: Site) -> Callable[[Any], None]:
    """Two projects whose webhooks and views are pruned, and a row of the given project in each of those lists."""
    both = {"webhooks": {}, "views": {}}
    site.declare_projects({"Triage": both, "Other": both}, prune=["projects/*/webhooks", "projects/*/views"])
    site.settled()

    def answer(place: Any) -> None:
        odd = {"id": 77, "project": place, "url": f"{BASE}/odd", "data": {"title": "odd"}, "user": 1}
        lists = ("/api/webhooks/", "/api/dm/views/")
        site.watch.instead = lambda request: _rows(odd) if request.url.path in lists else None

    return answer


def test_a_row_of_no_project_is_nobodys(site: Site, with_odd_row: Callable[[Any], None]) -> None:
    with_odd_row(None)
    assert "Traceback" not in site.unchanged().err


@pytest.mark.parametrize("place", ["[]", "{}", "[1]", '{"id": 1}', "true", '"1"', "1.0"])
def test_a_row_whose_project_is_no_id_makes_no_sense_and_nothing_is_deleted(
    site: Site, with_odd_row: Callable[[Any], None], place: str
) -> None:
    with_odd_row(json.loads(place))
    ran = site.lsops("apply", "--yes", "--allow-deletes", "9")
    assert ran.code == 1
    assert "error[LS707]" in ran.err
    assert "row 1.project is" in ran.err


def _rows(row: dict[str, object]) -> httpx.Response:
    return httpx.Response(200, json=[row])
