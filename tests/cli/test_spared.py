"""Prune leaves alone what something names that stays, and waits for what names it no longer."""

from __future__ import annotations

import httpx
import pytest

from tests.support.cli import Lsops

MOVED = "projects: {Chest: {workspace: Pathology}}"


@pytest.fixture
def chest(enterprise: httpx.Client) -> httpx.Client:
    """The workspace Radiology with one project, Pathology with none."""
    rows = enterprise.get("/api/workspaces/?is_personal=false").json()
    number = next(row["id"] for row in rows if row["title"] == "Radiology")
    enterprise.post("/api/projects/", json={"title": "Chest", "workspace": number}).raise_for_status()
    return enterprise


@pytest.mark.parametrize(
    ("text", "deleted", "by"),
    [
        ("projects: {Chest: {workspace: Radiology}}", [], "/projects/Chest"),
        ("projects: {Chest: {workspace: Radiology}, New: {workspace: Pathology}}", [], "/projects/Chest"),
        ("projects: {New: {workspace: Pathology}}", [], "/projects/Chest"),
        ("projects: {Chest: {workspace: Pathology, lifecycle: {ignore: [workspace]}}}", [], "/projects/Chest"),
        (MOVED, ["/workspaces/Radiology"], ""),
        ("projects: {Chest: {lifecycle: {absent: true}}}", ["/projects/Chest", "/workspaces/Radiology"], ""),
    ],
)
def test_a_workspace_stays_as_long_as_something_that_stays_names_it(
    lsops: Lsops, chest: httpx.Client, text: str, deleted: list[str], by: str
) -> None:
    lsops.write(f"version: 1\nprune: [workspaces]\nworkspaces: {{Pathology: {{}}}}\n{text}\n")

    planned = lsops("plan", "--format", "json").json()

    assert [one["address"] for one in planned["changes"] if one["action"] == "delete"] == deleted
    told = [one["message"] for one in planned["warnings"] if one["code"] == "LS530"]
    assert told == ([f"prune leaves it alone, because {by} names it in workspace"] if by else [])


def test_prune_of_both_deletes_a_project_and_then_its_workspace(lsops: Lsops, chest: httpx.Client) -> None:
    lsops.write(
        "version: 1\nprune: [workspaces, projects]\nworkspaces: {Pathology: {}}\n"
        "projects: {New: {workspace: Pathology}}\n"
    )

    assert lsops("apply", "--yes", "--allow-deletes", "2").code == 0

    assert [row["title"] for row in chest.get("/api/workspaces/?is_personal=false").json()] == ["Pathology"]


def test_a_delete_waits_for_the_change_that_lets_go(lsops: Lsops, chest: httpx.Client) -> None:
    lsops.write(f"version: 1\nprune: [workspaces]\nworkspaces: {{Pathology: {{}}}}\n{MOVED}\n")

    planned = lsops("plan", "--format", "json").json()

    assert planned["changes"][-1]["requires"] == ["/projects/Chest"]
    assert lsops("apply", "--yes", "--allow-deletes", "1").code == 0


def test_an_entry_that_says_absent_is_deleted_whatever_names_it(lsops: Lsops, enterprise: httpx.Client) -> None:
    enterprise.post("/api/scim/settings", json={"workspaces_groups": [["Radiology", "rays"]]}).raise_for_status()
    lsops.write(
        "version: 1\nprune: [workspaces]\nworkspaces: {Radiology: {lifecycle: {absent: true}}, Pathology: {}}\n"
    )

    planned = lsops("plan", "--format", "json").json()

    assert [one["address"] for one in planned["changes"]] == ["/workspaces/Radiology"]
