"""What deletes, what protects, and what must be allowed, of projects and of all that stands below them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.site import Site
from tests.support.sorts import BELOW, SORTS, Sort

every_sort = pytest.mark.parametrize("sort", SORTS, ids=str)
below_projects = pytest.mark.parametrize("sort", BELOW, ids=str)
MANY = ("--allow-deletes", "99")


def refused(site: Site, *flags: str, code: int = 5) -> str:
    """Why an apply does nothing, though the plan is never blocked."""
    assert site.lsops("plan").code == 0
    before = site.state()
    ran = site.apply(*flags)
    assert ran.code == code, ran
    assert site.state() == before
    return ran.err


# ---- nothing goes unasked --------------------------------------------------------------------------


@every_sort
def test_what_leaves_the_manifest_is_listed_and_not_deleted(site: Site, sort: Sort) -> None:
    sort.applied(site, "one", "two")
    sort.declare(site, {"one": sort.entry()})
    assert "1 live, in a managed collection, not in the manifest" in site.unchanged().out
    site.settled(*MANY)
    assert sort.keys(site) == sort.names("one", "two")


@below_projects
@pytest.mark.thinned(8)
@pytest.mark.parametrize("prune", [True, False])
def test_a_collection_that_is_not_written_is_not_pruned_and_not_listed(site: Site, sort: Sort, *, prune: bool) -> None:
    sort.applied(site, "one")
    site.declare({}, **({"prune": [sort.path]} if prune else {}))
    assert "not in the manifest" not in site.unchanged().out
    site.settled(*MANY)
    assert sort.keys(site) == sort.names("one")


# ---- absent ---------------------------------------------------------------------------------------


@every_sort
def test_an_absent_entry_is_deleted_once_it_is_allowed(site: Site, sort: Sort) -> None:
    sort.applied(site, "one", "two")
    sort.declare(site, {"one": sort.entry(absent=True), "two": sort.entry()})
    assert "--allow-deletes 1" in refused(site)
    assert "1 deleted" in site.settled("--allow-deletes", "1")
    assert sort.keys(site) == sort.names("two")


@every_sort
def test_an_absent_entry_that_is_not_live_is_nothing(site: Site, sort: Sort) -> None:
    sort.applied(site, "two")
    sort.declare(site, {"one": sort.entry(absent=True), "gone": sort.entry(absent=True, id=999)})
    site.unchanged()


@every_sort
def test_an_absent_entry_with_a_pin_takes_that_one_alone(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    kept, twin = sort.id(site), sort.make(site, "one", 1)
    sort.declare(site, {"one": sort.entry(absent=True, id=twin)})
    site.settled("--allow-deletes", "1")
    assert list(sort.live(site)) == [kept]


# ---- prune ----------------------------------------------------------------------------------------


@every_sort
def test_prune_deletes_what_the_manifest_does_not_name(site: Site, sort: Sort) -> None:
    sort.applied(site, "one", "two", "three")
    sort.declare(site, {"one": sort.entry()}, prune=[sort.path])
    assert sorted(site.planned()) == [("delete", sort.address(word)) for word in ("three", "two")]
    assert "2, 1 allowed" in refused(site, "--allow-deletes", "1")
    assert "2 deleted" in site.settled("--allow-deletes", "2")
    assert sort.keys(site) == sort.names("one")


@below_projects
def test_prune_of_an_empty_collection_deletes_all_of_it(site: Site, sort: Sort) -> None:
    sort.applied(site, "one", "two")
    sort.declare(site, {}, prune=[sort.path])
    refused(site, "--allow-deletes", "1")
    site.settled("--allow-deletes", "2")
    assert sort.rows(site) == []


@below_projects
def test_prune_inside_one_project_leaves_the_others_alone(site: Site, sort: Sort) -> None:
    entries = {sort.name("one"): sort.entry()}
    site.declare_projects({title: {sort.collection: entries} for title in ("Triage", "Other")})
    site.settled()
    both: dict[str, dict[str, Any]] = {title: {sort.collection: {}} for title in ("Triage", "Other")}
    both["Triage"]["prune"] = [sort.collection]
    site.declare_projects(both)
    assert site.planned() == [("delete", sort.address("one"))]
    site.settled("--allow-deletes", "1")
    assert f"/projects/Other/{sort.collection}" in site.unchanged().out


def test_prune_of_projects_that_are_written_and_empty_is_an_error(site: Site) -> None:
    site.declare({})
    site.settled()
    site.declare_projects({}, prune=["projects"])
    assert "prune" in site.refused()
    assert site.apply(*MANY).code == 3
    assert site.project()["title"] == "Triage"


# ---- protect --------------------------------------------------------------------------------------


@every_sort
def test_protect_beside_absent_is_an_error(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    sort.declare(site, {"one": sort.entry(absent=True, protect=True)})
    assert "error[LS505]" in site.refused()


@every_sort
def test_protect_as_a_default_guards_against_prune(site: Site, sort: Sort) -> None:
    sort.applied(site, "one", "two")
    guarded = {sort.path: {"lifecycle": {"protect": True}}}
    sort.declare(site, {"one": sort.entry()}, prune=[sort.path], defaults=guarded)
    assert "protected" in site.lsops("plan").out
    address = sort.address("two")
    assert f"{address} is protected (lifecycle.protect) and would be deleted" in refused(
        site, *MANY, "--allow-data-loss", address
    )


@every_sort
def test_protect_as_a_default_beside_absent_is_an_error(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    guarded = {sort.path: {"lifecycle": {"protect": True}}}
    sort.declare(site, {"one": sort.entry(absent=True)}, defaults=guarded)
    assert "error[LS505]" in site.refused()


@pytest.mark.parametrize("sort", [sort for sort in BELOW if sort.is_replaceable], ids=str)
@pytest.mark.parametrize("way", ["entry", "defaults"])
def test_protect_guards_against_a_replace(site: Site, sort: Sort, way: str) -> None:
    old, new = ({"ordering": ["tasks:id"]}, {"ordering": []}) if sort.collection == "views" else ({}, {"type": "gcs"})
    sort.declare(site, {"one": {**sort.entry(), **old}})
    site.settled()
    rules = {"protect": True} if way == "entry" else {}
    defaults = {} if rules else {"defaults": {sort.path: {"lifecycle": {"protect": True}}}}
    sort.declare(site, {"one": {**sort.entry(**rules), **new}}, **defaults)
    assert "-/+ " in site.lsops("plan").out
    assert "is protected (lifecycle.protect) and would be replaced" in refused(site, *MANY)


@below_projects
@pytest.mark.thinned(10)
@pytest.mark.parametrize("way", ["absent", "absent by default", "prune"])
def test_protect_guards_against_the_delete_of_the_parent(site: Site, sort: Sort, way: str) -> None:
    site.declare_projects({"Triage": {sort.collection: {sort.name("one"): sort.entry()}}, "Other": {}})
    site.settled()
    rules = {"protect": True} if way == "absent" else {}
    guarded = {sort.collection: {sort.name("one"): sort.entry(**rules)}, "lifecycle": {"absent": True}}
    defaults = {} if rules else {"defaults": {sort.path: {"lifecycle": {"protect": True}}}}
    prune = {"prune": ["projects"]} if way == "prune" else {}
    site.declare_projects({"Other": {}, **({} if prune else {"Triage": guarded})}, **defaults, **prune)
    assert "/projects/Triage is protected" in refused(site, *MANY, "--allow-data-loss", "/projects/Triage")


@every_sort
def test_what_is_protected_can_be_changed_and_renamed(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    sort.declare(site, {"two": sort.entry(1, protect=True, renamed_from=sort.name("one"))})
    site.settled()
    assert list(sort.live(site).values()) == [sort.value(1)]


# ---- how many -------------------------------------------------------------------------------------


def test_deletes_and_replaces_of_all_sorts_are_counted_together(site: Site) -> None:
    views = {"Tab": {"ordering": ["tasks:id"]}}
    children = {sort.collection: {sort.name("one"): sort.entry()} for sort in BELOW if sort.collection != "views"}
    site.declare_projects({"Triage": {**children, "views": views}, "Other": {}, "Third": {}})
    site.settled()
    emptied = {sort.collection: {} for sort in BELOW}
    site.declare_projects(
        {"Triage": {**emptied, "views": {"Tab": {"ordering": []}}}, "Other": {}},
        prune=["projects", *(sort.path for sort in BELOW)],
    )
    assert site.lsops("plan").last == "Plan: 0 to create, 0 to update, 1 to replace, 6 to delete."
    for flags in ((), ("--allow-deletes", "0"), ("--allow-deletes", "6")):
        assert "--allow-deletes 7" in refused(site, *flags)
    site.settled("--allow-deletes", "7")


def test_children_that_die_with_their_project_are_no_changes(site: Site) -> None:
    children = {sort.collection: {sort.name("one"): sort.entry()} for sort in BELOW}
    site.declare_projects({"Triage": children, "Other": {}})
    site.settled()
    site.declare_projects({"Triage": {**children, "lifecycle": {"absent": True}}, "Other": {}})
    assert site.planned() == [("delete", "/projects/Triage")]
    site.settled("--allow-deletes", "1")


@pytest.mark.parametrize(
    ("variable", "flags"), [("LSOPS_ALLOW_DELETES", ("--yes",)), ("LSOPS_YES", ("--allow-deletes", "1"))]
)
def test_no_variable_of_the_environment_gives_consent(site: Site, variable: str, flags: tuple[str, ...]) -> None:
    site.declare({"views": {"Tab": {}}})
    site.settled()
    site.declare({"views": {}}, prune=["projects/*/views"])
    site.lsops.setenv(**{variable: "1"})
    before = site.state()
    assert site.lsops("apply", *flags).code == 5
    assert site.state() == before
