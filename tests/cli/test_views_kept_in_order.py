"""The order of a project's tabs in a dump, in what is adopted, and in what is restored."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import yaml

from lsops.sandbox import add_user
from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.sandbox import client_of

ALL = {"conjunction": "and", "items": []}


def made(api: httpx.Client, *tabs: str, title: str = "Ward", **values: int) -> int:
    """A project with tabs; those whose name begins with F have filters."""
    project = api.post("/api/projects/", json={"title": title, **values}).raise_for_status().json()["id"]
    for tab in tabs:
        data = {"title": tab, **({"filters": ALL} if tab.startswith("F") else {})}
        api.post("/api/dm/views/", json={"project": project, "data": data}).raise_for_status()
    return int(project)


def at_home(api: httpx.Client, edition: str) -> dict[str, int]:
    """The workspace that a project of Enterprise needs."""
    if edition == "community":
        return {}
    return next({"workspace": row["id"]} for row in api.get("/api/workspaces/").json() if row["title"] == "Radiology")


def arrange(api: httpx.Client, project: int, *order: str) -> None:
    """Somebody drags the tabs into this order."""
    ids = {row["data"]["title"]: row["id"] for row in rows(api, project)}
    body = {"project": project, "ids": [ids[tab] for tab in order]}
    api.post("/api/dm/views/order/", json=body).raise_for_status()


def rows(api: httpx.Client, project: int) -> list[dict[str, Any]]:
    return list(api.get("/api/dm/views/", params={"project": project}).raise_for_status().json())


def titles(api: httpx.Client, project: int) -> list[str]:
    return [row["data"]["title"] for row in rows(api, project)]


def dumped(lsops: Lsops, name: str = "ward") -> tuple[str, list[str]]:
    """What the dump says of the order, and the views as it has them; its plan is empty."""
    assert lsops("dump", "-o", "made", "--force").code == 0
    plan = lsops("plan", "made", "--detailed-exitcode")
    assert plan.code == 0, plan
    (entry,) = yaml.safe_load((lsops.folder / "made" / "projects" / f"{name}.yaml").read_text("utf-8"))[
        "projects"
    ].values()
    return entry.get("views_order", ""), list(entry["views"])


@pytest.mark.parametrize(
    ("order", "word"),
    [
        (("C", "A", "F1", "F2", "B"), "managed"),
        (("F2", "A", "B", "C", "F1"), "managed"),
        (("A", "B", "C", "F1", "F2"), ""),
        ((), ""),
    ],
    ids=["anyhow", "filters first", "as made", "never"],
)
def test_a_dump_has_tabs_as_they_stand_and_the_word_where_somebody_arranged_them(
    lsops: Lsops, community: httpx.Client, order: tuple[str, ...], word: str
) -> None:
    project = made(community, "A", "F1", "B", "F2", "C")
    if order:
        arrange(community, project, *order)
    assert dumped(lsops) == (word, titles(community, project))


@pytest.mark.parametrize("edition", ["community", "enterprise"])
def test_a_dump_makes_a_project_anew_with_its_tabs_in_order(
    lsops: Lsops, request: pytest.FixtureRequest, edition: str
) -> None:
    api = request.getfixturevalue(edition)
    home = at_home(api, edition)
    order = ("C", "F1", "A", "F2", "B")
    arrange(api, made(api, "A", "F1", "B", "F2", "C", **home), *order)
    assert dumped(lsops) == ("managed", list(order))
    with client_of(lsops.folder / "new.db", edition=edition) as new:
        assert lsops("apply", "made", "--yes", "--server", "sandbox:new.db").code == 0
        assert titles(new, 1) == list(order)


def test_new_tabs_come_in_the_order_of_the_manifest_though_others_are_made_beside_them(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    tabs = [f"{number:02}" for number in range(8, 0, -1)]
    entry = {"workspace": "Radiology", "views": {tab: {} for tab in tabs}}
    lsops.write(json.dumps({"version": 1, "projects": {"Ward": entry, "Other": entry}}))
    assert lsops("apply", "--yes").code == 0
    assert [titles(enterprise, project) for project in (1, 2)] == [tabs, tabs]


def test_tabs_of_others_among_ones_own_leave_the_order_to_the_server(lsops: Lsops, community: httpx.Client) -> None:
    project = made(community, "B", "A")
    token = add_user(lsops.folder / DATABASE, "other@example.com", "annotator")
    theirs = {"Authorization": f"Token {token}"}
    with client_of(lsops.folder / DATABASE, edition="community", headers=theirs) as other:
        other.post("/api/dm/views/", json={"project": project, "data": {"title": "Theirs"}}).raise_for_status()
    arrange(community, project, "A", "B", "Theirs")
    assert dumped(lsops) == ("managed", ["A", "B"])
    arrange(community, project, "A", "Theirs", "B")
    assert dumped(lsops) == ("", ["A", "B"])


def test_the_word_of_most_projects_is_no_default_of_those_without_it(lsops: Lsops, community: httpx.Client) -> None:
    for number in range(3):
        arrange(community, made(community, "A", "B", title=f"Ward {number}"), "B", "A")
    made(community, "A", "B", title="Plain")
    assert dumped(lsops, "plain") == ("", ["A", "B"])
    assert dumped(lsops, "ward-0") == ("managed", ["B", "A"])


def test_what_is_adopted_stands_in_the_manifest_as_on_the_server(lsops: Lsops, community: httpx.Client) -> None:
    arrange(community, made(community, "A", "B", "C"), "C", "A", "B")
    lsops.write("version: 1\nprojects: {}\n")
    assert lsops("adopt", "/projects/Ward").code == 0
    entry = yaml.safe_load((lsops.folder / "lsops.yaml").read_text("utf-8"))["projects"]["Ward"]
    assert entry["views_order"] == "managed"
    assert list(entry["views"]) == ["C", "A", "B"]


@pytest.mark.parametrize("edition", ["community", "enterprise"])
def test_a_restored_project_has_its_tabs_in_order_and_again_after_a_second_time(
    lsops: Lsops, request: pytest.FixtureRequest, edition: str
) -> None:
    api = request.getfixturevalue(edition)
    home = at_home(api, edition)
    order = ["C", "F1", "A", "F2", "B"]
    arrange(api, made(api, "A", "F1", "B", "F2", "C", **home), *order)
    assert lsops("backup", "/projects/Ward", "-o", "saved").code == 0
    with client_of(lsops.folder / "new.db", edition=edition) as new:
        for title in ("Radiology",) if home else ():
            new.post("/api/workspaces/", json={"title": title}).raise_for_status()
        for _ in range(2):
            assert lsops("restore", "saved", "--yes", "--server", "sandbox:new.db").code == 0
            assert titles(new, 1) == order
