"""Tabs of the Data Manager through the command line: what the manifest does not name stays, and so do other people's."""

from __future__ import annotations

from typing import Any

import pytest

from lsops.sandbox import add_user
from tests.support.child_values import BY_ID, BY_TEXT
from tests.support.site import Site

FILTERS = {"conjunction": "or", "items": [BY_ID, {**BY_ID, "child_filter": BY_TEXT}]}
FULL = {"ordering": ["tasks:id"], "filters": FILTERS, "gridWidth": 4, "columnsWidth": {"tasks:id": 80}}
UNKNOWN = {"new in the next release": {"a": [1, None], "b": {}}, "nothing": None, "none": []}


def declare(site: Site, **fields: Any) -> None:
    """A project with one view."""
    site.declare({"views": {"Tab": fields}})


def applied(site: Site, **fields: Any) -> dict[str, Any]:
    """The row of the one view, once it is as declared."""
    declare(site, **fields)
    site.settled("--allow-deletes", "1")
    return site.row("views", "Tab")


# ---- what is not named ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"gridWidth": 6},
        {"type": "grid"},
        {"columnsWidth": {"tasks:inner_id": 5}},
        {"filters": {"conjunction": "and", "items": []}},
        {"ordering": ["-tasks:id"]},
        {"data": {"semantic_search": [1]}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_everything_else_of_a_tab_survives_the_update_of_one_field(site: Site, fields: dict[str, Any]) -> None:
    applied(site, **FULL)
    site.by_hand("views", "Tab", **UNKNOWN, gridFitImagesToWidth=True)
    before = site.row("views", "Tab")
    after = applied(site, **fields)
    merged = {name: {**before["data"].get(name, {}), **part} for name, part in fields.items() if name == "columnsWidth"}
    inside = fields.get("data", {})
    flat = {name: part for name, part in fields.items() if name != "data"}
    assert after == {**before, "data": {**before["data"], **flat, **merged, **inside}}


def test_keys_that_came_after_the_plan_survive_too(site: Site) -> None:
    applied(site, gridWidth=4)
    declare(site, gridWidth=6)
    site.lsops("plan", "--out", "plan.json")
    site.by_hand("views", "Tab", **UNKNOWN, ordering=["tasks:id"])
    assert site.lsops("apply", "--plan", "plan.json").code == 0
    assert site.row("views", "Tab")["data"] == {"title": "Tab", "gridWidth": 6, "ordering": ["tasks:id"], **UNKNOWN}


def test_unknown_keys_can_be_declared_and_changed(site: Site) -> None:
    applied(site, data={"next": {"a": 1, "b": 2}})
    site.by_hand("views", "Tab", next={"a": 5, "b": 2, "c": 3})
    (change,) = site.changes()
    assert [(one["path"], one["before"], one["after"]) for one in change["fields"]] == [("/data/next/a", 5, 1)]
    site.settled()
    assert site.row("views", "Tab")["data"]["next"] == {"a": 1, "b": 2, "c": 3}


def test_fields_may_also_stand_inside_data(site: Site) -> None:
    applied(site, data={**FULL, **UNKNOWN})
    assert site.row("views", "Tab")["data"] == {"title": "Tab", **FULL, **UNKNOWN}
    declare(site, **FULL)
    site.unchanged()


def test_a_title_with_blanks_around_it_is_the_same_tab(site: Site) -> None:
    site.declare({})
    site.settled()
    site.make("views", "  Tab ", gridWidth=4)
    declare(site, gridWidth=4)
    site.unchanged()


def test_further_conditions_exist_on_enterprise_only(site: Site) -> None:
    filters = {"conjunction": "and", "items": [{**BY_ID, "child_filters": [BY_TEXT, BY_TEXT]}]}
    declare(site, filters=filters)
    if site.edition == "community":
        assert 'error[LS108]: "child_filters" does not exist on Label Studio Community' in site.refused()
    else:
        site.settled()
        assert site.row("views", "Tab")["data"]["filters"] == filters


# ---- hidden columns -------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), [("explore", "labeling"), ("labeling", "explore")])
def test_hidden_columns_of_one_list_get_the_other(site: Site, one: str, other: str) -> None:
    """Without both the tab cannot be opened."""
    hidden = {one: ["tasks:id"]}
    assert applied(site, hiddenColumns=hidden)["data"]["hiddenColumns"] == {**hidden, other: []}
    site.by_hand("views", "Tab", hiddenColumns={one: []})
    assert applied(site, hiddenColumns=hidden)["data"]["hiddenColumns"] == {**hidden, other: []}


def test_hidden_columns_of_one_list_leave_the_other_as_it_is(site: Site) -> None:
    applied(site, hiddenColumns={"explore": ["tasks:id"], "labeling": ["tasks:inner_id"]})
    after = applied(site, hiddenColumns={"explore": []})
    assert after["data"]["hiddenColumns"] == {"explore": [], "labeling": ["tasks:inner_id"]}


def test_a_tab_that_somebody_broke_is_mended_by_the_update_of_another_field(site: Site) -> None:
    applied(site, gridWidth=4)
    site.by_hand("views", "Tab", hiddenColumns={"explore": ["tasks:id"]})
    assert applied(site, gridWidth=6)["data"]["hiddenColumns"] == {"explore": ["tasks:id"], "labeling": []}


def test_hidden_columns_are_sets(site: Site) -> None:
    applied(site, hiddenColumns={"explore": ["tasks:id", "tasks:inner_id"]})
    declare(site, hiddenColumns={"explore": ["tasks:inner_id", "tasks:id"]})
    site.unchanged()


# ---- other people's -------------------------------------------------------------------------------


def theirs(site: Site, title: str, **data: Any) -> int:
    """A tab that a colleague made; its id."""
    token = add_user(site.watch.database, "ana@example.com", "administrator")
    body = {"project": site.project()["id"], "data": {"title": title, **data}}
    answer = site.api.post("/api/dm/views/", json=body, headers={"Authorization": f"Token {token}"})
    return answer.raise_for_status().json()["id"]


def test_other_peoples_tabs_are_neither_listed_nor_pruned(site: Site) -> None:
    site.declare({"views": {}})
    site.settled()
    theirs(site, "Theirs")
    site.make("views", "Mine")
    assert "/projects/Triage/views/Mine" in site.unchanged().out
    for verb in (("plan", "-v"), ("plan", "--format", "json"), ("drift", "--strict", "-v")):
        assert "Theirs" not in site.lsops(*verb).out
    site.declare({"views": {}}, prune=["projects/*/views"])
    site.settled("--allow-deletes", "1")
    assert site.keys("views") == ["Theirs"]


def test_other_peoples_tabs_are_matched_by_their_title(site: Site) -> None:
    site.declare({})
    site.settled()
    number = theirs(site, "Tab", gridWidth=3, ordering=["tasks:id"])
    assert applied(site, gridWidth=6)["id"] == number
    declare(site, ordering=[])
    assert "the tab was made by another user" in site.lsops("plan").out


def test_other_peoples_tabs_are_deleted_only_by_name(site: Site) -> None:
    site.declare({})
    site.settled()
    theirs(site, "Tab")
    declare(site, lifecycle={"absent": True})
    assert site.apply().code == 5
    site.settled("--allow-deletes", "1")
    assert site.keys("views") == []
