"""`apply --shard`: each shard makes its own changes, waits for what another one makes, and takes its own plan file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.policies import needs_cel
from tests.support.site import Site

ALL = ("1/3", "2/3", "3/3")
PROJECTS: dict[str, Any] = {  # of three shards, the first has Birds, the second Dogs, the third Cats
    "Cats": {"description": "a", "webhooks": {"https://h.example.com/cats": {}}},
    "Dogs": {"description": "b", "views": {"One": {}}},
    "Birds": {"description": "c"},
}


@pytest.fixture
def enterprise_site(request: pytest.FixtureRequest, lsops: Any) -> Site:
    return Site.of(lsops, request.getfixturevalue("enterprise"), "enterprise", lsops.folder / "sandbox.db")


def planned_to(site: Site, shard: str, file: str = "plan.json") -> list[str]:
    """The addresses in the plan file that a shard saves."""
    assert site.lsops("plan", "--shard", shard, "--out", file).code == 0
    return [change["address"] for change in json.loads((site.lsops.folder / file).read_text("utf-8"))["changes"]]


# ---- all of them -----------------------------------------------------------------------------------


def test_all_shards_applied_leave_nothing_to_do(site: Site) -> None:
    site.declare_projects(PROJECTS, session_policy={"max_session_age": 9000})

    assert [site.apply("--shard", shard).code for shard in ALL] == [0, 0, 0]

    assert site.planned() == []
    assert sorted(row["title"] for row in site.projects()) == ["Birds", "Cats", "Dogs"]


def test_each_takes_its_own_plan_file(site: Site) -> None:
    site.declare_projects(PROJECTS)
    for shard in ALL:
        planned_to(site, shard, f"{shard[0]}.json")

    assert [site.lsops("apply", "--shard", shard, "--plan", f"{shard[0]}.json").code for shard in ALL] == [0, 0, 0]

    assert site.planned() == []


@pytest.mark.parametrize(
    ("made", "given", "words"),
    [
        (("--shard", "3/3"), ("--shard", "2/3"), "made for shard 3/3, this is shard 2/3"),
        (("--shard", "3/3"), ("--shard", "3/4"), "made for shard 3/3, this is shard 3/4"),
        (("--shard", "3/3"), (), "made for shard 3/3, this is the whole manifest"),
        ((), ("--shard", "3/3"), "made for the whole manifest, this is shard 3/3"),
    ],
)
def test_the_plan_file_of_another_shard_is_refused(
    site: Site, made: tuple[str, ...], given: tuple[str, ...], words: str
) -> None:
    site.declare_projects(PROJECTS)
    site.lsops("plan", "--out", "plan.json", *made)

    ran = site.lsops("apply", "--plan", "plan.json", *given)

    assert (ran.code, words in ran.err) == (5, True)
    assert site.projects() == []


def test_a_plan_shown_together_can_be_applied_as_one(site: Site) -> None:
    site.declare_projects(PROJECTS)
    for shard in ALL:
        planned_to(site, shard, f"{shard[0]}.json")
    shown = site.lsops("show", "1.json", "2.json", "3.json", "--format", "json")
    site.lsops.write(shown.out, "whole.json")

    assert site.lsops("apply", "--plan", "whole.json").code == 0

    assert site.planned() == []


# ---- what waits for another shard ------------------------------------------------------------------


def test_a_change_waits_for_what_the_first_shard_makes(enterprise_site: Site) -> None:
    site = enterprise_site
    site.declare_projects({"Cats": {"workspace": "New", "views": {"One": {}}}}, workspaces={"New": {}})
    assert planned_to(site, "3/3") == ["/projects/Cats", "/projects/Cats/views/One"]

    early = site.lsops("apply", "--shard", "3/3", "--plan", "plan.json")

    assert early.code == 4
    assert "skipped /projects/Cats: /workspaces/New is another shard's to do, and not done yet" in early.out
    assert site.projects() == []
    assert site.apply("--shard", "1/3").code == 0
    assert site.lsops("apply", "--shard", "3/3", "--plan", "plan.json").code == 0
    assert site.planned() == []


def test_a_key_is_taken_only_when_another_shard_has_given_it_up(site: Site) -> None:
    site.declare_projects({"Cats": {"description": "old"}})
    site.settled()
    heir = {"description": "new", "lifecycle": {"new": True}}
    site.declare_projects({"Dogs": {"lifecycle": {"renamed_from": "Cats"}}, "Cats": heir})

    early = site.apply("--shard", "3/3")

    assert early.code == 4
    assert "skipped /projects/Cats: /projects/Dogs is another shard's to do" in early.out
    assert [site.apply("--shard", shard).code for shard in ("2/3", "3/3")] == [0, 0]
    assert site.planned() == []


def test_a_key_that_a_target_leaves_with_another_one_cannot_be_taken(site: Site) -> None:
    site.declare_projects({"Cats": {}})
    site.settled()
    site.declare_projects({"Dogs": {"lifecycle": {"renamed_from": "Cats"}}, "Cats": {"lifecycle": {"new": True}}})

    told = [site.refused("-t", "/projects/Cats", *flags) for flags in ((), ("--shard", "3/3"))]

    assert "LS505" in told[0]
    assert told[0] == told[1]


def test_what_a_target_names_is_made_and_told_by_the_shard_that_has_it(enterprise_site: Site) -> None:
    site = enterprise_site
    site.declare_projects({"Cats": {"workspace": "New"}}, workspaces={"New": {}})

    ran = [site.lsops("plan", "-t", "/projects/Cats", "--shard", shard, "--format", "json") for shard in ALL]

    planned = [[change["address"] for change in one.json()["changes"]] for one in ran]
    assert planned == [["/workspaces/New"], [], ["/projects/Cats"]]
    assert ["/workspaces/New is named by what a target covers" in one.err for one in ran] == [True, False, False]


def test_a_workspace_with_a_new_name_is_no_change_of_its_projects(enterprise_site: Site) -> None:
    site = enterprise_site
    site.declare_projects({"Cats": {}}, workspaces={"Radiology": {}})
    site.settled()
    site.declare_projects(
        {"Cats": {"workspace": "X-rays"}}, workspaces={"X-rays": {"lifecycle": {"renamed_from": "Radiology"}}}
    )

    assert site.planned("--shard", "3/3") == []
    assert site.planned("--shard", "1/3") == [("update", "/workspaces/X-rays")]


# ---- consent, policies, the lock -------------------------------------------------------------------


def test_prune_deletes_in_the_shard_of_the_title_with_its_own_consent(site: Site) -> None:
    site.declare_projects({**PROJECTS, "Toads": {}, "Newts": {}})
    site.settled()
    site.declare_projects(PROJECTS, prune=["projects"])

    assert site.apply("--shard", "2/3").code == 0
    assert site.apply("--shard", "3/3").code == 5
    assert site.apply("--shard", "3/3", "--allow-deletes", "1").code == 0

    assert sorted(row["title"] for row in site.projects()) == ["Birds", "Cats", "Dogs", "Newts"]


@needs_cel
def test_policies_judge_what_a_shard_has(site: Site) -> None:
    rule = "resource.kind == 'project' && resource.values.description == 'b'"
    site.declare_projects(PROJECTS, policies={"no-b": {"on": "resource", "deny": rule}})

    codes = [site.lsops("plan", "--shard", shard, "--detailed-exitcode").code for shard in ALL]

    assert codes == [2, 5, 2]


@needs_cel
def test_a_policy_on_the_plan_sees_that_of_the_shard(site: Site) -> None:
    rule = "size(plan.changes) > 1"
    site.declare_projects(PROJECTS, policies={"small": {"on": "plan", "deny": rule}})

    codes = [site.lsops("plan", "--shard", shard, "--detailed-exitcode").code for shard in ALL]

    assert codes == [2, 5, 5]


def test_a_shard_reads_the_lock_and_writes_none(site: Site) -> None:
    site.declare_projects(PROJECTS)
    site.settled()
    assert site.lsops("pin").code == 0
    before = (site.lsops.folder / "lsops.lock").read_bytes()
    number = site.project("Cats")["id"]
    site.api.patch(f"/api/projects/{number}/", json={"title": "Kittens"}).raise_for_status()
    site.declare_projects({**PROJECTS, "Bats": {}})

    assert site.apply("--shard", "3/3").code == 0

    assert (site.lsops.folder / "lsops.lock").read_bytes() == before
    assert sorted(row["title"] for row in site.projects()) == ["Bats", "Birds", "Cats", "Dogs"]
