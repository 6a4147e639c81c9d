"""Two runs that apply one manifest at once: nothing that exists now is made again, and no twin is taken for success."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.site import BASE, Site

HOOK = "https://hooks.example.com/ls"
LOCAL = {"path": "/data/scans", "title": "scans"}


@dataclass(frozen=True)
class Case:
    """One kind: what the project `Triage` declares of it, its list, and the body with which another run makes it."""

    declared: Mapping[str, Any]
    path: str
    body: Mapping[str, Any]
    key: str
    address: str


CHILDREN = {
    "a webhook": Case({"webhooks": {HOOK: {}}}, "/api/webhooks/", {"url": HOOK}, HOOK, "webhooks/" + HOOK.replace("/", "~1")),
    "a view": Case({"views": {"Tab": {}}}, "/api/dm/views/", {"data": {"title": "Tab"}}, "Tab", "views/Tab"),
    "an ML backend": Case(
        {"ml_backends": {"m": {"url": BASE}}}, "/api/ml/", {"title": "m", "url": BASE}, "m", "ml_backends/m"
    ),
    "an import storage": Case(
        {"import_storages": {"scans": {"type": "localfiles", "path": "/data/scans"}}},
        "/api/storages/localfiles/", LOCAL, "scans", "import_storages/scans",
    ),
    "an export storage": Case(
        {"export_storages": {"scans": {"type": "localfiles", "path": "/data/scans"}}},
        "/api/storages/export/localfiles", LOCAL, "scans", "export_storages/scans",
    ),
}  # fmt: skip
every_child = pytest.mark.parametrize("case", CHILDREN.values(), ids=CHILDREN.keys())


def on(wanted: str, number: int, act: Callable[[], Any]) -> Callable[[str], None]:
    """Something that happens just before the request of that kind arrives that has this number, counted from 1."""
    seen: list[str] = []

    def meanwhile(request: str) -> None:
        if request == wanted:
            seen.append(request)
            if len(seen) == number:
                act()

    return meanwhile


def project_of_another(site: Site, title: str) -> Callable[[], None]:
    place = {"workspace": site.workspace} if site.home else {}
    return lambda: _make(site, "/api/projects/", {"title": title, **place})


def child_of_another(site: Site, case: Case) -> Callable[[], None]:
    return lambda: _make(site, case.path, {**case.body, "project": site.project()["id"]})


def _make(site: Site, path: str, body: Mapping[str, Any]) -> None:
    site.api.post(path, json=dict(body)).raise_for_status()


def rows(site: Site, case: Case) -> list[dict[str, Any]]:
    params = {"project": site.project()["id"]}
    return list(site.api.get(case.path, params=params).raise_for_status().json())


# ---- before the first create -------------------------------------------------------------------


@every_child
def test_what_exists_by_now_is_not_made_again(site: Site, case: Case) -> None:
    site.declare({})
    site.settled()
    site.declare(case.declared)
    site.watch.meanwhile = on(f"GET {case.path}", 2, child_of_another(site, case))
    ran = site.apply()
    (row,) = rows(site, case)
    assert (ran.code, ran.last) == (4, "Apply incomplete: 0 done, 1 failed, 0 skipped.")
    assert f'error[LS809]: "{case.key}" now exists, id {row["id"]}; run again' in ran.out
    assert site.watch.writes()[1:] == []
    site.watch.meanwhile = lambda request: None
    site.settled()


def test_a_project_that_exists_by_now_is_not_made_again_and_nothing_is_made_in_it(site: Site) -> None:
    site.declare({"webhooks": {HOOK: {}}})
    site.watch.meanwhile = on("GET /api/projects/", 2, project_of_another(site, "Triage"))
    ran = site.apply()
    assert (ran.code, ran.last) == (4, "Apply incomplete: 0 done, 1 failed, 1 skipped.")
    assert f'"Triage" now exists, id {site.project()["id"]}; run again' in ran.out
    assert ": /projects/Triage failed" in ran.out
    assert site.watch.writes() == []


@pytest.mark.parametrize("number", [1, 2], ids=["made twice", "now exists"])
def test_blanks_around_a_title_hide_no_twin(site: Site, number: int) -> None:
    site.declare_projects({"  Cats and dogs ": {}})
    moment = "POST /api/projects/" if number == 1 else "GET /api/projects/"
    site.watch.meanwhile = on(moment, number, project_of_another(site, "Cats and dogs"))
    ran = site.apply()
    assert (ran.code, "error[LS809]" in ran.out, len(site.projects())) == (4, True, 3 - number)


@pytest.mark.parametrize("site", ["enterprise"], indirect=True)
def test_a_workspace_that_exists_by_now_is_not_made_again(site: Site) -> None:
    site.lsops.write('{"version": 1, "workspaces": {"Oncology": {}}}')
    site.watch.meanwhile = on("GET /api/workspaces/", 2, lambda: _make(site, "/api/workspaces/", {"title": "Oncology"}))
    ran = site.apply()
    assert (ran.code, site.watch.writes()) == (4, [])
    assert '"Oncology" now exists, id ' in ran.out


def test_the_list_of_a_new_project_is_looked_at_too(site: Site) -> None:
    """Another run that planned a moment later finds the project, and makes what stands in it."""
    case = CHILDREN["a view"]
    site.declare(case.declared)
    site.watch.meanwhile = on(f"GET {case.path}", 1, child_of_another(site, case))
    ran = site.apply()
    assert (ran.code, ran.last) == (4, "Apply incomplete: 1 done, 1 failed, 0 skipped.")
    assert len(rows(site, case)) == 1


# ---- after a create ----------------------------------------------------------------------------


@every_child
def test_a_twin_is_a_failure_with_both_ids(site: Site, case: Case) -> None:
    site.declare({})
    site.settled()
    site.declare(case.declared)
    site.watch.meanwhile = on(f"POST {case.path}", 1, child_of_another(site, case))
    ran = site.apply("--format", "json")
    theirs, ours = sorted(row["id"] for row in rows(site, case))
    (outcome,) = ran.json()["outcomes"]
    assert (ran.code, outcome["outcome"], outcome["id"]) == (4, "failed", ours)
    assert f"made twice at the same time: this is id {ours}, the other is id {theirs}" in outcome["reason"]


def test_nothing_is_made_in_a_project_that_is_there_twice(site: Site) -> None:
    site.declare({"views": {"Tab": {}}, "webhooks": {HOOK: {}}})
    site.watch.meanwhile = on("POST /api/projects/", 1, project_of_another(site, "Triage"))
    ran = site.apply()
    assert (ran.code, ran.last) == (4, "Apply incomplete: 0 done, 1 failed, 2 skipped.")
    assert site.watch.writes() == ["POST /api/projects/"]
    assert site.lsops("plan").code == 3, "two live projects of one title are for a person to settle"


def test_once_a_twin_was_seen_each_further_create_looks_first(site: Site) -> None:
    def both() -> None:
        for title in ("First one", "Second one"):
            project_of_another(site, title)()

    site.declare_projects({"First one": {}, "Second one": {}, "Third one": {}})
    site.watch.meanwhile = on("POST /api/projects/", 1, both)
    ran = site.lsops("apply", "--yes", "--write-concurrency", "1")
    assert '"First one" was made twice' in ran.out
    assert '"Second one" now exists' in ran.out
    assert ran.last == "Apply incomplete: 1 done, 2 failed, 0 skipped."
    assert sorted(row["title"] for row in site.projects()) == ["First one", "First one", "Second one", "Third one"]


def test_what_a_replace_takes_the_place_of_is_no_twin(site: Site) -> None:
    site.declare({"views": {"Tab": {"ordering": ["tasks:id"]}}})
    site.settled()
    site.declare({"views": {"Tab": {"ordering": []}}})
    site.settled("--allow-deletes", "1")


def test_titles_that_hold_each_other_are_no_twins(site: Site) -> None:
    site.declare_projects({"Cats": {}, "cats": {}, "Cats and dogs": {}, "All Cats": {}, "50% of_cats": {}})
    site.settled()


def test_a_look_that_fails_is_no_success(site: Site) -> None:
    site.declare({})
    made: list[bool] = []
    site.watch.meanwhile = on("POST /api/projects/", 1, lambda: made.append(True))

    def instead(asked: httpx.Request) -> httpx.Response | None:
        return httpx.Response(500) if made and asked.method == "GET" else None

    site.watch.instead = instead
    ran = site.apply("--format", "json")
    (outcome,) = ran.json()["outcomes"]
    assert (ran.code, outcome["outcome"], outcome["id"]) == (4, "failed", site.project()["id"])


# ---- what it costs -----------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["community"], indirect=True)
def test_it_costs_one_list_of_the_collection_and_one_short_list_per_create(site: Site) -> None:
    site.declare_projects({f"Project {number:03}": {} for number in range(120)})
    for number in range(105):
        _make(site, "/api/projects/", {"title": f"Older {number}"})
    assert site.apply("-q").code == 0
    reads = site.watch.reads("/api/projects/")
    whole = [one for one in reads if "title" not in one.query]
    assert len(whole) == 4, "two pages for the plan, and two before the first create"
    assert len(reads) - len(whole) == 120
    assert {one.query["include"] for one in reads[2:]} == {"id,title,workspace"}


# ---- many creates ------------------------------------------------------------------------------


def test_a_twin_among_many_that_are_looked_after_together_is_told_of_alone(site: Site) -> None:
    site.declare({"views": {f"Tab {number}": {} for number in range(30)}})
    theirs = {"data": {"title": "Tab 19"}}
    case = Case({}, "/api/dm/views/", theirs, "Tab 19", "views/Tab 19")
    site.watch.meanwhile = on("POST /api/dm/views/", 20, child_of_another(site, case))
    ran = site.apply("--format", "json")
    failed = {one["address"]: one["reason"] for one in ran.json()["outcomes"] if one["outcome"] != "done"}
    (reason,) = failed.values()
    assert (ran.code, list(failed)) == (4, ["/projects/Triage/views/Tab 19"])
    assert "made twice at the same time" in reason
    assert len(rows(site, case)) == 31


def test_a_list_of_many_is_read_less_often_than_something_is_made_in_it(site: Site) -> None:
    site.declare({"views": {f"Tab {number}": {} for number in range(60)}})
    assert site.apply().code == 0
    assert len(site.watch.reads("/api/dm/views/")) < 25


def test_storages_of_a_second_type_that_exist_by_now_are_not_made_again(site: Site) -> None:
    case = CHILDREN["an import storage"]
    site.declare({})
    site.settled()
    site.declare({"import_storages": {"first": {"type": "s3", "bucket": "b"}, **case.declared["import_storages"]}})
    site.watch.meanwhile = on("POST /api/storages/s3/", 1, child_of_another(site, case))
    ran = site.apply("--write-concurrency", "1")
    assert (ran.code, f'"{case.key}" now exists, id ' in ran.out, len(rows(site, case))) == (4, True, 1)
