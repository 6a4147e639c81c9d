"""Views: whose they are, what empties them, and what only Enterprise keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.engine.scenes import (
    CATS,
    COMMUNITY,
    ENTERPRISE,
    declared,
    fields_of,
    lines,
    live_project,
    live_view,
    made,
    planned,
    project,
    refused,
    server,
    view,
)

VIEWS = f"{CATS}/views"
PRUNE = ("projects/*/views",)
HELD = [live_project(), live_view(1), live_view(2, "Mine"), live_view(3, "Theirs", user=9)]


def test_prune_deletes_the_views_of_the_caller_alone() -> None:
    found = planned(project(), view(), live=HELD, prune=PRUNE)
    assert (lines(found), found.unmanaged) == ([f"- {VIEWS}/Mine"], ())


def test_the_views_of_others_are_not_even_listed() -> None:
    found = planned(project(), view(), live=HELD)
    assert (lines(found), found.unmanaged) == ([], (f"{VIEWS}/Mine",))


def test_without_knowing_the_caller_nothing_is_pruned() -> None:
    nobody = replace(COMMUNITY, user_id=None)
    held = [*HELD, live_view(4, "Nobody's", user=None)]  # type: ignore[arg-type]  # a server may say so
    assert lines(planned(project(), view(), live=held, prune=PRUNE, facts=nobody)) == []


def test_a_declared_view_is_matched_by_title_whoever_made_it() -> None:
    found = planned(project(), view("Theirs", type="grid"), live=HELD)
    assert lines(found) == [f"~ {VIEWS}/Theirs"]


def test_blanks_around_a_live_title_do_not_count() -> None:
    assert lines(planned(project(), view("All"), live=[live_project(), live_view(1, "  All  ")])) == []


def test_two_views_of_one_title_are_an_error() -> None:
    found = refused(project(), view(), live=[live_project(), live_view(1), live_view(2, user=9)])
    assert found == [("LS502", '2 live views are called "To review": ids 1, 2')]


# ---- what differs ------------------------------------------------------------------------------

ALL = {"conjunction": "and", "items": []}
ONE = {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": 1}
SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "keys that nobody declares": ({}, {"type": "list", "zoom": 1}),
    "columns in another order": (
        {"hiddenColumns": {"explore": ["tasks:a", "tasks:b"]}},
        {"hiddenColumns": {"explore": ["tasks:b", "tasks:a"], "labeling": ["tasks:c"]}},
    ),
    "a second condition that is null": (
        {"filters": {**ALL, "items": [{**ONE, "child_filter": None}]}},
        {"filters": {**ALL, "items": [ONE]}},
    ),
    "no ordering": ({"ordering": []}, {}),
    "a further key, and a part of one": ({"data": {"zoom": 1, "a": {"b": 1}}}, {"zoom": 1, "a": {"b": 1, "c": 2}}),
}


@pytest.mark.parametrize(("wanted", "held"), SAME.values(), ids=SAME.keys())
def test_a_tab_that_shows_what_is_declared_is_no_change(wanted: dict[str, Any], held: dict[str, Any]) -> None:
    assert lines(planned(project(), view(**wanted), live=[live_project(), live_view(**held)])) == []


DIFFERENT: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "filters are one value": ({"filters": {**ALL, "items": [ONE]}}, {"filters": ALL}, ["/filters"]),
    "filters that are not there": ({"filters": ALL}, {}, ["/filters"]),
    "one list of columns": (
        {"hiddenColumns": {"explore": [], "labeling": ["tasks:a"]}},
        {"hiddenColumns": {"explore": [], "labeling": []}},
        ["/hiddenColumns/labeling"],
    ),
    "one width": ({"columnsWidth": {"a": 1, "b": 2}}, {"columnsWidth": {"a": 1, "c": 3}}, ["/columnsWidth/b"]),
    "a further key": ({"data": {"zoom": 2}}, {"zoom": 1}, ["/data/zoom"]),
    "null is a value": ({"data": {"zoom": None}}, {}, ["/data/zoom"]),
    "another order of columns": ({"ordering": ["tasks:id"]}, {"ordering": ["-tasks:id"]}, ["/ordering"]),
}


@pytest.mark.parametrize(("wanted", "held", "paths"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_a_tab_that_does_not_is_updated(wanted: dict[str, Any], held: dict[str, Any], paths: list[str]) -> None:
    [change] = planned(project(), view(**wanted), live=[live_project(), live_view(**held)]).changes
    assert (change.action, [path for path, *_ in fields_of(change)]) == ("update", paths)


# ---- replaced ----------------------------------------------------------------------------------


def test_an_ordering_that_becomes_empty_replaces_the_tab_and_says_what_that_means() -> None:
    found = planned(project(), view(ordering=[]), live=[live_project(), live_view(5, ordering=["tasks:id"])])
    [change] = found.changes
    assert (change.action, dict(change.remote_id), found.consents) == ("replace", {"id": 5}, 1)
    assert "the tab gets a new id, so links to it (?tab=5) end" in change.effects[0]
    assert change.warnings == ()


@pytest.mark.parametrize("user", [9, None])
def test_the_tab_of_somebody_else_becomes_the_callers_which_is_a_warning(user: int) -> None:
    held = live_view(5, user=user, ordering=["tasks:id"])
    [change] = planned(project(), view(ordering=[]), live=[live_project(), held]).changes
    assert f"made by another user (id {user})" in change.warnings[0]


def test_other_changes_of_the_ordering_replace_nothing() -> None:
    held = live_view(5, ordering=["tasks:id"])
    found = planned(project(), view(ordering=["tasks:inner_id"], type="grid"), live=[live_project(), held])
    assert [change.action for change in found.changes] == ["update"]


# ---- editions ----------------------------------------------------------------------------------


def test_further_conditions_exist_on_enterprise_only() -> None:
    wanted = view(filters={**ALL, "items": [ONE, {**ONE, "child_filters": [ONE]}]})
    live = [live_project(workspace=1)]
    assert refused(project(), wanted, live=live) == [
        ("LS108", '"child_filters" does not exist on Label Studio Community')
    ]
    assert refused(project(), wanted, live=live, facts=ENTERPRISE) == []


@pytest.mark.parametrize("condition", [{"child_filters": None}, {"child_filters": []}, {"child_filter": ONE}])
def test_one_condition_more_exists_on_both(condition: dict[str, Any]) -> None:
    wanted = view(filters={**ALL, "items": [{**ONE, **condition}]})
    assert refused(project(), wanted, live=[live_project()]) == []


def test_a_view_comes_after_what_its_project_needs() -> None:
    found = made(declared(view(), project()), server())
    assert lines(found) == [f"+ {CATS}", f"+ {VIEWS}/To review"]
    assert found.changes[1].requires == (CATS,)
