"""Webhooks, views and ML backends on a real Label Studio: declared, changed by hand, mended, taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.label_studio import Running
from tests.support.ml_backend import MlBackend, ml_backend
from tests.support.one_project import NEW, by_hand, declare, item, key, keys, make, rows, settled, unchanged

pytestmark = pytest.mark.live

FILTER = {"filter": "filter:tasks:total_annotations", "operator": "equal", "type": "Number", "value": 0}
SECRET = "${env:HOOK_TOKEN}"


@pytest.fixture
def backend() -> Iterator[MlBackend]:
    """The server calls it; it is also where the webhooks go."""
    with ml_backend() as running:
        yield running


def entries(backend: MlBackend) -> dict[str, dict[str, dict[str, Any]]]:
    """One resource of each collection, every field of it declared."""
    return {
        "webhooks": {
            backend.below("hook"): {
                "actions": ["TASKS_CREATED", "ANNOTATION_CREATED"],
                "headers": {"Authorization": SECRET, "X-Team": "radiology"},
                "is_active": True,
                "send_for_all_actions": False,
                "send_payload": True,
            }
        },
        "views": {
            "To review": {
                "type": "list",
                "target": "tasks",
                "filters": {"conjunction": "and", "items": [FILTER, {**FILTER, "child_filter": FILTER}]},
                "ordering": ["-tasks:id"],
                "hiddenColumns": {"explore": ["tasks:inner_id", "tasks:file_upload"], "labeling": []},
                "columnsWidth": {"tasks:id": 120},
                "gridWidth": 4,
                "data": {"defaultColumn": "id"},
            }
        },
        "ml_backends": {
            "triage": {
                "url": backend.url,
                "description": "sorts images",
                "is_interactive": True,
                "timeout": 30,
                "extra_params": {"threshold": 0.5},
                "auto_update": False,
                "model_version": "v1",
            }
        },
    }


CHANGES: dict[str, dict[str, Any]] = {
    "webhooks": {
        "is_active": False,
        "actions": ["TASKS_DELETED"],
        "headers": {"X-Team": "surgery"},
        "send_for_all_actions": True,
        "send_payload": False,
    },
    "views": {
        "type": "grid",
        "filters": {"conjunction": "or", "items": [FILTER]},
        "ordering": ["tasks:created_at"],
        "hiddenColumns": {"explore": [], "labeling": ["tasks:id"]},
        "columnsWidth": {"tasks:id": 5},
        "gridWidth": 8,
        "defaultColumn": "text",
    },
    "ml_backends": {
        "url": "/moved",
        "description": "by hand",
        "is_interactive": False,
        "timeout": 5,
        "extra_params": None,
        "model_version": "by hand",
        "auto_update": True,
    },
}
"""What somebody does by hand to one field after the other; of ML backends `auto_update` comes last, as it overwrites."""


@pytest.fixture
def triage(live: Lsops, backend: MlBackend) -> Lsops:
    """The command line, with a manifest of one project that has one of everything, applied."""
    live.setenv(HOOK_TOKEN="a token of the hook")
    declare(live, entries(backend))
    settled(live)
    return live


def test_everything_below_a_project_is_created_at_once_and_then_matches(
    live: Lsops, server: httpx.Client, backend: MlBackend, label_studio: Running, tmp_path: Path
) -> None:
    folder = label_studio.data_dir / tmp_path.name
    folder.mkdir()
    storage = {"type": "localfiles", "path": str(folder)}
    live.setenv(HOOK_TOKEN="a token of the hook")
    declare(live, {**entries(backend), "import_storages": {"in": storage}, "export_storages": {"out": storage}})
    out = settled(live)
    assert out.splitlines()[-1] == "Apply complete: 6 created, 0 updated, 0 replaced, 0 deleted."
    (hook,) = (row for row in rows(server, "webhooks") if row["url"] == backend.below("hook"))
    assert hook["headers"] == {"Authorization": "a token of the hook", "X-Team": "radiology"}
    assert "a token of the hook" not in out
    assert "radiology" not in out


@pytest.mark.parametrize("collection", NEW)
def test_each_field_changed_by_hand_is_found_and_mended(
    triage: Lsops, server: httpx.Client, backend: MlBackend, collection: str
) -> None:
    (title,) = entries(backend)[collection]
    (row,) = (one for one in rows(server, collection) if key(collection, one) == title)
    for field, value in CHANGES[collection].items():
        (now,) = (one for one in rows(server, collection) if one["id"] == row["id"])
        by_hand(server, collection, now, **{field: backend.below("moved") if field == "url" else value})
        found = triage("plan", "--detailed-exitcode")
        assert found.code == 2, (field, found)
        name = "data/defaultColumn" if field == "defaultColumn" else field
        assert re.search(rf"^(?:\|   )+{name}[:/]", found.out, re.MULTILINE), found
        assert "surgery" not in found.out
    assert "0 created, 1 updated, 0 replaced, 0 deleted" in settled(triage)
    assert [one["id"] for one in rows(server, collection) if key(collection, one) == title] == [row["id"]]


@pytest.mark.parametrize("collection", NEW)
def test_what_was_deleted_or_retitled_by_hand_is_made_again(
    triage: Lsops, server: httpx.Client, backend: MlBackend, collection: str
) -> None:
    (title,) = entries(backend)[collection]
    (row,) = (one for one in rows(server, collection) if key(collection, one) == title)
    other = backend.below("other") if collection == "webhooks" else "Retitled"
    by_hand(server, collection, row, **{"url" if collection == "webhooks" else "title": other})
    found = triage("plan")
    assert found.last == "Plan: 1 to create, 0 to update, 0 to replace, 0 to delete."
    assert "1 live, in a managed collection, not in the manifest" in found.out
    settled(triage)
    (made,) = (one for one in rows(server, collection) if key(collection, one) == title)
    server.delete(item(collection, made)).raise_for_status()
    assert "1 created, 0 updated, 0 replaced, 0 deleted" in settled(triage)


@pytest.mark.parametrize("collection", NEW)
def test_a_removed_line_is_listed_and_deleted_only_under_prune_with_consent(
    triage: Lsops, server: httpx.Client, backend: MlBackend, collection: str
) -> None:
    stray = backend.below("stray") if collection == "webhooks" else "Stray"
    make(server, collection, stray, **({"url": backend.below("stray")} if collection == "ml_backends" else {}))
    brought = [url for url in keys(server, "webhooks") if url.endswith("/webhook")]
    declare(triage, entries(backend) | {collection: {}})
    listed = unchanged(triage)
    assert "2 live, in a managed collection, not in the manifest:" in listed.out
    declare(triage, entries(backend) | {collection: {}}, prune=[f"projects/*/{collection}"])
    planned = triage("plan")
    assert planned.last == "Plan: 0 to create, 0 to update, 0 to replace, 2 to delete."
    for consent in ([], ["--allow-deletes", "1"]):
        assert triage("apply", "--yes", *consent).code == 5
    assert stray in keys(server, collection)
    assert "2 deleted" in settled(triage, "--allow-deletes", "2")
    assert keys(server, collection) == (brought if collection == "webhooks" else [])


def test_the_webhook_that_an_ml_backend_brings_along_is_neither_listed_nor_pruned(
    triage: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    assert backend.below("webhook") in keys(server, "webhooks")
    declare(triage, entries(backend), prune=["projects/*/webhooks"])
    assert "not in the manifest" not in unchanged(triage).out
    hook = {"is_active": False, "send_for_all_actions": False, "actions": ["TASKS_CREATED"]}
    declare(triage, entries(backend) | {"webhooks": {backend.below("webhook"): hook}})
    out = settled(triage)
    assert "0 created, 1 updated, 0 replaced, 0 deleted" in out
    (row,) = (one for one in rows(server, "webhooks") if one["url"] == backend.below("webhook"))
    assert {name: row[name] for name in hook} == hook


def test_a_webhook_keeps_its_actions_and_secret_headers_when_another_field_changes(
    triage: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    changed = entries(backend)
    hook = changed["webhooks"][backend.below("hook")]
    hook["is_active"] = False
    declare(triage, changed)
    settled(triage)
    (row,) = (one for one in rows(server, "webhooks") if one["url"] == backend.below("hook"))
    assert row["actions"] == ["ANNOTATION_CREATED", "TASKS_CREATED"]
    assert row["headers"] == {"Authorization": "a token of the hook", "X-Team": "radiology"}
    del hook["actions"], hook["headers"]
    hook["is_active"] = True
    declare(triage, changed)
    settled(triage)
    (after,) = (one for one in rows(server, "webhooks") if one["url"] == backend.below("hook"))
    assert (after["actions"], after["headers"]) == (row["actions"], row["headers"])
    hook["headers"] = {}
    declare(triage, changed)
    settled(triage)
    assert [one["headers"] for one in rows(server, "webhooks") if one["id"] == row["id"]] == [{}]


def test_a_secret_header_is_sent_again_only_when_asked(triage: Lsops, server: httpx.Client, backend: MlBackend) -> None:
    triage.setenv(HOOK_TOKEN="a rotated token")
    unchanged(triage)
    out = settled(triage, "--resend-secrets", "/projects/*/webhooks/*")
    assert "! /projects/Triage/webhooks/" in out
    assert "rotated" not in out
    (row,) = (one for one in rows(server, "webhooks") if one["url"] == backend.below("hook"))
    assert row["headers"] == {"Authorization": "a rotated token", "X-Team": "radiology"}
