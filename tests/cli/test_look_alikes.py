"""A project that was renamed by hand: its entry looks like a new one, and `apply` makes no empty twin of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import lsops as library
from lsops.errors import Refused
from lsops.server.session import Session
from tests.support.forms import plan_as
from tests.support.one_project import CONFIG
from tests.support.site import Site

ENTRY = {"label_config": CONFIG, "description": "X-rays", "maximum_annotations": 2}


def renamed(site: Site, entry: dict[str, Any] | None = None, *, tasks: int = 20, **top: Any) -> int:
    """A declared project with tasks whose title somebody changed; its id."""
    site.declare_projects({"Triage": entry or ENTRY}, **top)
    site.settled()
    number = int(site.project()["id"])
    if tasks:
        body = [{"data": {"text": str(n)}} for n in range(tasks)]
        site.api.post(f"/api/projects/{number}/import", json=body).raise_for_status()
    site.api.patch(f"/api/projects/{number}/", json={"title": "Production"}).raise_for_status()
    return number


def refused(site: Site, *flags: str) -> str:
    """Why an apply does nothing, though the plan is shown."""
    before = site.state()
    ran = site.apply(*flags)
    assert ran.code == 5, ran
    assert site.state() == before
    return ran.err


def test_the_plan_says_it_and_apply_refuses(site: Site) -> None:
    number = renamed(site)
    shown = site.lsops("plan")
    assert shown.code == 0
    assert (
        f"warning: /projects/Production (id {number}) is live and not in the manifest, has the same label config and "
        "3 of the 3 fields written here, and holds 20 tasks: it was probably renamed by hand; if it is this one, write "
        'lifecycle: {renamed_from: "Production"}; if another one is meant, lifecycle: {new: true}'
    ) in shown.out.replace("4 of the 4", "3 of the 3")
    assert "apply will refuse this plan: 1 look-alike" in shown.out
    said = refused(site)
    assert f"error[LS508]: /projects/Triage looks like the live /projects/Production (id {number})" in said
    assert '{renamed_from: "Production"} if it is that one, or lifecycle: {new: true}' in said


@pytest.mark.parametrize(
    ("rules", "counts"),
    [
        ({"renamed_from": "Production"}, "0 created, 1 updated"),
        ({"id": None}, "0 created, 1 updated"),
        ({"new": True}, "1 created, 0 updated"),
    ],
    ids=["renamed_from", "id", "new"],
)
def test_a_word_in_the_manifest_settles_it(site: Site, rules: dict[str, Any], counts: str) -> None:
    number = renamed(site)
    rules = {name: number if value is None else value for name, value in rules.items()}
    site.declare_projects({"Triage": {**ENTRY, "lifecycle": rules}})
    assert counts in site.settled()


def test_every_form_says_that_it_is_refused(site: Site) -> None:
    number = renamed(site)
    assert "will refuse this plan: 1 look-alike" in site.lsops("plan", "--format", "markdown").out
    (change,) = site.changes()
    seen = change["looks_like"]
    assert (seen["address"], seen["id"], seen["key"]) == ("/projects/Production", number, "Production")
    drift = site.lsops("drift")
    assert drift.code == 2
    assert "missing on the server" in drift.out
    assert "probably renamed by hand" in drift.out
    assert "apply will refuse" not in drift.out


def test_a_saved_plan_is_refused_as_well_and_shown_as_it_was(site: Site) -> None:
    renamed(site)
    planned = site.lsops("plan", "--out", "plan.json").out
    assert site.lsops("show", "plan.json").out == planned
    assert "error[LS508]" in refused(site, "--plan", "plan.json")


def test_a_rename_after_the_plan_was_saved_is_seen(site: Site) -> None:
    site.declare_projects({"Triage": ENTRY})
    assert site.lsops("plan", "--out", "plan.json").code == 0
    renamed(site)
    assert "error[LS508]" in refused(site, "--plan", "plan.json")


def test_targets_and_consent_do_not_help(site: Site) -> None:
    renamed(site)
    for flags in (("-t", "/projects/Triage"), ("--allow-deletes", "9", "--allow-data-loss", "/projects/Triage")):
        assert "error[LS508]" in refused(site, *flags)


def test_the_library_refuses_it(site: Site) -> None:
    renamed(site)
    manifest = library.load(site.lsops.folder)
    with Session("http://sandbox", transport=site.api._transport) as session:
        plan = library.plan(manifest, session)
        assert "look-alike" in plan_as("text", plan)
        with pytest.raises(Refused, match="looks like the live /projects/Production"):
            library.apply(plan, session)


# ---- what is none ----------------------------------------------------------------------------------

SHARED = {"description": "X-rays", "maximum_annotations": 2, "show_skip_button": False}


def test_fields_from_defaults_are_not_its_own(site: Site) -> None:
    renamed(site, {"label_config": CONFIG}, defaults={"projects": {**SHARED, **site.home}})
    assert "look-alike" not in site.lsops("plan").out
    assert "renamed_from" not in site.lsops("plan").out


def test_fields_from_an_anchor_are_not_its_own(site: Site) -> None:
    renamed(site, {"label_config": CONFIG, **SHARED})
    shared = json.dumps({**SHARED, **site.home})
    entry = f"{{<<: *batch, label_config: {json.dumps(CONFIG)}}}"
    site.lsops.write(f"version: 1\nx-batch: &batch {shared}\nprojects:\n  Triage: {entry}\n")
    assert "renamed_from" not in site.lsops("plan").out


LESS = {
    "an empty project": ({}, 0),
    "too few fields": ({"maximum_annotations": None}, 1),
    "another label config": ({"label_config": CONFIG.replace('"Yes"', '"Maybe"')}, 1),
    "most fields differ": ({"description": "CT", "maximum_annotations": 5, "show_skip_button": False}, 1),
}


@pytest.mark.parametrize(("changes", "tasks"), LESS.values(), ids=LESS.keys())
def test_less_is_no_look_alike(site: Site, changes: dict[str, Any], tasks: int) -> None:
    renamed(site, tasks=tasks)
    entry = {name: value for name, value in {**ENTRY, **changes}.items() if value is not None}
    if site.home and len(entry) < 3:
        entry = {"label_config": CONFIG}
    site.declare_projects({"Triage": entry})
    assert "look-alike" not in site.lsops("plan").out


def test_of_two_that_are_alike_none_is_named(site: Site) -> None:
    number = renamed(site)
    body = {**ENTRY, "title": "Another", "workspace": site.project("Production").get("workspace")}
    other = site.api.post("/api/projects/", json=body).raise_for_status().json()["id"]
    site.api.post(f"/api/projects/{other}/import", json=[{"data": {"text": "a"}}]).raise_for_status()
    assert number != other
    assert "1 created" in site.settled()


def test_one_that_another_entry_declares_is_none(site: Site) -> None:
    renamed(site)
    site.declare_projects({"Triage": ENTRY, "Production": ENTRY})
    assert "1 created" in site.settled()
