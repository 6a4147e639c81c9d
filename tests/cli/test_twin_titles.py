"""Two projects of one title, and two live resources of one key that are pinned."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import yaml

from tests.support.cli import Lsops
from tests.support.site import Site
from tests.support.sorts import SORTS, Sort

every_sort = pytest.mark.parametrize("sort", SORTS, ids=str)


def rows(api: httpx.Client) -> list[dict[str, Any]]:
    """All projects."""
    return list(api.get("/api/projects/").raise_for_status().json()["results"])


def test_two_projects_of_one_title_in_two_workspaces_are_two(lsops: Lsops, enterprise: httpx.Client) -> None:
    entries = {f"cats-{place}": {"title": "Cats", "workspace": place} for place in ("Radiology", "Pathology")}
    lsops.write(_projects(entries))
    assert "2 created" in lsops("apply", "--yes").out
    assert "No changes" in lsops("plan").last
    lsops.write(_projects({**entries, "cats-Pathology": {**entries["cats-Pathology"], "description": "tissue"}}))
    assert "0 created, 1 updated" in lsops("apply", "--yes").out
    titles = {one["id"]: one["title"] for one in enterprise.get("/api/workspaces/").json()}
    described = {titles[row["workspace"]]: row["description"] for row in rows(enterprise)}
    assert (described["Pathology"], described["Radiology"] or "") == ("tissue", "")


def test_two_of_one_title_where_one_says_no_workspace_are_an_error(lsops: Lsops) -> None:
    lsops.write(_projects({"a": {"title": "Cats", "workspace": "Radiology"}, "b": {"title": "Cats"}}))
    said = lsops("validate").err
    assert "error[LS501]" in said
    assert "lifecycle: {id: N, ignore: [title]} and no title of its own" in said


def test_two_of_one_title_in_one_workspace_are_an_error(lsops: Lsops) -> None:
    lsops.write(_projects({name: {"title": "Cats", "workspace": "Radiology"} for name in "ab"}))
    assert "error[LS501]" in lsops("validate").err


def test_a_second_of_one_title_elsewhere_is_made_and_the_first_not_moved(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    lsops.write(_projects({"Cats": {"workspace": "Radiology"}}))
    assert lsops("apply", "--yes").code == 0
    (first,) = rows(enterprise)
    lsops.write(_projects({"Cats": {"workspace": "Radiology"}, "more": {"title": "Cats", "workspace": "Pathology"}}))
    assert "1 created, 0 updated" in lsops("apply", "--yes").out
    found = {row["id"]: row["workspace"] for row in rows(enterprise)}
    assert found.pop(first["id"]) == first["workspace"]
    assert len(found) == 1


def test_what_stands_in_two_of_one_title_in_renamed_workspaces_is_found(lsops: Lsops, enterprise: httpx.Client) -> None:
    del enterprise
    hooks = {"webhooks": {"https://hooks.example.com/ls": {}}}
    entries = {
        f"cats-{n}": {"title": "Cats", "workspace": place, **hooks} for n, place in enumerate(("First", "Second"))
    }
    _enterprise(lsops, {"First": {}, "Second": {}}, entries)
    assert lsops("apply", "--yes").code == 0
    renamed = {"Third": {"lifecycle": {"renamed_from": "First"}}, "Second": {}}
    _enterprise(lsops, renamed, {**entries, "cats-0": {**entries["cats-0"], "workspace": "Third"}})
    assert "Plan: 0 to create, 1 to update, 0 to replace, 0 to delete." in lsops("plan").out


@every_sort
def test_two_live_ones_of_one_key_are_pinned_without_renaming_either(site: Site, sort: Sort) -> None:
    sort.applied(site, "one")
    numbers = sort.id(site), sort.make(site, "one")
    key = "url" if sort.collection == "webhooks" else "title"
    words = ("first", "second")
    sort.declare(site, {w: sort.entry(id=n, ignore=[key]) for w, n in zip(words, numbers, strict=True)})
    site.unchanged()
    sort.declare(site, {w: sort.entry(1, id=n, ignore=[key]) for w, n in zip(words, numbers, strict=True)})
    site.settled()
    assert sort.live(site) == dict.fromkeys(numbers, sort.value(1))
    assert sort.keys(site) == sort.names("one", "one")


def _projects(entries: dict[str, Any]) -> str:
    return yaml.safe_dump({"version": 1, "projects": entries}, sort_keys=False)


def _enterprise(lsops: Lsops, workspaces: dict[str, Any], entries: dict[str, Any]) -> None:
    lsops.write(json.dumps({"version": 1, "workspaces": workspaces, "projects": entries}))


def test_a_new_one_whose_name_was_handed_on_needs_a_workspace(lsops: Lsops, enterprise: httpx.Client) -> None:
    del enterprise
    lsops.write(_projects({"Cats": {"workspace": "Radiology"}}))
    assert lsops("apply", "--yes").code == 0
    moved = {"Dogs": {"lifecycle": {"renamed_from": "Cats"}}}
    lsops.write(_projects({**moved, "Cats": {"lifecycle": {"new": True}}}))
    assert "on Enterprise a new project needs a workspace" in lsops("plan").err
    lsops.write(_projects({**moved, "Cats": {"workspace": "Radiology", "lifecycle": {"new": True}}}))
    assert "1 created, 1 updated" in lsops("apply", "--yes").out
    lsops.write(_projects({**moved, "Cats": {"lifecycle": {"new": True}}}))
    assert "No changes" in lsops("plan").last
