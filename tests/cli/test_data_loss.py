"""A project with annotations loses none of them by any combination of flags that does not name it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from tests.support.attempts import ALL_OF_THEM, DELETES, FEW, FLAGS, NAMED, PLAN, TRIAGE
from tests.support.one_project import CONFIG, annotate
from tests.support.site import Site

WITHOUT_A_LABEL = CONFIG.replace('<Choice value="No"/>', "")
Manifest = tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Any]]
DELETED: dict[str, Manifest] = {
    "absent": ({"Triage": {"lifecycle": {"absent": True}}, "Other": {}}, {}),
    "prune": ({"Other": {}}, {"prune": ["projects"]}),
    "absent by default": ({"Triage": {}}, {"defaults": {"projects": {"lifecycle": {"absent": True}}}}),
}
CHANGED: dict[str, str] = {
    "a label": WITHOUT_A_LABEL,
    "a renamed label": CONFIG.replace('"No"', '"Never"'),
    "a label in another case": CONFIG.replace('"No"', '"no"'),
    "a renamed control": CONFIG.replace('name="dx"', 'name="verdict"'),
    "every control": '<View><Text name="t" value="$text"/></View>',
    "everything": "<View></View>",
}


def annotated(site: Site, *, imported: bool = False) -> None:
    """Two projects, of which `Triage` has a task with an annotation that uses a label."""
    two_projects(site)
    annotate(site.api, imported=imported)


def two_projects(site: Site) -> None:
    """`Triage` is the older one."""
    for more in ({}, {"Other": {}}):
        site.declare_projects({"Triage": {"label_config": CONFIG}, **more})
        site.settled()


def refused(site: Site, *flags: str) -> None:
    """An apply does nothing, whatever else it says."""
    if PLAN[0] in flags:
        targets = ("-t", TRIAGE) if "-t" in flags else ()
        assert site.lsops("plan", "--out", PLAN[1], *targets).code == 0
    before = site.state()
    ran = site.lsops("apply", *flags)
    assert ran.code in (3, 5), (flags, ran)
    assert site.state() == before, flags


def refused_whatever_is_tried(site: Site, attempts: Sequence[tuple[str, ...]]) -> None:
    for flags in attempts:
        refused(site, *flags)
    said = site.apply(*DELETES, *ALL_OF_THEM).err
    assert f"error[LS804]: {TRIAGE}" in said
    assert f"--allow-data-loss {TRIAGE}" in said


@pytest.mark.thinned(5)
@pytest.mark.parametrize("imported", [False, True], ids=["annotated", "imported"])
@pytest.mark.parametrize("way", DELETED)
def test_it_is_deleted_by_its_name_alone(site: Site, way: str, *, imported: bool) -> None:
    annotated(site, imported=imported)
    projects, top = DELETED[way]
    site.declare_projects(projects, **top)
    assert "destroys 1 task, 1 annotation" in site.lsops("plan").out
    refused_whatever_is_tried(site, FEW if imported else FLAGS)
    refused(site, "--yes", *NAMED)
    refused(site, "--yes", "--allow-deletes", "0", *NAMED)
    site.settled("--allow-deletes", "1", *NAMED)
    assert "Triage" not in [row["title"] for row in site.projects()]


@pytest.mark.thinned(8)
@pytest.mark.parametrize("imported", [False, True], ids=["annotated", "imported"])
@pytest.mark.parametrize("loss", CHANGED)
def test_its_labels_go_by_its_name_alone(site: Site, loss: str, *, imported: bool) -> None:
    annotated(site, imported=imported)
    site.declare({"label_config": CHANGED[loss]})
    refused_whatever_is_tried(site, FLAGS if loss == "a label" and not imported else FEW)
    ran = site.apply(*NAMED)
    is_stopped_by_the_server = loss == "a renamed control" and not imported
    assert ran.code == (4 if is_stopped_by_the_server else 0), ran


@pytest.mark.parametrize("loss", ["renamed", "pinned"])
def test_the_name_that_counts_is_that_of_the_plan(site: Site, loss: str) -> None:
    annotated(site)
    number = site.project()["id"]
    rules = {"renamed_from": "Triage"} if loss == "renamed" else {"id": number}
    site.declare_projects({"New": {"label_config": WITHOUT_A_LABEL, "lifecycle": rules}, "Other": {}})
    refused(site, "--yes", *DELETES, *ALL_OF_THEM, *NAMED)
    site.settled("--allow-data-loss", "/projects/New")


def both_lose(site: Site) -> None:
    two_projects(site)
    for title in ("Triage", "Other"):
        path = f"/api/projects/{site.project(title)['id']}/import"
        site.api.post(path, json=[{"data": {"text": "a"}}]).raise_for_status()
    site.declare_projects({title: {"lifecycle": {"absent": True}} for title in ("Triage", "Other")})


def test_one_name_is_not_enough_for_two(site: Site) -> None:
    both_lose(site)
    for name in (TRIAGE, "/projects/Other"):
        refused(site, "--yes", *DELETES, "--allow-data-loss", name)
    site.settled(*DELETES, *NAMED, "--allow-data-loss", "/projects/Other")
    assert site.projects() == []


def less_destroying(change: dict[str, Any]) -> None:
    change["destroys"] = {"tasks": 0, "annotations": 0}


def not_destroying(change: dict[str, Any]) -> None:
    change["destroys"] = {}


def of_another(change: dict[str, Any]) -> None:
    change["address"] = "/projects/Other"


@pytest.mark.parametrize("tamper", [less_destroying, not_destroying, of_another])
def test_a_plan_file_cannot_talk_it_away(site: Site, tamper: Callable[[dict[str, Any]], None]) -> None:
    annotated(site)
    projects, top = DELETED["absent"]
    site.declare_projects(projects, **top)
    site.lsops("plan", "--out", "plan.json")
    path = site.lsops.folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    tamper(document["changes"][0])
    path.write_text(json.dumps(document), "utf-8")
    before = site.state()
    assert site.lsops("apply", *PLAN, *DELETES, *ALL_OF_THEM).code == 5
    assert site.state() == before


@pytest.mark.parametrize("flags", [("--yes",), PLAN])
def test_annotations_that_came_after_the_plan_count(site: Site, flags: tuple[str, ...]) -> None:
    two_projects(site)
    site.declare_projects({"Triage": {"lifecycle": {"absent": True}}, "Other": {}})
    assert "--allow-data-loss" not in site.lsops("plan", "--out", "plan.json").out
    annotate(site.api, imported=False)
    before = site.state()
    assert site.lsops("apply", *flags, *DELETES).code == 5
    assert site.state() == before


def test_annotations_that_come_between_the_plan_and_the_delete_count(site: Site) -> None:
    """Counts are asked anew after everything was read."""
    two_projects(site)
    site.declare_projects({"Triage": {"lifecycle": {"absent": True}}, "Other": {}})
    site.watch.meanwhile = once(
        f"GET /api/projects/{site.project()['id']}/", lambda: annotate(site.api, imported=False)
    )
    assert site.apply(*DELETES).code == 5
    assert site.project()["total_annotations_number"] == 1


def once(wanted: str, act: Callable[[], None]) -> Callable[[str], None]:
    """Something that happens with the first request of that kind."""
    done: list[str] = []

    def meanwhile(request: str) -> None:
        if request == wanted and not done:
            done.append(request)
            act()

    return meanwhile


def test_a_count_that_cannot_be_read_counts_as_full(site: Site) -> None:
    two_projects(site)
    site.declare_projects({"Triage": {"lifecycle": {"absent": True}}, "Other": {}})
    site.watch.faults = (f"GET /api/projects/{site.project()['id']}/:500",)
    before = site.state()
    ran = site.apply(*DELETES)
    assert (ran.code, "an unknown number of tasks" in ran.err) == (5, True)
    assert site.state() == before


@pytest.mark.parametrize("site", ["enterprise"], indirect=True)
@pytest.mark.parametrize("way", ["absent", "prune"])
def test_a_workspace_takes_no_project_along(site: Site, way: str) -> None:
    annotated(site)
    gone = {"Radiology": {"lifecycle": {"absent": True}}} if way == "absent" else {"Pathology": {}}
    site.lsops.write(json.dumps({"version": 1, "workspaces": gone, "prune": [] if way == "absent" else ["workspaces"]}))
    site.planned()  # settings that are looked at for the first time are made by that
    before = site.state()
    assert site.apply(*DELETES, *ALL_OF_THEM).code == 4
    assert site.state() == before


def test_a_label_that_nobody_used_and_a_new_one_need_no_name(site: Site) -> None:
    """Without annotations nothing is lost."""
    site.declare({})
    site.settled()
    for config in (WITHOUT_A_LABEL, CONFIG):
        site.declare({"label_config": config})
        site.settled()
    annotate(site.api, imported=False)
    site.declare({"label_config": CONFIG.replace('<Choice value="No"/>', '<Choice value="No"/><Choice value="New"/>')})
    site.settled()


IDLE = "--allow-data-loss {} names no change of this plan; it takes one exact address"


@pytest.mark.parametrize("named", ["/projects/Nonsense", "/projects/*", "Triage", "/projects/Other"])
def test_a_consent_that_names_no_change_is_noted_and_allows_nothing(site: Site, named: str) -> None:
    annotated(site)
    projects, top = DELETED["absent"]
    site.declare_projects(projects, **top)
    before = site.state()
    ran = site.apply("--allow-deletes", "1", "--allow-data-loss", named)
    assert ran.code == 5
    assert IDLE.format(named) in ran.err
    assert ran.err.index(IDLE.format(named)) < ran.err.index("error[LS804]")
    assert IDLE.format(named) not in ran.out
    assert site.state() == before


def test_one_that_names_a_change_is_not_noted(site: Site) -> None:
    annotated(site)
    projects, top = DELETED["absent"]
    site.declare_projects(projects, **top)
    ran = site.apply("--allow-deletes", "1", *NAMED)
    assert (ran.code, "names no change" in ran.err) == (0, False)
