"""Webhooks, views and ML backends whose answers are lost or spoiled: nothing is made twice, nothing is claimed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.child_values import COLLECTIONS, name_of
from tests.support.one_project import PATHS
from tests.support.site import BASE, Site

every_collection = pytest.mark.parametrize("collection", COLLECTIONS)
FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "webhooks": ({"is_active": False}, {"is_active": True}),
    "views": ({"gridWidth": 4}, {"gridWidth": 6}),
    "ml_backends": ({"url": f"{BASE}/model", "timeout": 4}, {"url": f"{BASE}/model", "timeout": 6}),
}


def declare(site: Site, collection: str, number: int = 0, **rules: Any) -> str:
    """One entry with the first or the second value of its field; its key."""
    name = name_of(collection, "one", BASE)
    site.declare({collection: {name: {**FIELDS[collection][number], **({"lifecycle": rules} if rules else {})}}})
    return name


@every_collection
@pytest.mark.parametrize("fault", ["drop", "502:late", "500:late", "truncate"])
def test_a_create_whose_answer_is_lost_is_found_and_not_repeated(site: Site, collection: str, fault: str) -> None:
    name = declare(site, collection)
    site.watch.faults = (f"POST {PATHS[collection]}:{fault}:once",)
    ran = site.apply("--settle-timeout", "3")
    assert ran.code == 0, ran
    assert site.watch.writes().count(f"POST {PATHS[collection]}") == 1
    assert site.keys(collection) == [name]
    site.unchanged()


@every_collection
@pytest.mark.parametrize("fault", ["drop-before", "503", "500"])
def test_a_create_that_never_came_to_be_is_failed_and_the_next_run_makes_it(
    site: Site, collection: str, fault: str
) -> None:
    name = declare(site, collection)
    site.watch.faults = (f"POST {PATHS[collection]}:{fault}:once",)
    ran = site.apply()
    assert (ran.code, ran.last) == (4, "Apply incomplete: 1 done, 1 failed, 0 skipped.")
    assert site.keys(collection) == []
    site.watch.faults = ()
    site.settled()
    assert site.keys(collection) == [name]


@every_collection
def test_a_create_that_somebody_else_made_at_the_same_time_is_told_with_both_ids(site: Site, collection: str) -> None:
    name = declare(site, collection)
    url = {"url": f"{BASE}/model"} if collection == "ml_backends" else {}
    theirs: list[int] = []

    def make(request: str) -> None:
        if request == f"POST {PATHS[collection]}" and not theirs:
            theirs.append(0)
            theirs[0] = site.make(collection, name, **url)

    site.watch.meanwhile = make
    site.watch.faults = (f"POST {PATHS[collection]}:drop:once",)
    ran = site.apply("--settle-timeout", "3")
    assert ran.code == 4
    assert f"was made more than once: ids {theirs[0]}, {theirs[0] + 1}" in ran.out
    assert site.keys(collection) == [name, name]


@every_collection
@pytest.mark.parametrize("site", ["community"], indirect=True)
@pytest.mark.parametrize("fault", ["502:late", "drop-before"])
def test_an_update_and_a_delete_are_repeated(site: Site, collection: str, fault: str) -> None:
    name = declare(site, collection)
    site.settled()
    site.watch.faults = tuple(f"{method} {PATHS[collection]}*:{fault}:once" for method in ("PATCH", "DELETE"))
    declare(site, collection, 1)
    site.settled()
    declare(site, collection, 1, absent=True)
    site.settled("--allow-deletes", "1")
    assert name not in site.keys(collection)


@every_collection
@pytest.mark.thinned(10)
@pytest.mark.parametrize("fault", ["500", "403", "html=200", "truncate", "404"])
def test_a_list_that_cannot_be_read_is_an_error_and_no_create(site: Site, collection: str, fault: str) -> None:
    declare(site, collection)
    site.settled()
    before = site.state()
    site.watch.faults = (f"GET {PATHS[collection]}:{fault}",)
    ran = site.lsops("plan")
    assert ran.code == 1, ran
    assert "+ " not in ran.out
    assert site.apply().code == 1
    assert site.state() == before


@every_collection
def test_what_somebody_took_away_after_the_plan_is_told(site: Site, collection: str) -> None:
    name = declare(site, collection)
    site.settled()
    declare(site, collection, 1)
    site.lsops("plan", "--out", "plan.json")
    slash = "" if collection == "ml_backends" else "/"
    site.api.delete(f"{PATHS[collection]}{site.row(collection, name)['id']}{slash}").raise_for_status()
    assert site.lsops("apply", "--plan", "plan.json").code == 5
    assert site.keys(collection) == []


@every_collection
def test_an_update_of_what_is_gone_is_failed(site: Site, collection: str) -> None:
    declare(site, collection)
    site.settled()
    declare(site, collection, 1)
    site.watch.faults = (f"PATCH {PATHS[collection]}*:404",)
    ran = site.apply()
    assert (ran.code, ran.last) == (4, "Apply incomplete: 0 done, 1 failed, 0 skipped.")
