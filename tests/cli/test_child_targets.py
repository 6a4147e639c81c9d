"""Targets and `--check` among webhooks, views and ML backends: single ones are reached, and nothing beside them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.one_project import CONFIG, PATHS, annotate
from tests.support.site import BASE, Site
from tests.support.sorts import BELOW, Sort

below_projects = pytest.mark.parametrize("sort", BELOW, ids=str)


def declare(site: Site, **top: Any) -> None:
    """Everything twice, in two projects."""
    children = {sort.collection: {sort.name(word): sort.entry() for word in ("one", "two")} for sort in BELOW}
    site.declare_projects({"Triage": children, "Other": children}, **top)


@below_projects
def test_a_target_reaches_a_single_one_and_its_parent_is_added(site: Site, sort: Sort) -> None:
    declare(site)
    ran = site.lsops("plan", "-t", sort.address("one"))
    assert "/projects/Triage stands above a target: it is created if it is missing, and not changed" in ran.err
    assert ran.last == "Plan: 2 to create, 0 to update, 0 to replace, 0 to delete."
    assert "20 left out by the targets or --skip" in ran.out
    assert site.apply("-t", sort.address("one")).code == 0
    assert sort.keys(site) == sort.names("one")
    assert [row["title"] for row in site.projects()] == ["Triage"]


@below_projects
def test_a_target_reads_nothing_of_other_collections(site: Site, sort: Sort) -> None:
    declare(site)
    site.settled()
    del site.watch.requests[:]
    site.unchanged("-t", sort.address("one"))
    read = {one.path for one in site.watch.requests}
    others = {PATHS[other.collection] for other in BELOW if other.collection in PATHS and other != sort}
    assert not read & others


@below_projects
@pytest.mark.thinned(12)
@pytest.mark.parametrize("glob", ["/projects/*/{}/*", "/projects/**/{}/**", "/projects/Triage", "/projects/Tri*"])
def test_globs_reach_across_projects(site: Site, sort: Sort, glob: str) -> None:
    declare(site)
    site.settled()
    for word in ("one", "two"):
        site.api.delete(item(site, sort, word)).raise_for_status()
    assert site.planned("-t", glob.format(sort.collection)) == [
        ("create", sort.address(word)) for word in ("one", "two")
    ]


def item(site: Site, sort: Sort, word: str) -> str:
    """The path of one row."""
    key = "url" if sort.collection == "webhooks" else "title"
    (row,) = (row for row in sort.rows(site) if row.get("data", row)[key] == sort.name(word))
    return f"{sort.api_path.rstrip('/')}/{row['id']}{'/' if sort.collection in ('webhooks', 'views') else ''}"


@below_projects
def test_a_target_reaches_a_stranger_in_a_pruned_collection(site: Site, sort: Sort) -> None:
    sort.applied(site, "one", "two", "three")
    sort.declare(site, {"one": sort.entry()}, prune=[sort.path])
    assert site.planned("-t", sort.address("two")) == [("delete", sort.address("two"))]
    assert site.apply("-t", sort.address("two"), "--allow-deletes", "1").code == 0
    assert sort.keys(site) == sort.names("one", "three")


@below_projects
def test_what_a_target_leaves_out_is_neither_pruned_nor_listed(site: Site, sort: Sort) -> None:
    sort.applied(site, "one", "two")
    sort.declare(site, {word: sort.entry() for word in ("one", "two")}, prune=[sort.path])
    assert "not in the manifest" not in site.unchanged("-t", sort.address("one")).out


@below_projects
def test_a_target_of_nothing_is_exit_3(site: Site, sort: Sort) -> None:
    declare(site)
    site.settled()
    assert "error[LS606]" in site.refused("-t", sort.address("none"))


def test_a_model_version_goes_with_its_project(site: Site) -> None:
    site.declare({"model_version": "triage", "ml_backends": {"triage": {"url": f"{BASE}/model"}}})
    assert site.planned("-t", "/projects/Triage")[-1] == ("update", "/projects/Triage/model_version")


@pytest.mark.parametrize("version", ["triage", ""])
def test_a_target_below_a_project_does_not_change_its_model_version(site: Site, version: str) -> None:
    site.declare({})
    site.settled()
    site.declare({"model_version": version, "ml_backends": {"triage": {"url": f"{BASE}/model"}}})
    backend = "/projects/Triage/ml_backends/triage"
    assert site.planned("-t", backend) == [("create", backend)]


# ---- plan --check ---------------------------------------------------------------------------------


def test_check_tells_what_the_server_says_of_labels_in_use_at_their_line(site: Site) -> None:
    site.declare({"label_config": CONFIG, "views": {"Tab": {}}})
    site.settled()
    annotate(site.api, imported=False)
    site.declare({"label_config": CONFIG.replace('<Choice value="No"/>', ""), "views": {"Tab": {}}})
    assert site.lsops("plan").code == 0
    ran = site.lsops("plan", "--check", "--out", "plan.json")
    assert ran.code == 3
    assert "lsops.yaml:" in ran.out + ran.err
    assert "These labels still exist in annotations or drafts" in ran.out + ran.err


def test_check_writes_nothing_and_asks_nothing_of_what_has_no_label_config(site: Site) -> None:
    declare(site)
    before = site.state()
    assert site.lsops("plan", "--check").code == 0
    assert site.state() == before
    assert site.watch.writes() == []


def test_check_of_a_new_config_is_asked_once(site: Site) -> None:
    site.declare({"views": {"Tab": {}}})
    assert site.lsops("plan", "--check").code == 0
    assert site.watch.writes() == ["POST /api/projects/validate/"]
