"""`--shard i/n`: together the shards plan and apply what one run does, and each reads and writes its own."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.support.cli import Ran
from tests.support.site import Site

ALL = ("1/3", "2/3", "3/3")
PROJECTS: dict[str, Any] = {  # of three shards, the first has Birds and Foxes, the second Dogs, the third Cats and Owls
    "Cats": {"description": "a", "views": {"One": {}}, "webhooks": {"https://h.example.com/cats": {}}},
    "Dogs": {"description": "b", "webhooks": {"https://h.example.com/dogs": {}}},
    "Birds": {"description": "c", "views": {"One": {}, "Two": {}}},
    "Foxes": {"description": "d"},
    "Owls": {"description": "e"},
}
SETTINGS = {"session_policy": {"max_session_age": 9000}}


def told(ran: Ran) -> dict[str, Any]:
    """What a document says, in whatever order: changes by address, lists sorted."""
    document = ran.json()
    changes = {change["address"]: change for change in document["changes"]}
    lists = {name: sorted(document.get(name, ())) for name in ("pending", "unmanaged", "left_out")}
    return {**lists, "summary": document["summary"], "changes": changes, "count": len(document["changes"])}


def saved(site: Site, *flags: str) -> list[str]:
    """The plan files of all three shards."""
    files = [f"plan-{shard[0]}.json" for shard in ALL]
    for shard, file in zip(ALL, files, strict=True):
        ran = site.lsops("plan", "--shard", shard, "--out", file, *flags)
        assert ran.code == 0, ran
    return files


def lived_in(site: Site, **top: Any) -> None:
    """The projects as they are declared and then as somebody left them, with two that nobody declared."""
    site.declare_projects(PROJECTS, **SETTINGS, **top)
    site.settled()
    for title in ("Toads", "Newts"):
        body = {"title": title, **({"workspace": site.workspace} if site.workspace else {})}
        site.api.post("/api/projects/", json=body).raise_for_status()
    for title in ("Cats", "Birds"):
        number = site.project(title)["id"]
        site.api.patch(f"/api/projects/{number}/", json={"description": "by hand"}).raise_for_status()


def everything(site: Site) -> None:
    """A manifest that creates, updates, renames and deletes in all shards."""
    lived_in(site, **(WORKSPACES if site.edition == "enterprise" else {}))
    more = {
        "Bats": {"views": {"One": {}}},
        "Ants": {},
        "Hounds": {"description": "b", "lifecycle": {"renamed_from": "Dogs"}},
    }
    projects = {name: one for name, one in PROJECTS.items() if name != "Dogs"}
    projects["Owls"] = {"lifecycle": {"absent": True}}
    projects["Cats"] = {"description": "a", "views": {}, "webhooks": {}}
    top: dict[str, Any] = {"prune": ["projects", "projects/*/webhooks"], **SETTINGS}
    if site.edition == "enterprise":
        top["prune"] += ["workspaces"]
        top |= {
            "workspaces": {"X-rays": {"lifecycle": {"renamed_from": "Radiology"}}, "New": {}},
            "members": {"new@example.com": {"role": "annotator"}},
        }
        projects = {name: {"workspace": "X-rays", **one} for name, one in projects.items()}
        more["Bats"] |= {"workspace": "New", "members": {"new@example.com": {}}}
        more["Ants"] |= {"workspace": "New"}
        more["Hounds"] |= {"workspace": "X-rays"}
    site.declare_projects({**projects, **more}, **top)


WORKSPACES = {"workspaces": {"Radiology": {}}}


# ---- planning --------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["plan", "drift"])
def test_the_shards_together_say_what_one_run_says(site: Site, verb: str) -> None:
    everything(site)
    whole = told(site.lsops(verb, "--format", "json"))

    parts = [told(site.lsops(verb, "--format", "json", "--shard", shard)) for shard in ALL]

    assert sum(one["count"] for one in parts) == whole["count"] > 8
    assert {at: change for one in parts for at, change in one["changes"].items()} == whole["changes"]
    assert sum((Counter(one["summary"]) for one in parts), Counter()) == Counter(whole["summary"])
    for name in ("pending", "unmanaged", "left_out"):
        assert sorted(address for one in parts for address in one[name]) == whole[name]


def test_shown_together_they_are_the_plan(site: Site) -> None:
    everything(site)
    site.lsops.setenv(SOURCE_DATE_EPOCH="1795262400")
    files = saved(site)

    shown = site.lsops("show", *reversed(files), "--format", "json").json()

    assert {**shown, "changes": 0} == {**site.lsops("plan", "--format", "json").json(), "changes": 0}


@pytest.mark.parametrize(
    "flags", [("-t", "/projects/Cats"), ("--skip", "projects/*/views"), ("-t", "/projects/*/views")]
)
def test_targets_and_skip_divide_alike(site: Site, flags: tuple[str, ...]) -> None:
    everything(site)
    whole = told(site.lsops("plan", "--format", "json", *flags))

    parts = [told(site.lsops("plan", "--format", "json", "--shard", shard, *flags)) for shard in ALL]

    assert {at: change for one in parts for at, change in one["changes"].items()} == whole["changes"]
    assert sorted(address for one in parts for address in one["left_out"]) == whole["left_out"]


def test_a_target_that_only_another_shard_has_is_no_mistake_and_one_that_nobody_has_is(site: Site) -> None:
    site.declare_projects(PROJECTS)

    assert site.planned("--shard", "2/3", "-t", "/projects/Cats") == []
    assert site.planned("--shard", "2/3", "--resend-secrets", "/projects/Cats") != []
    assert "LS606" in site.refused("--shard", "2/3", "-t", "/projects/Cows")


def test_a_shard_reads_the_children_of_its_own_projects_alone(site: Site) -> None:
    storages = {"raw": {"type": "s3", "bucket": "b"}}
    site.declare_projects({name: {"import_storages": storages} for name in PROJECTS})
    site.settled()
    site.watch.requests.clear()

    assert site.planned("--shard", "2/3") == []

    asked = [one.query.get("project") for one in site.watch.requests if "storages" in one.path]
    assert asked == [str(site.project("Dogs")["id"])]


def test_a_warning_is_told_by_the_shard_that_it_is_about(site: Site) -> None:
    twice = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="A"/></Choices></View>'
    site.declare_projects({"Cats": {"label_config": twice}, "Dogs": {}})

    told = [site.lsops("plan", "--shard", shard, "--format", "json").json()["warnings"] for shard in ALL]

    assert [{one["address"] for one in some} for some in told] == [set(), set(), {"/projects/Cats"}]
    assert told[2] == site.lsops("plan", "--format", "json").json()["warnings"]


def test_what_is_no_project_belongs_to_the_first_shard(site: Site) -> None:
    site.declare_projects(PROJECTS, **SETTINGS)

    homes = {shard: {at for _, at in site.planned("--shard", shard)} for shard in ALL}

    assert [shard for shard in ALL if "/session_policy" in homes[shard]] == ["1/3"]
    assert "/projects/Dogs" in homes["2/3"]
    assert "/projects/Dogs/webhooks/https:~1~1h.example.com~1dogs" in homes["2/3"]


def test_a_look_alike_is_seen_whatever_shard_it_is_of(site: Site) -> None:
    config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
    entry = {"label_config": config, "description": "X-rays", "maximum_annotations": 2}
    site.declare_projects({"Triage": entry})
    site.settled()
    number = site.project()["id"]
    site.api.post(f"/api/projects/{number}/import", json=[{"data": {"t": "a"}}]).raise_for_status()
    site.api.patch(f"/api/projects/{number}/", json={"title": "Production"}).raise_for_status()

    ran = site.apply("--shard", "2/3")  # Production is of the third

    assert (ran.code, "LS508" in ran.err) == (5, True)


# ---- beside a base ---------------------------------------------------------------------------------


def test_a_diff_divides_alike(site: Site) -> None:
    everything(site)
    (site.lsops.folder / "old").mkdir()
    old = {"version": 1, "projects": {**PROJECTS, "Toads": {}, "Newts": {}}}
    site.lsops.write(json.dumps(old), "old/lsops.yaml")
    whole = told(site.lsops("diff", "--base", "./old", "--format", "json"))

    parts = [told(site.lsops("diff", "--base", "./old", "--format", "json", "--shard", shard)) for shard in ALL]

    assert {at: change for one in parts for at, change in one["changes"].items()} == whole["changes"]
    assert sum(one["count"] for one in parts) == whole["count"] > 3
    assert sorted(address for one in parts for address in one["unmanaged"]) == whole["unmanaged"]


@pytest.mark.parametrize("flags", [(), ("--only-changed",)])
def test_origins_and_only_changed_divide_alike(site: Site, flags: tuple[str, ...]) -> None:
    everything(site)
    (site.lsops.folder / "old").mkdir()
    site.lsops.write(json.dumps({"version": 1, "projects": PROJECTS}), "old/lsops.yaml")
    asked = ("plan", "--base", "./old", "--format", "json", *flags)
    whole = told(site.lsops(*asked))

    parts = [told(site.lsops(*asked, "--shard", shard)) for shard in ALL]

    assert {at: change for one in parts for at, change in one["changes"].items()} == whole["changes"]
    assert sum(one["count"] for one in parts) == whole["count"] > 3


# ---- what it costs ---------------------------------------------------------------------------------


def test_a_shard_asks_for_its_own_children_and_once_for_what_all_need(site: Site) -> None:
    storages = {"raw": {"type": "s3", "bucket": "b"}}
    site.declare_projects({f"Project {number}": {"import_storages": storages} for number in range(24)})
    site.settled()
    asked: dict[str, Counter[str]] = {}
    for shard in (*ALL, "1/1"):
        site.watch.requests.clear()
        assert site.planned("--shard", shard) == []
        asked[shard] = Counter("storages" if "storages" in one.path else one.path for one in site.watch.requests)

    whole = asked.pop("1/1")
    assert sum(one["storages"] for one in asked.values()) == whole["storages"] == 24
    assert all({**one, "storages": 0} == {**whole, "storages": 0} for one in asked.values())
