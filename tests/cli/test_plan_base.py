"""`plan --base`: what the branch changes is told from what drifted; `--only-changed` looks at nothing else."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.support.cli import Lsops, Ran
from tests.support.git_repo import GitRepo

CONFIG = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
PROJECTS: dict[str, Any] = {
    "Cats": {"workspace": "W", "description": "one", "maximum_annotations": 1, "label_config": CONFIG,
             "import_storages": {"raw": {"type": "s3", "bucket": "b"}},
             "webhooks": {"https://hooks.example.com/a": {}, "https://hooks.example.com/b": {}}},
    "Dogs": {"workspace": "W", "description": "two"},
    "Birds": {"workspace": "W", "description": "three"},
}  # fmt: skip


class Site:
    """A repository whose `main` was applied to a sandbox, with a branch checked out; `other` writes the live side."""

    def __init__(self, lsops: Lsops, manifest: dict[str, Any]) -> None:
        self.lsops, self.repo = lsops, GitRepo.made(lsops.folder / "repo")
        lsops.monkeypatch.chdir(self.repo.folder)
        self.repo.write(".lsops\nlive.json\n", ".gitignore")
        self.declare(manifest)
        self.repo.commit()
        self.repo.branch()
        self.live(manifest)

    def declare(self, manifest: dict[str, Any], name: str = "lsops.yaml") -> None:
        self.repo.write(json.dumps({"version": 1, "workspaces": {"W": {}}, **manifest}), name)

    def live(self, manifest: dict[str, Any]) -> None:
        """Make the server as that, as somebody else would."""
        self.declare(manifest, "live.json")
        ran = self.lsops("apply", "live.json", "-s", "sandbox:", "--yes", "--allow-deletes", "9", "-q")
        assert ran.code == 0, ran.err

    def plan(self, *flags: str, base: str = "main") -> Ran:
        ran = self.lsops("plan", "-s", "sandbox:", "--base", base, "--format", "json", *flags)
        assert ran.code == 0, ran.err
        return ran

    def changes(self, *flags: str) -> dict[str, dict[str, Any]]:
        return {change["address"]: change for change in self.plan(*flags).json()["changes"]}

    def origins(self, *flags: str) -> dict[str, str]:
        return {address: change["origin"] for address, change in self.changes(*flags).items()}


def edited(old: dict[str, Any] = PROJECTS, /, **projects: dict[str, Any]) -> dict[str, Any]:
    """A manifest with some fields of its projects otherwise."""
    return {"projects": {**old, **{name: {**old.get(name, {}), **fields} for name, fields in projects.items()}}}


@pytest.fixture
def site(lsops: Lsops) -> Site:
    return Site(lsops, edited())


def test_each_change_says_where_it_comes_from(site: Site) -> None:
    site.live(edited(Cats={"description": "by hand"}, Dogs={"description": "by hand"}))
    site.declare(edited(Cats={"maximum_annotations": 2}, Birds={"description": "new"}))
    assert site.origins() == {"/projects/Cats": "both", "/projects/Dogs": "drift", "/projects/Birds": "branch"}


def test_a_field_that_only_the_base_declares_is_read_for_it(site: Site) -> None:
    """Community is asked for the fields that are declared, and no others."""
    site.live(edited(Dogs={"description": "by hand", "show_instruction": True}))
    dogs = {"workspace": "W", "description": "two"}
    site.declare({"projects": {**PROJECTS, "Dogs": dogs}})
    assert site.origins() == {"/projects/Dogs": "drift"}


def test_a_rename_is_the_branchs_and_what_drifted_below_it_is_drift(site: Site) -> None:
    site.live(edited(Cats={"import_storages": {"raw": {"type": "s3", "bucket": "moved"}}}))
    cats = {**PROJECTS["Cats"], "lifecycle": {"renamed_from": "Cats"}}
    site.declare({"projects": {"Tigers": cats, **{name: PROJECTS[name] for name in ("Dogs", "Birds")}}})
    assert site.origins() == {"/projects/Tigers": "branch", "/projects/Tigers/import_storages/raw": "drift"}


def test_what_the_branch_no_longer_declares_is_its_delete_and_what_nobody_declared_is_drift(site: Site) -> None:
    hooks = {"https://hooks.example.com/a": {}}
    prune = {"prune": ["projects/*/webhooks"]}
    site.declare({**edited(), **prune})
    site.repo.commit()
    site.repo.git("branch", "-f", "main")
    site.live(edited(Cats={"webhooks": {"https://hooks.example.com/c": {}}}))
    site.declare({**edited(Cats={"webhooks": hooks}), **prune})
    where = "/projects/Cats/webhooks/https:~1~1hooks.example.com~1"
    assert site.origins() == {f"{where}b": "branch", f"{where}c": "drift"}
    assert site.origins("--only-changed") == {f"{where}b": "branch"}


def test_an_origin_is_saved_and_read_back_and_does_not_decide_whether_a_plan_fits(site: Site) -> None:
    site.live(edited(Dogs={"description": "by hand"}))
    site.plan("--out", "plan.json")
    assert site.lsops("show", "plan.json", "--format", "json").json()["changes"][0]["origin"] == "drift"
    assert site.lsops("apply", "-s", "sandbox:", "--plan", "plan.json").code == 0


def test_a_base_that_cannot_be_planned_is_a_warning_and_marks_nothing(site: Site) -> None:
    site.declare(edited(Dogs={"lifecycle": {"id": 77}}))
    site.repo.commit()
    site.repo.git("branch", "-f", "main")
    site.declare(edited(Dogs={"description": "new"}))
    document = site.plan().json()
    assert "origin" not in document["changes"][0]
    (warning,) = document["warnings"]
    assert warning["code"] == "LS614"
    assert "pins 77, which does not exist or cannot be seen at main:lsops.yaml:1:" in warning["message"]


def test_without_a_base_no_change_says_where_it_comes_from(site: Site) -> None:
    site.declare(edited(Dogs={"description": "new"}))
    document = site.lsops("plan", "-s", "sandbox:", "--format", "json").json()
    assert "base" not in document
    assert "origin" not in document["changes"][0]


def test_only_changed_needs_a_base(site: Site) -> None:
    ran = site.lsops("plan", "-s", "sandbox:", "--only-changed")
    assert (ran.code, "--only-changed needs something to compare with" in ran.err) == (3, True)


# ---- only what changed -------------------------------------------------------------------------


def requests(ran: Ran) -> list[str]:
    return [row.split(": ")[0] for row in ran.err.splitlines() if row.startswith("GET ")]


def test_where_nothing_differs_nothing_is_read(site: Site) -> None:
    site.live(edited(Dogs={"description": "by hand"}))
    ran = site.plan("--only-changed", "-vv")
    assert ran.json()["changes"] == []
    assert len(requests(ran)) == 2
    assert "only what differs from main is planned: whether anything else drifted is not looked at" in ran.err


def test_what_is_left_out_is_said_in_the_plan(site: Site) -> None:
    site.declare(edited(Dogs={"description": "new"}))
    out = site.lsops("plan", "-s", "sandbox:", "--base", "main", "--only-changed", "--format", "markdown").out
    assert "as in what was compared with (--base), or left out: whether they drifted was not looked at" in out
    document = site.plan("--only-changed").json()
    assert document["base"] == {"name": "main", "only_changed": True}
    assert "/projects/Birds" in document["left_out"]


@pytest.fixture
def many(lsops: Lsops) -> Site:
    """Five hundred declared projects, of which the server has those that a test asks for."""
    some = {f"Project {number:03}": {"workspace": "W", "description": "d"} for number in range(500)}
    site = Site.__new__(Site)
    site.lsops, site.repo = lsops, GitRepo.made(lsops.folder / "repo")
    lsops.monkeypatch.chdir(site.repo.folder)
    site.declare({"projects": some})
    site.repo.commit()
    site.repo.branch()
    shown = ("Project 007", "Project 0077", "project 007", "Old Project 007", "Project 008")
    site.live({"projects": {name: {"workspace": "W", "description": "d"} for name in shown}})
    return site


def of_many(**changed: dict[str, Any]) -> dict[str, Any]:
    plain = {f"Project {number:03}": {"workspace": "W", "description": "d"} for number in range(500)}
    return {"projects": {**plain, **{name.replace("_", " "): fields for name, fields in changed.items()}}}


def test_one_changed_project_of_five_hundred_takes_a_handful_of_requests(many: Site) -> None:
    storages = {"raw": {"type": "s3", "bucket": "b"}}
    many.declare(of_many(Project_007={"workspace": "W", "description": "new", "import_storages": storages}))
    ran = many.plan("--only-changed", "-vv")
    assert [change["address"] for change in ran.json()["changes"]] == [
        "/projects/Project 007", "/projects/Project 007/import_storages/raw",
    ]  # fmt: skip
    assert len(requests(ran)) <= 6


def test_two_live_projects_of_one_title_are_found_out_by_the_short_way_too(many: Site) -> None:
    twin = {"title": "Project 007", "workspace": "W", "lifecycle": {"new": True}}
    many.live({"workspaces": {"W": {}, "V": {}}, "projects": {
        "Project 007": {"workspace": "W"}, "twin": {**twin, "workspace": "V"},
    }})  # fmt: skip
    many.declare(of_many(Project_007={"description": "new"}))
    ran = many.lsops("plan", "-s", "sandbox:", "--base", "main", "--only-changed")
    assert ran.code == 3
    assert 'error[LS502]: 2 live projects are called "Project 007"' in ran.err


def test_a_new_project_is_looked_for_in_the_whole_list(many: Site) -> None:
    """It may be what somebody else made or renamed, which no question for its title would tell."""
    many.declare(of_many(PROJECT_007={"workspace": "W", "description": "new"}))
    (change,) = many.changes("--only-changed").values()
    assert change["action"] == "create"
    assert "project 007" in change["warnings"][0]


def test_a_pinned_and_a_renamed_project_are_found_by_the_short_way(many: Site) -> None:
    known = many.lsops("plan", "-s", "sandbox:", "-t", "/projects/Project 008", "--format", "json").json()
    assert known["changes"] == []
    many.declare(of_many(Project_008={"workspace": "W", "description": "d", "title": "Other", "lifecycle": {"id": 5}},
                         Project_007={"workspace": "W", "description": "new", "title": "Newer",
                                      "lifecycle": {"renamed_from": "Project 007"}}))  # fmt: skip
    ran = many.plan("--only-changed", "-vv")
    assert {change["address"]: change["action"] for change in ran.json()["changes"]} == {
        "/projects/Project 007": "update", "/projects/Project 008": "update",
    }  # fmt: skip
    assert len(requests(ran)) <= 7


def _shuffled(chance: random.Random, some: dict[str, Any]) -> dict[str, Any]:
    """The projects with some of their parts otherwise, gone or new, as people edit them."""
    found: dict[str, Any] = {}
    for name, fields in some.items():
        kept = dict(fields)
        if chance.random() < 0.3:
            kept["description"] = chance.choice(["one", "two", "other"])
        if chance.random() < 0.3:
            kept["import_storages"] = {"raw": {"type": "s3", "bucket": chance.choice("bcd")}}
        if chance.random() < 0.4:
            urls = chance.sample("abcd", chance.randint(0, 3))
            kept["webhooks"] = {f"https://hooks.example.com/{one}": {} for one in urls}
        if chance.random() < 0.8 or name == "Cats":
            found[name] = kept
    if chance.random() < 0.4:
        found["Bees"] = {"workspace": "W", "description": "four", "webhooks": {}}
    return found


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 24])
def test_what_is_planned_of_the_changed_is_what_the_whole_plan_has_there(site: Site, seed: int) -> None:
    chance = random.Random(seed)  # no secret
    prune = {"prune": chance.choice([[], ["projects/*/webhooks"], ["projects/*/webhooks", "projects"]])}
    site.declare({"projects": _shuffled(chance, PROJECTS), **prune})
    site.repo.commit()
    site.repo.git("branch", "-f", "main")
    site.live({"projects": _shuffled(chance, PROJECTS)})
    site.declare({"projects": _shuffled(chance, PROJECTS), **prune})
    whole, some = site.changes(), site.changes("--only-changed")
    assert {address: whole[address] for address in some} == some
    missed = {address for address, change in whole.items() if change["origin"] != "drift"} - some.keys()
    assert not missed, "what the branch changes is planned"
