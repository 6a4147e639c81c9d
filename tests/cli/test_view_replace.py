"""A tab whose ordering is emptied: the server cannot empty it, so that lsops makes a new one and deletes the old one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.child_values import BY_ID, BY_TEXT
from tests.support.site import Site

TAB = "/projects/Triage/views/Tab"
FILTERS = {"conjunction": "or", "items": [BY_ID, {**BY_ID, "child_filter": BY_TEXT}]}
FULL = {"ordering": ["tasks:id"], "filters": FILTERS, "gridWidth": 4, "columnsWidth": {"tasks:id": 80}}
UNKNOWN = {"new in the next release": {"a": [1, None], "b": {}}, "nothing": None, "none": []}
EMPTIED = {"ordering": [], "gridWidth": 5}


def declare(site: Site, **fields: Any) -> None:
    """A project with one view."""
    site.declare({"views": {"Tab": fields}})


def with_tabs(site: Site) -> dict[str, Any]:
    """Three tabs, of which the one in the middle is declared and then loses its ordering; its row."""
    site.declare({"views": {name: {**FULL, "ordering": ["tasks:id"]} for name in ("First", "Tab", "Last")}})
    site.settled()
    site.by_hand("views", "Tab", **UNKNOWN)
    declare(site, **EMPTIED)
    return site.row("views", "Tab")


def test_an_emptied_ordering_is_a_replace_that_keeps_the_other_data(site: Site) -> None:
    before = with_tabs(site)
    assert site.planned() == [("replace", TAB)]
    assert f"-/+ {TAB}" in site.lsops("plan").out
    site.settled("--allow-deletes", "1")
    after = site.row("views", "Tab")
    assert after["id"] != before["id"]
    assert after["data"] == {
        "title": "Tab",
        "filters": FILTERS,
        "columnsWidth": {"tasks:id": 80},
        "gridWidth": 5,
        **UNKNOWN,
    }


def test_a_replaced_tab_without_filters_keeps_its_place(site: Site) -> None:
    site.declare({"views": {}})
    site.settled()
    for place, name in enumerate(("First", "Tab", "Last")):
        site.make("views", name, ordering=["tasks:id"], gridWidth=place)
    number = site.project()["id"]
    ids = [row["id"] for row in site.rows("views")]
    site.api.post("/api/dm/views/order/", json={"project": number, "ids": ids[::-1]}).raise_for_status()
    before = {row["data"]["title"]: row["order"] for row in site.rows("views")}
    declare(site, **EMPTIED)
    site.settled("--allow-deletes", "1")
    assert {row["data"]["title"]: row["order"] for row in site.rows("views")} == before


def test_a_replaced_tab_is_created_before_the_old_one_is_deleted(site: Site) -> None:
    number = with_tabs(site)["id"]
    del site.watch.requests[:]
    site.apply("--allow-deletes", "1")
    assert site.watch.writes() == ["POST /api/dm/views/", f"DELETE /api/dm/views/{number}/"]


@pytest.mark.parametrize("fault", ["400", "403", "500", "drop-before"])
def test_the_old_tab_stays_when_the_new_one_is_refused(site: Site, fault: str) -> None:
    before = with_tabs(site)
    site.watch.faults = (f"POST /api/dm/views/:{fault}",)
    assert site.apply("--allow-deletes", "1").code == 4
    assert site.row("views", "Tab") == before
    assert "DELETE" not in str(site.watch.writes())


def test_a_replace_whose_delete_fails_says_which_one_is_left(site: Site) -> None:
    number = with_tabs(site)["id"]
    site.watch.faults = ("DELETE /api/dm/views/*:500",)
    ran = site.apply("--allow-deletes", "1")
    assert ran.code == 4
    assert f"delete the old one, id {number}" in ran.out


def test_a_replace_whose_answer_is_lost_makes_one_tab(site: Site) -> None:
    before = with_tabs(site)
    site.watch.faults = ("POST /api/dm/views/:drop:once",)
    assert site.apply("--allow-deletes", "1").code == 0
    assert site.row("views", "Tab")["id"] != before["id"]
    assert site.keys("views") == ["First", "Last", "Tab"]


def test_a_replace_says_that_links_end(site: Site) -> None:
    number = with_tabs(site)["id"]
    assert f"?tab={number}" in site.lsops("plan").out


def test_a_pin_that_a_replace_breaks_is_told(site: Site) -> None:
    """Once applied, the pinned id is gone, and the next plan could not be made."""
    number = with_tabs(site)["id"]
    declare(site, **EMPTIED, lifecycle={"id": number})
    assert "lifecycle.id" in site.lsops("plan").out


def test_a_replaced_tab_can_be_renamed_at_once(site: Site) -> None:
    with_tabs(site)
    site.declare({"views": {"New": {**EMPTIED, "lifecycle": {"renamed_from": "Tab"}}}})
    site.settled("--allow-deletes", "1")
    assert site.keys("views") == ["First", "Last", "New"]
    assert site.row("views", "New")["data"]["columnsWidth"] == {"tasks:id": 80}
