"""Keys that go from one resource to another in one plan, through the command line on the sandbox."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import yaml

from lsops.model.resource import Lifecycle
from tests.engine.scenes import live_project, planned, project
from tests.support.cli import Lsops
from tests.support.site import Site
from tests.support.sorts import SORTS, Sort

every_sort = pytest.mark.parametrize("sort", SORTS, ids=str)


def by_id(site: Site, sort: Sort) -> dict[int, str]:
    """What the rows are called."""
    key = "url" if sort.collection == "webhooks" else "title"
    return {row["id"]: row.get("data", row)[key] for row in sort.rows(site)}


def chain(site: Site, sort: Sort, *order: str) -> dict[int, str]:
    """Alpha and Beta are live, and the manifest calls them Beta and Gamma; what the rows are to be called."""
    sort.applied(site, "Alpha", "Beta")
    entries = {
        "Beta": sort.entry(renamed_from=sort.name("Alpha")),
        "Gamma": sort.entry(renamed_from=sort.name("Beta")),
    }
    sort.declare(site, {word: entries[word] for word in order or entries})
    later = {sort.name("Alpha"): sort.name("Beta"), sort.name("Beta"): sort.name("Gamma")}
    return {number: later[name] for number, name in by_id(site, sort).items()}


@every_sort
@pytest.mark.thinned(8)
@pytest.mark.parametrize("order", [("Beta", "Gamma"), ("Gamma", "Beta")], ids="-".join)
def test_a_chain_of_names_is_two_renames_the_last_link_first(site: Site, sort: Sort, order: tuple[str, str]) -> None:
    wanted = chain(site, sort, *order)
    last, first = site.changes()
    assert [last["address"], first["address"]] == [sort.address("Gamma"), sort.address("Beta")]
    assert first["requires"] == [sort.address("Gamma")]
    site.settled()
    assert by_id(site, sort) == wanted


@every_sort
def test_a_chain_that_was_made_in_part_goes_on(site: Site, sort: Sort) -> None:
    wanted = chain(site, sort)
    sort.declare(site, {"Gamma": sort.entry(renamed_from=sort.name("Beta")), "Alpha": sort.entry()})
    site.settled()
    sort.declare(
        site, {"Beta": sort.entry(renamed_from=sort.name("Alpha")), "Gamma": sort.entry(renamed_from=sort.name("Beta"))}
    )
    site.settled()
    assert by_id(site, sort) == wanted


def test_a_chain_is_applied_from_a_saved_plan(site: Site) -> None:
    wanted = chain(site, SORTS[0])
    assert site.lsops("plan", "--out", "plan.json").code == 0
    site.settled("--plan", "plan.json")
    assert by_id(site, SORTS[0]) == wanted


def test_a_saved_plan_takes_no_key_that_another_has_again(site: Site) -> None:
    last = next(number for number, name in chain(site, SORTS[0]).items() if name == "Gamma")
    assert site.api.patch(f"/api/projects/{last}/", json={"title": "Gamma"}).is_success
    assert site.lsops("plan", "--out", "plan.json").code == 0
    assert site.api.patch(f"/api/projects/{last}/", json={"title": "Beta"}).is_success
    ran = site.apply("--plan", "plan.json")
    assert ran.code == 5
    assert "no longer fits: /projects/Beta takes a key that /projects/Gamma has now" in ran.err
    assert sorted(by_id(site, SORTS[0]).values()) == ["Alpha", "Beta"]


def test_a_link_whose_rename_failed_holds_up_the_one_behind_it(site: Site) -> None:
    chain(site, SORTS[0])
    before = by_id(site, SORTS[0])
    last = next(number for number, name in before.items() if name == "Beta")
    failing = f"/api/projects/{last}/"
    site.watch.instead = lambda request: (
        httpx.Response(400, json={"title": ["no"]})
        if request.method == "PATCH" and request.url.path == failing
        else None
    )
    ran = site.apply()
    assert ran.code == 4
    assert "skipped /projects/Beta: /projects/Gamma failed" in ran.out
    assert by_id(site, SORTS[0]) == before


@every_sort
def test_a_new_one_takes_the_name_that_another_gives_up(site: Site, sort: Sort) -> None:
    sort.applied(site, "old")
    number = sort.id(site)
    sort.declare(site, {"old": sort.entry(new=True), "moved": sort.entry(renamed_from=sort.name("old"))})
    assert site.planned() == [("update", sort.address("moved")), ("create", sort.address("old"))]
    site.settled()
    names = by_id(site, sort)
    assert names.pop(number) == sort.name("moved")
    assert list(names.values()) == [sort.name("old")]


@every_sort
def test_an_absent_name_that_another_takes_over_deletes_nothing(site: Site, sort: Sort) -> None:
    sort.applied(site, "old")
    number = sort.id(site)
    sort.declare(site, {"old": sort.entry(absent=True), "moved": sort.entry(renamed_from=sort.name("old"))})
    site.settled()
    assert by_id(site, sort) == {number: sort.name("moved")}


@every_sort
def test_an_old_name_of_an_entry_that_claims_nothing_itself_is_an_error(site: Site, sort: Sort) -> None:
    sort.applied(site, "old")
    sort.declare(site, {"old": sort.entry(), "moved": sort.entry(renamed_from=sort.name("old"))})
    said = site.refused()
    assert "error[LS505]: renamed_from names" in said
    assert "lifecycle: {new: true}" in said


@every_sort
def test_a_swap_is_an_error_whose_hint_works(site: Site, sort: Sort) -> None:
    sort.applied(site, "Alpha", "Beta")
    numbers = {name: number for number, name in by_id(site, sort).items()}
    old = {"Alpha": "Beta", "Beta": "Alpha"}
    sort.declare(site, {word: sort.entry(renamed_from=sort.name(other)) for word, other in old.items()})
    said = site.refused()
    assert said.count("take their names from one another") == 2
    assert "write lifecycle: {id: N} in each" in said
    sort.declare(site, {word: sort.entry(id=numbers[sort.name(other)]) for word, other in old.items()})
    site.settled()
    assert by_id(site, sort) == {
        numbers[sort.name("Alpha")]: sort.name("Beta"),
        numbers[sort.name("Beta")]: sort.name("Alpha"),
    }


def test_a_circle_of_three_is_an_error_at_each_of_them(lsops: Lsops) -> None:
    old = {"Alpha": "Beta", "Beta": "Gamma", "Gamma": "Alpha"}
    lsops.write(_projects({word: {"lifecycle": {"renamed_from": other}} for word, other in old.items()}))
    assert lsops("validate").err.count("take their names from one another") == 3


def test_a_target_that_leaves_out_who_gives_up_the_name_is_refused(site: Site) -> None:
    chain(site, SORTS[0])
    assert "gives up, which is left out of this plan" in site.refused("-t", "/projects/Beta")
    assert site.apply("-t", "/projects/Gamma").code == 0
    site.settled("-t", "/projects/Beta")


def test_a_chain_of_workspaces_takes_their_projects_along(lsops: Lsops, enterprise: httpx.Client) -> None:
    _enterprise(lsops, {"Alpha": {}, "Beta": {}}, {"one": {"workspace": "Alpha"}, "two": {"workspace": "Beta"}})
    assert lsops("apply", "--yes").code == 0
    before = {row["title"]: row["workspace"] for row in enterprise.get("/api/projects/").json()["results"]}
    chained = {"Beta": {"lifecycle": {"renamed_from": "Alpha"}}, "Gamma": {"lifecycle": {"renamed_from": "Beta"}}}
    _enterprise(lsops, chained, {"one": {"workspace": "Beta"}, "two": {"workspace": "Gamma"}})
    assert "0 created, 2 updated" in lsops("apply", "--yes").out
    assert "No changes" in lsops("plan").last
    after = {row["title"]: row["workspace"] for row in enterprise.get("/api/projects/").json()["results"]}
    assert after == before


def test_a_chain_of_a_thousand_links_is_no_matter_of_depth(site: Site) -> None:
    entries = {f"link {n}": {"lifecycle": {"renamed_from": f"link {n + 1}"}} for n in range(1500)}
    site.declare_projects(entries)
    assert len(site.changes()) == 1500


def test_a_long_chain_of_live_projects_is_ordered_from_its_end() -> None:
    desired = [project(f"link {n + 1}", rules=Lifecycle(renamed_from=f"link {n}")) for n in range(1500)]
    found = planned(*desired, live=[live_project(n + 1, f"link {n}") for n in range(1500)])
    assert [change.address for change in found.changes] == [f"/projects/link {n}" for n in range(1500, 0, -1)]


def _projects(entries: dict[str, Any]) -> str:
    return yaml.safe_dump({"version": 1, "projects": entries}, sort_keys=False)


def _enterprise(lsops: Lsops, workspaces: dict[str, Any], entries: dict[str, Any]) -> None:
    lsops.write(json.dumps({"version": 1, "workspaces": workspaces, "projects": entries}))
