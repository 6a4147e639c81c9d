"""Tabs of the Data Manager on a real Label Studio: what the manifest does not name stays, other people's tabs do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.one_project import by_hand, declare, keys, make, projects, rows, settled, unchanged

pytestmark = pytest.mark.live

FILTER = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 5}
CHILD = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "a"}


@pytest.fixture
def colleague(server: httpx.Client) -> Iterator[httpx.Client]:
    """Another member, who came by the invitation link; the session is theirs."""
    link = server.get("/api/invite").raise_for_status().json()["invite_url"]
    with httpx.Client(base_url=server.base_url, timeout=60) as client:
        form = client.get(link).raise_for_status().text
        hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert hidden is not None
        person = {"email": "colleague@example.com", "password": "a long enough one", "allow_newsletters": "false"}
        client.post(link, data={"csrfmiddlewaretoken": hidden[1], **person})
        me = client.get("/api/current-user/whoami").raise_for_status().json()
        yield client
    server.delete(f"/api/users/{me['id']}/").raise_for_status()


def test_unknown_keys_of_a_view_survive_an_update(live: Lsops, server: httpx.Client) -> None:
    declare(live, {"views": {"Tab": {"gridWidth": 4, "filters": {"conjunction": "and", "items": [FILTER]}}}})
    settled(live)
    (row,) = rows(server, "views")
    unknown = {"new in the next release": {"a": [1, None]}, "columnsWidth": {"tasks:id": 9}, "ordering": ["tasks:id"]}
    by_hand(server, "views", row, **unknown)
    unchanged(live)
    declare(live, {"views": {"Tab": {"gridWidth": 6, "columnsWidth": {"tasks:inner_id": 7}}}})
    settled(live)
    (after,) = rows(server, "views")
    assert after["id"] == row["id"]
    assert after["data"] == {
        **row["data"],
        **unknown,
        "gridWidth": 6,
        "columnsWidth": {"tasks:id": 9, "tasks:inner_id": 7},
    }


def test_the_order_of_views_is_that_of_the_manifest_once_the_project_says_so(live: Lsops, server: httpx.Client) -> None:
    filters = {"conjunction": "and", "items": [FILTER]}
    declare(live, {"views_order": "managed", "views": {"C": {}, "B": {"filters": filters}, "A": {}}})
    settled(live)
    assert [row["data"]["title"] for row in rows(server, "views")] == ["C", "B", "A"]
    own = {"project": rows(server, "views")[0]["project"], "data": {"title": "Own"}}
    server.post("/api/dm/views/", json=own).raise_for_status()
    declare(live, {"views_order": "managed", "views": {"A": {}, "C": {}, "B": {"filters": filters}}})
    assert "0 created, 1 updated, 0 replaced, 0 deleted" in settled(live)
    assert [row["data"]["title"] for row in rows(server, "views")] == ["A", "C", "B", "Own"]


def test_tabs_that_somebody_arranged_are_dumped_and_restored_as_they_stand(live: Lsops, server: httpx.Client) -> None:
    filters = {"conjunction": "and", "items": [FILTER]}
    declare(live, {"views": {"A": {}, "B": {"filters": filters}, "C": {}}})
    settled(live)
    made = rows(server, "views")
    ids = {row["data"]["title"]: row["id"] for row in made}
    order = {"project": made[0]["project"], "ids": [ids[title] for title in "CBA"]}
    server.post("/api/dm/views/order/", json=order).raise_for_status()
    assert live("dump", "-o", "made").code == 0
    text = (live.folder / "made" / "projects" / "triage.yaml").read_text("utf-8")
    assert re.findall(r"^    (?:  )?(views_order: \w+|[ABC]):?", text, re.MULTILINE) == ["views_order: managed", *"CBA"]
    unchanged(live, "made")

    assert live("backup", "/projects/Triage", "-o", "saved").code == 0
    assert live("restore", "saved", "--yes", "--as", "Copy").code == 0
    (copy,) = (row["id"] for row in projects(server) if row["title"] == "Copy")
    found = server.get("/api/dm/views/", params={"project": copy}).raise_for_status().json()
    assert [row["data"]["title"] for row in found] == list("CBA")


def test_a_view_whose_ordering_is_emptied_is_replaced_and_keeps_its_other_data(
    live: Lsops, server: httpx.Client
) -> None:
    filters = {"conjunction": "or", "items": [FILTER, {**FILTER, "child_filter": CHILD}]}
    declare(live, {"views": {"Tab": {"ordering": ["-tasks:id"], "filters": filters}}})
    settled(live)
    (row,) = rows(server, "views")
    by_hand(server, "views", row, **{"new in the next release": 1})
    declare(live, {"views": {"Tab": {"ordering": [], "gridWidth": 5}}})
    assert "-/+ /projects/Triage/views/Tab" in live("plan").out
    assert live("apply", "--yes").code == 5
    assert "0 created, 0 updated, 1 replaced, 0 deleted" in settled(live, "--allow-deletes", "1")
    (after,) = rows(server, "views")
    assert after["id"] != row["id"]
    assert after["data"] == {"title": "Tab", "filters": filters, "gridWidth": 5, "new in the next release": 1}


VALUES: dict[str, list[Any]] = {
    "filters": [
        {"conjunction": "and", "items": [FILTER]},
        {"conjunction": "or", "items": [{**FILTER, "value": {"min": 1, "max": 2.5}, "operator": "in"}, CHILD]},
        {"conjunction": "or", "items": [{**FILTER, "child_filter": CHILD}, {**CHILD, "value": ["a", "b"]}]},
        {"conjunction": "and", "items": [{**FILTER, "value": True, "operator": "empty"}]},
        {"conjunction": "and", "items": []},
    ],
    "ordering": [["tasks:id"], ["-tasks:data.text", "tasks:id"]],
    "type": ["grid", "list"],
    "target": ["annotations", "tasks"],
    "hiddenColumns": [{"explore": ["tasks:id"]}, {"labeling": ["tasks:inner_id"]}, {"explore": []}],
    "columnsWidth": [{"tasks:id": 80}, {"tasks:id": 81, "tasks:inner_id": 60}],
    "columnsDisplayType": [{"tasks:data.text": "Number"}, {"tasks:data.text": "String"}],
    "gridWidth": [3, 7],
    "gridFitImagesToWidth": [True, False],
    "data": [{"semantic_search": [1]}, {"semantic_search": []}, {"other": None}],
}


@pytest.mark.parametrize("field", VALUES)
def test_a_field_of_a_view_goes_through_its_values_and_the_tab_still_opens(
    live: Lsops, server: httpx.Client, field: str
) -> None:
    for value in VALUES[field]:
        declare(live, {"views": {"Tab": {field: value}}})
        settled(live)
        (row,) = rows(server, "views")
        opened = server.get("/api/tasks/", params={"project": row["project"], "view": row["id"]})
        assert opened.is_success, (value, opened.text)


def test_another_persons_views_are_neither_listed_nor_pruned_nor_changed(
    live: Lsops, server: httpx.Client, colleague: httpx.Client
) -> None:
    declare(live, {"views": {}})
    settled(live)
    make(server, "views", "Mine")
    theirs = {"project": projects(server)[0]["id"], "data": {"title": "Theirs", "gridWidth": 3}}
    colleague.post("/api/dm/views/", json=theirs).raise_for_status()
    listed = unchanged(live).out
    assert "/projects/Triage/views/Mine" in listed
    assert "Theirs" not in listed
    declare(live, {"views": {}}, prune=["projects/*/views"])
    assert "1 deleted" in settled(live, "--allow-deletes", "1")
    assert keys(server, "views") == ["Theirs"]


def test_a_view_is_matched_by_its_title_whoever_made_it(
    live: Lsops, server: httpx.Client, colleague: httpx.Client
) -> None:
    declare(live, {"views": {}})
    settled(live)
    theirs = {"project": projects(server)[0]["id"], "data": {"title": "Tab", "gridWidth": 3}}
    made = colleague.post("/api/dm/views/", json=theirs).raise_for_status().json()["id"]
    declare(live, {"views": {"Tab": {"gridWidth": 6}}})
    assert "0 created, 1 updated" in settled(live)
    mine = make(server, "views", "Tab", gridWidth=4)
    ambiguous = live("plan")
    assert ambiguous.code == 3
    assert f"ids {made}, {mine}" in ambiguous.err
    declare(live, {"views": {"Tab": {"gridWidth": 7, "lifecycle": {"id": mine}}}})
    settled(live)
    assert [(row["id"], row["data"]["gridWidth"]) for row in rows(server, "views")] == [(made, 6), (mine, 7)]


SHUT: dict[str, dict[str, Any]] = {
    "an object": {"column": "total_annotations", "operator": "greater", "type": "Number", "value": {"value": 1}},
    "no list": {"column": "id", "operator": "in_list", "type": "Number", "value": 5},
    "an e-mail": {"column": "annotators", "operator": "contains", "type": "List", "value": "ana@example.com"},
    "a number": {"column": "predictions_model_versions", "operator": "contains", "type": "List", "value": 1},
    "a year": {"column": "created_at", "operator": "less", "type": "String", "value": "2026"},
    "a pattern": {"column": "id", "operator": "regex", "type": "Number", "value": 3},
}


def with_filter(column: str, **parts: Any) -> dict[str, Any]:
    return {"filters": {"conjunction": "and", "items": [{"filter": f"filter:tasks:{column}", **parts}]}}


def test_a_condition_that_is_warned_of_keeps_its_tab_from_opening_and_no_other_does(
    live: Lsops, server: httpx.Client
) -> None:
    views = {name: with_filter(**parts) for name, parts in SHUT.items()}
    declare(live, {"views": {**views, "Right": with_filter("id", operator="in_list", type="Number", value=[1])}})
    ran = live("validate")
    assert [name for name in SHUT if f"/views/{name}\n" not in ran.err] == []
    assert (ran.err.count("LS112"), "/views/Right" in ran.err) == (len(SHUT), False)
    settled(live)
    (project,) = projects(server)
    server.post("/api/tasks/", json={"project": project["id"], "data": {"text": "a"}}).raise_for_status()
    answers = {row["data"]["title"]: server.get(f"/api/tasks/?view={row['id']}") for row in rows(server, "views")}
    assert {name: answer.status_code for name, answer in answers.items()} == {**dict.fromkeys(SHUT, 500), "Right": 200}
