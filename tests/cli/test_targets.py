"""Targets through the command line: what they reach besides declared resources."""

from __future__ import annotations

import httpx
import pytest

from tests.support.cli import Lsops

PRUNED = """
    version: 1
    projects: {One: {import_storages: {}}, Two: {}}
    prune: [projects, projects/*/import_storages]
"""


def with_strangers(server: httpx.Client) -> None:
    """A declared project with a storage, and a project that nobody declares."""
    for title in ("One", "Old"):
        server.post("/api/projects/", json={"title": title}).raise_for_status()
    storage = {"project": 1, "title": "raw", "bucket": "b"}
    server.post("/api/storages/s3/", json=storage).raise_for_status()


@pytest.mark.parametrize(
    ("target", "deleted"),
    [
        ("/projects/One/import_storages", "/projects/One/import_storages/raw"),
        ("/projects/One/import_storages/r*", "/projects/One/import_storages/raw"),
        ("/projects/Old", "/projects/Old"),
    ],
)
def test_a_target_reaches_what_prune_deletes(lsops: Lsops, community: httpx.Client, target: str, deleted: str) -> None:
    with_strangers(community)
    lsops.write(PRUNED)
    ran = lsops("plan", "-t", target, "--format", "json")
    assert ran.code == 0
    assert [(change["action"], change["address"]) for change in ran.json()["changes"]] == [("delete", deleted)]


def test_a_target_of_a_pruned_collection_that_is_not_live_plans_nothing(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write(PRUNED)
    assert lsops("plan", "-t", "/projects/Never").last.startswith("No changes.")


@pytest.mark.parametrize("flag", ["-t", "--resend-secrets"])
def test_an_empty_target_is_exit_3(lsops: Lsops, community: httpx.Client, flag: str) -> None:
    lsops.write(PRUNED)
    ran = lsops("plan", flag, "")
    assert ran.code == 3
    assert "error[LS605]: an empty target" in ran.err


def test_a_target_below_a_project_to_be_deleted_is_exit_3(lsops: Lsops, community: httpx.Client) -> None:
    lsops.write("version: 1\nprojects: {One: {import_storages: {}, lifecycle: {absent: true}}}\n")
    ran = lsops("plan", "-t", "/projects/One/import_storages")
    assert ran.code == 3
    assert "lsops.yaml:2:12: error[LS505]: the target lies below /projects/One, which is to be deleted" in ran.err


def test_the_workspace_of_a_target_is_created_if_it_is_missing(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.write("version: 1\nworkspaces: {Fresh: {}, Other: {}}\nprojects: {One: {workspace: Fresh}}\n")
    ran = lsops("plan", "-t", "/projects/One")
    assert ran.code == 0
    assert "/workspaces/Fresh is named by what a target covers: it is created if it is missing" in ran.err
    assert ran.last == "Plan: 2 to create, 0 to update, 0 to replace, 0 to delete."


def test_the_workspace_of_a_target_is_not_changed(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.write('version: 1\nworkspaces: {Radiology: {color: "#000000"}}\nprojects: {One: {workspace: Radiology}}\n')
    assert lsops("plan", "-t", "/projects/One").last == "Plan: 1 to create, 0 to update, 0 to replace, 0 to delete."
