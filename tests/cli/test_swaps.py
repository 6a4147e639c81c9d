"""Names that go round in a circle, where the server takes no second one of a name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops
from tests.support.sandbox import client_of
from tests.support.site import Site
from tests.support.storage_values import CASES, Case, manifest

TITLES = {
    **dict.fromkeys(("project-title", "workspace-title", "storage-title", "template-name"), "unique"),
    "storage-patch": "whole",
}
TAGS = "/api/organizations/1/member-tags"
LISTS = {
    "member_tags": (TAGS, "label"),
    "workspaces": ("/api/workspaces/", "title"),
    "projects": ("/api/projects/", "title"),
    "project_templates": ("/api/project-templates/", "name"),
    "dimensions": ("/api/projects/{home}/dimensions/", "name"),
    "import_storages": ("/api/storages/s3/?project={home}", "title"),
    "export_storages": ("/api/storages/export/s3?project={home}", "title"),
}
Ids = dict[str, dict[str, int]]


@pytest.fixture
def strict(lsops: Lsops) -> Iterator[Site]:
    """An Enterprise sandbox that refuses a second one of any name."""
    with client_of(lsops.folder / DATABASE, edition="enterprise", unknown=TITLES) as api:
        lsops.setenv(LSOPS_SERVER=f"sandbox:{DATABASE}")
        yield Site.of(lsops, api, "enterprise", lsops.folder / DATABASE)


def live(api: httpx.Client) -> Ids:
    """The ids by name, of each collection."""

    def ids(path: str, key: str) -> dict[str, int]:
        found = api.get(path).raise_for_status().json()
        return {row[key]: row["id"] for row in (found if isinstance(found, list) else found["results"])}

    home = ids(*LISTS["projects"])["Home"]
    return {name: ids(path.format(home=home), key) for name, (path, key) in LISTS.items()}


def declare(lsops: Lsops, names: tuple[str, ...], pins: Ids) -> None:
    """Resources of these names in every collection, each pinned to an id where there is one."""

    def entries(kind: str, **values: Any) -> dict[str, Any]:
        numbers = pins.get(kind, {})
        rules = {name: {"lifecycle": {"id": numbers[name]}} if name in numbers else {} for name in names}
        return {name: {**values, **rule} for name, rule in rules.items()}

    storage = {"type": "s3", "bucket": "scans"}
    stored = {kind: entries(kind, **storage) for kind in ("import_storages", "export_storages")}
    dimensions = entries("dimensions", extraction_method="control_tag")
    manifest = {
        "version": 1,
        "member_tags": entries("member_tags"),
        "workspaces": {"Keep": {}, **entries("workspaces")},
        "projects": {
            "Home": {"workspace": "Keep", "dimensions": dimensions, **stored},
            **entries("projects", workspace="Keep"),
        },
        "project_templates": entries("project_templates", project="Home"),
    }
    lsops.write(json.dumps(manifest))


def declare_tags(lsops: Lsops, rules: dict[str, dict[str, Any]]) -> None:
    lsops.write(json.dumps({"version": 1, "member_tags": {name: {"lifecycle": one} for name, one in rules.items()}}))


def tags(api: httpx.Client) -> dict[int, str]:
    return {row["id"]: row["label"] for row in api.get(TAGS).json()["results"]}


def swapped_tags(site: Site, *names: str) -> dict[int, str]:
    """Live tags, and a manifest in which each has the name of the next; what they are to be called."""
    ids = {name: site.api.post(TAGS, json={"label": name}).json()["id"] for name in names}
    later = dict(zip(names, (*names[1:], names[0]), strict=True))
    declare_tags(site.lsops, {new: {"id": ids[old]} for old, new in later.items()})
    return {ids[old]: new for old, new in later.items()}


@pytest.mark.parametrize("names", [("Alpha", "Beta"), ("Alpha", "Beta", "Gamma")], ids=len)
def test_a_circle_of_names_goes_through_another_one_in_every_collection(strict: Site, names: tuple[str, ...]) -> None:
    declare(strict.lsops, names, {})
    strict.settled()
    before = live(strict.api)
    shifted = {
        kind: {old: ids[new] for old, new in zip(names, (*names[1:], names[0]), strict=True)}
        for kind, ids in before.items()
    }
    declare(strict.lsops, names, shifted)
    said = strict.settled()
    assert f"0 created, {len(names) * len(LISTS)} updated, 0 replaced, 0 deleted" in said
    assert {kind: {name: ids[name] for name in names} for kind, ids in live(strict.api).items()} == shifted


def test_the_plan_says_which_one_is_called_otherwise_meanwhile(strict: Site) -> None:
    swapped_tags(strict, "Alpha", "Beta")
    planned = strict.lsops("plan", "--format", "json").json()
    steps = [(one["address"], one["fields"][0]["after"], one["requires"]) for one in planned["changes"]]
    assert steps == [
        ("/member_tags/Alpha/label", "lsops swap 2", []),
        ("/member_tags/Beta", "Beta", ["/member_tags/Alpha/label"]),
        ("/member_tags/Alpha", "Alpha", ["/member_tags/Beta"]),
    ]
    assert planned["summary"]["update"] == 2
    shown = strict.lsops("plan").out
    assert 'goes by "lsops swap 2" until /member_tags/Beta is done' in shown
    assert shown.count("label:") == 2


@pytest.mark.parametrize("case", [case for case in CASES if case.type in ("redis", "azure_spi")], ids=str)
def test_a_storage_that_steps_aside_is_sent_all_that_its_updates_need(strict: Site, case: Case) -> None:
    strict.lsops.setenv(**case.environment("first"))
    names = ("Alpha", "Beta")
    strict.lsops.write(
        manifest(case.side, dict.fromkeys(names, case.entry), workspace="Keep", more="workspaces: {Keep: {}}")
    )
    strict.settled()
    path = f"{case.list_path}?project=1"
    ids = {row["title"]: row["id"] for row in strict.api.get(path).json()}
    pinned = {new: {**case.entry, "lifecycle": {"id": ids[old]}} for new, old in zip(names, names[::-1], strict=True)}
    strict.lsops.write(manifest(case.side, pinned, workspace="Keep", more="workspaces: {Keep: {}}"))
    strict.settled()
    assert {row["title"]: row["id"] for row in strict.api.get(path).json()} == {
        new: ids[old] for new, old in zip(names, names[::-1], strict=True)
    }


@pytest.mark.parametrize("ends_after", [1, 2, 3])
def test_a_circle_that_was_cut_short_ends_right_with_the_next_apply(strict: Site, ends_after: int) -> None:
    wanted = swapped_tags(strict, "Alpha", "Beta", "Gamma")
    strict.watch.instead = lambda request: (
        httpx.Response(403, json={"detail": "no"})
        if request.method == "PATCH" and len([one for one in strict.watch.writes() if "PATCH" in one]) > ends_after
        else None
    )
    assert strict.apply().code == 4
    assert "lsops swap" in "".join(tags(strict.api).values())
    strict.watch.instead = lambda request: None
    strict.settled()
    assert tags(strict.api) == wanted


def test_the_one_that_is_found_by_its_id_steps_aside_where_another_is_found_by_its_name(strict: Site) -> None:
    ids = {name: strict.api.post(TAGS, json={"label": name}).json()["id"] for name in ("Alpha", "Beta")}
    declare_tags(strict.lsops, {"Alpha": {"renamed_from": "Beta"}, "Beta": {"id": ids["Alpha"]}})
    strict.watch.instead = lambda request: (
        httpx.Response(403, json={"detail": "no"})
        if request.method == "PATCH" and request.url.path.endswith(str(ids["Beta"]))
        else None
    )
    assert strict.apply().code == 4
    assert tags(strict.api) == {ids["Alpha"]: f"lsops swap {ids['Alpha']}", ids["Beta"]: "Beta"}
    strict.watch.instead = lambda request: None
    strict.settled()
    assert tags(strict.api) == {ids["Alpha"]: "Beta", ids["Beta"]: "Alpha"}


def test_a_name_that_somebody_has_is_not_taken_for_the_time_between(strict: Site) -> None:
    wanted = swapped_tags(strict, "Alpha", "Beta")
    taken = strict.api.post(TAGS, json={"label": "lsops swap 2"}).json()["id"]
    assert 'goes by "lsops swap 2 (2)"' in strict.lsops("plan").out
    assert strict.apply().code == 0
    assert tags(strict.api) == {**wanted, taken: "lsops swap 2"}


def test_a_target_that_leaves_out_one_of_the_circle_is_refused(strict: Site) -> None:
    swapped_tags(strict, "Alpha", "Beta")
    said = strict.refused("-t", "/member_tags/Alpha")
    assert "this takes the label that /member_tags/Beta gives up, which is left out of this plan" in said
    assert "plan both: add -t /member_tags/Beta" in said


def test_a_saved_plan_of_a_circle_is_applied_and_none_without_the_step_aside(strict: Site) -> None:
    wanted = swapped_tags(strict, "Alpha", "Beta")
    assert strict.lsops("plan", "--out", "plan.json").code == 0
    saved = json.loads((strict.lsops.folder / "plan.json").read_text("utf-8"))
    strict.lsops.write(json.dumps({**saved, "changes": saved["changes"][1:]}), "old.json")
    refused = strict.apply("--plan", "old.json")
    assert (refused.code, "takes a key that /member_tags/Alpha/label has now" in refused.err) == (5, True)
    strict.settled("--plan", "plan.json")
    assert tags(strict.api) == wanted


def test_drift_is_what_differs_and_no_step_towards_it(strict: Site) -> None:
    swapped_tags(strict, "Alpha", "Beta")
    told = strict.lsops("drift").out
    assert "lsops swap" not in told
    assert "Drift: 2 differences (2 changed, 0 missing, 0 unwanted)" in told


def test_a_circle_through_two_shards_ends_when_each_has_run_again(strict: Site) -> None:
    workspace = strict.api.post("/api/workspaces/", json={"title": "Radiology"}).json()["id"]
    ids = {
        title: strict.api.post("/api/projects/", json={"title": title, "workspace": workspace}).json()["id"]
        for title in ("Cats", "Dogs")
    }
    strict.declare_projects({"Cats": {"lifecycle": {"id": ids["Dogs"]}}, "Dogs": {"lifecycle": {"id": ids["Cats"]}}})
    codes = [strict.apply("--shard", shard).code for shard in ("2/3", "3/3", "2/3", "3/3")]
    assert codes[-1] == 0
    assert {row["title"]: row["id"] for row in strict.projects()} == {"Cats": ids["Dogs"], "Dogs": ids["Cats"]}
    assert strict.planned() == []


def test_names_that_were_swapped_by_hand_are_swapped_back_by_the_lock(strict: Site) -> None:
    declare_tags(strict.lsops, {"Alpha": {}, "Beta": {}})
    strict.settled()
    before = tags(strict.api)
    assert strict.lsops("pin").code == 0
    for number, label in ((1, "between"), (2, before[1]), (1, before[2])):
        strict.api.patch(f"{TAGS}/{number}", json={"label": label}).raise_for_status()
    assert tags(strict.api) != before
    strict.settled()
    assert tags(strict.api) == before


def test_where_two_may_have_one_name_nobody_steps_aside(site: Site) -> None:
    site.declare({"views": {"Alpha": {}, "Beta": {}}})
    site.settled()
    ids = {row["data"]["title"]: row["id"] for row in site.rows("views")}
    site.declare({"views": {"Alpha": {"lifecycle": {"id": ids["Beta"]}}, "Beta": {"lifecycle": {"id": ids["Alpha"]}}}})
    assert sorted(site.planned()) == [
        ("update", "/projects/Triage/views/Alpha"),
        ("update", "/projects/Triage/views/Beta"),
    ]
