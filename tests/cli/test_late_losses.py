"""Deletes run last, and people work meanwhile: what came after it was agreed to is counted directly before it goes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import lsops as package
from lsops.engine.needs import data_loss
from lsops.model.plan import Change
from lsops.server.session import Session
from tests.cli.test_data_loss import DELETED, WITHOUT_A_LABEL, Manifest, once, two_projects
from tests.support.attempts import DELETES, NAMED, TRIAGE
from tests.support.one_project import annotate
from tests.support.site import Site

WAYS: dict[str, Manifest] = {
    **{name: (projects, top) for name, (projects, top) in DELETED.items() if name != "absent by default"},
    "a label": ({"Triage": {"label_config": WITHOUT_A_LABEL}, "Other": {}}, {}),
}
FIRST = "POST /api/projects/"
"""A change that is made before the one that loses something."""
LATE = "not made, because what it would lose came after it was agreed to: "
SAID = {
    "absent": "deletes 1 task, 1 annotation",
    "prune": "deletes 1 task, 1 annotation",
    "a label": 'label "No" of "dx" goes away (removed) while the project has 1 annotation',
}


def declared(site: Site, way: str) -> None:
    """`Triage` is about to lose what it holds, after a new project was made."""
    two_projects(site)
    projects, top = WAYS[way]
    site.declare_projects({"New one": {}, **projects}, **top)


def meanwhile(site: Site, act: Any) -> None:
    site.watch.meanwhile = once(FIRST, act)


@pytest.mark.thinned(8)
@pytest.mark.parametrize("imported", [False, True], ids=["annotated", "imported"])
@pytest.mark.parametrize("flags", [("--yes",), ("--plan", "plan.json")], ids=["yes", "plan"])
@pytest.mark.parametrize("way", WAYS)
def test_annotations_that_come_while_the_apply_runs_stay(
    site: Site, way: str, flags: tuple[str, ...], *, imported: bool
) -> None:
    declared(site, way)
    assert site.lsops("plan", "--out", "plan.json").code == 0
    meanwhile(site, lambda: annotate(site.api, imported=imported))
    ran = site.lsops("apply", *flags, *DELETES)
    assert (ran.code, ran.last) == (4, "Apply incomplete: 1 done, 1 failed, 0 skipped.")
    assert f"error[LS808]: {LATE}{SAID[way]}" in ran.out
    assert f"if that is meant: --allow-data-loss {TRIAGE}" in ran.out
    assert site.project()["total_annotations_number"] == 1
    assert "No" in site.project()["label_config"]
    assert not any(one.startswith(("DELETE", "PATCH")) for one in site.watch.writes()[-2:])


@pytest.mark.parametrize("way", WAYS)
def test_what_was_named_goes_however_much_came(site: Site, way: str) -> None:
    declared(site, way)
    meanwhile(site, lambda: annotate(site.api, imported=True))
    assert site.apply(*DELETES, *NAMED).code == 0


@pytest.mark.parametrize("way", WAYS)
def test_where_nothing_came_nothing_is_in_the_way(site: Site, way: str) -> None:
    declared(site, way)
    assert site.apply(*DELETES).code == 0


@pytest.mark.parametrize("way", ["absent", "prune"])
def test_what_cannot_be_counted_any_more_is_not_deleted(site: Site, way: str) -> None:
    declared(site, way)
    path = f"/api/projects/{site.project()['id']}/"
    down: list[bool] = []
    meanwhile(site, lambda: down.append(True))
    site.watch.instead = lambda asked: httpx.Response(500) if down and asked.url.path == path else None
    ran = site.apply(*DELETES)
    assert (ran.code, ran.last) == (4, "Apply incomplete: 1 done, 1 failed, 0 skipped.")
    assert f"error[LS706]: GET {path}: 500" in ran.out
    assert f"DELETE {path}" not in site.watch.writes()


@pytest.mark.parametrize("action", ["delete", "replace"])
def test_a_replace_loses_what_a_delete_would(action: Any) -> None:
    change = Change("/notes/a", "project", action, destroys={"tasks": 3})
    assert data_loss(change) == "deletes 3 tasks"
    assert data_loss(replace(change, destroys={"tasks": 0})) == ""


@pytest.mark.parametrize(("before", "outcome"), [(True, "done"), (False, "failed")])
def test_a_program_agrees_to_what_its_plan_says(site: Site, outcome: str, *, before: bool) -> None:
    two_projects(site)
    site.declare_projects({"Triage": {"lifecycle": {"absent": True}}, "Other": {}})
    manifest = package.load(Path())
    with Session("http://sandbox", transport=site.api._transport) as session:
        if before:
            annotate(site.api, imported=True)
        plan = package.plan(manifest, session)
        if not before:
            annotate(site.api, imported=True)
        (made,) = package.apply(plan, session).outcomes
    assert made.outcome == outcome
