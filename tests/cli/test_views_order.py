"""`views_order: managed`: the order of a project's views in the manifest is that of its tabs on the server."""

from __future__ import annotations

import pytest

from tests.support.wire import writes

FILTERS = "{conjunction: and, items: []}"


def manifest(views: str, more: str = "") -> str:
    place = "workspace: Radiology, " if more == "enterprise" else ""
    return f"version: 1\nprojects: {{Ward: {{{place}views_order: managed, views: {views}}}}}\n"


def titles(api) -> list[str]:
    return [row["data"]["title"] for row in api.get("/api/dm/views/").json()]


def made(api, *names: str) -> int:
    """A project with tabs, as somebody made them by hand."""
    project = api.post("/api/projects/", json={"title": "Ward"}).json()["id"]
    for name in names:
        api.post("/api/dm/views/", json={"project": project, "data": {"title": name}})
    return int(project)


@pytest.mark.parametrize("edition", ["community", "enterprise"])
def test_new_views_stand_in_the_order_of_the_manifest_after_one_request(lsops, request, edition):
    api = request.getfixturevalue(edition)
    lsops.write(manifest(f"{{C: {{}}, B: {{filters: {FILTERS}}}, A: {{}}}}", edition))
    with writes() as sent:
        ran, again = lsops("apply", "--yes"), lsops("plan", "--detailed-exitcode")
    assert (ran.code, again.code) == (0, 0), (ran, again)
    assert titles(api) == ["C", "B", "A"]
    assert sum(one.path == "/api/dm/views/order/" for one in sent) == 1


def test_views_that_already_come_in_order_need_no_request(lsops, community):
    lsops.write(manifest("{A: {}, B: {}}"))
    with writes() as sent:
        assert lsops("apply", "--yes").code == 0
    assert titles(community) == ["A", "B"]
    assert not [one for one in sent if one.path == "/api/dm/views/order/"]


def test_another_order_of_the_map_is_a_change_of_its_own_and_what_it_does_not_name_keeps_behind(lsops, community):
    project = made(community, "Old", "A", "B", "Other")
    lsops.write(manifest("{B: {}, A: {}}"))
    planned = lsops("plan")
    with writes() as sent:
        ran = lsops("apply", "--yes")
    assert "/projects/Ward" in planned.out
    assert "Plan: 0 to create, 1 to update, 0 to replace, 0 to delete." in planned.out
    assert (ran.code, titles(community)) == (0, ["B", "A", "Old", "Other"])
    assert [one.body for one in sent] == [{"project": project, "ids": [3, 2, 1, 4]}]
    assert lsops("drift").code == 0


def test_without_the_word_the_order_is_nobodys(lsops, community):
    made(community, "A", "B")
    lsops.write("version: 1\nprojects: {Ward: {views: {B: {}, A: {}}}}\n")
    assert lsops("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("views", "left"),
    [
        ("{B: {}, A: {lifecycle: {absent: true}}}", ["B", "Z"]),
        ("{Z: {}, C: {lifecycle: {renamed_from: A}}, B: {}}", ["Z", "C", "B"]),
        ("{Z: {}, A: {ordering: []}, B: {}}", ["Z", "A", "B"]),
    ],
    ids=["one goes", "one is renamed", "one is replaced"],
)
def test_views_that_go_or_are_renamed_or_replaced_are_in_order_afterwards(lsops, community, views, left):
    project = made(community)
    for name in ("A", "B", "Z"):
        data = {"title": name, "ordering": ["tasks:id"]}
        community.post("/api/dm/views/", json={"project": project, "data": data})
    lsops.write(manifest(views))
    ran, again = lsops("apply", "--yes", "--allow-deletes", "1"), lsops("plan", "--detailed-exitcode")
    assert (ran.code, again.code, titles(community)) == (0, 0, left), (ran, again)


def test_a_target_below_the_project_leaves_the_order_alone(lsops, community):
    made(community, "A", "B")
    lsops.write(manifest("{B: {}, A: {}}"))
    assert lsops("plan", "-t", "/projects/Ward/views/A", "--detailed-exitcode").code == 0
    assert lsops("plan", "-t", "/projects/Ward", "--detailed-exitcode").code == 2


def test_a_saved_plan_carries_the_order_out_and_is_stale_once_somebody_moved_a_tab(lsops, community):
    project = made(community, "A", "B")
    lsops.write(manifest("{B: {}, A: {}}"))
    lsops("plan", "--out", "plan.json")
    community.post("/api/dm/views/", json={"project": project, "data": {"title": "C"}})
    assert lsops("apply", "--plan", "plan.json").code == 5
    lsops("plan", "--out", "plan.json")
    assert (lsops("apply", "--plan", "plan.json").code, titles(community)) == (0, ["B", "A", "C"])


def test_a_diff_shows_that_views_change_places(lsops):
    lsops.write(manifest("{A: {}, B: {}}"), "old/lsops.yaml")
    lsops.write(manifest("{B: {}, A: {}}"), "new/lsops.yaml")
    ran = lsops("diff", "new", "--base", "./old", "--format", "json")
    (change,) = ran.json()["changes"]
    assert change["address"] == "/projects/Ward/views_order"
    assert [(one["before"], one["after"]) for one in change["fields"]] == [(["A", "B"], ["B", "A"])]
