"""`lifecycle:` and `plan --check` on a real Label Studio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.ml_backend import MlBackend, ml_backend
from tests.support.one_project import (
    CONFIG,
    NEW,
    annotate,
    by_hand,
    declare,
    declare_projects,
    keys,
    line_of,
    make,
    projects,
    rows,
    settled,
    unchanged,
)

pytestmark = pytest.mark.live

FIELDS = {"webhooks": ("is_active", True, False), "views": ("gridWidth", 4, 6), "ml_backends": ("timeout", 30, 5)}
"""A field of each kind with two values."""


@pytest.fixture
def backend() -> Iterator[MlBackend]:
    """Where the webhooks go and what the ML backends are."""
    with ml_backend() as running:
        yield running


def named(collection: str, backend: MlBackend, name: str = "first") -> str:
    """What an entry is called; a webhook by its URL."""
    return backend.below(name) if collection == "webhooks" else name


def entry(collection: str, backend: MlBackend, number: int = 0, **lifecycle: Any) -> dict[str, Any]:
    """An entry with the first or the second value of its field."""
    field, *values = FIELDS[collection]
    url = {"url": backend.url} if collection == "ml_backends" else {}
    return {**url, field: values[number], **({"lifecycle": lifecycle} if lifecycle else {})}


@pytest.mark.parametrize("collection", NEW)
def test_two_rows_of_one_key_are_an_error_with_both_ids_that_a_pinned_id_settles(
    live: Lsops, server: httpx.Client, backend: MlBackend, collection: str
) -> None:
    title = named(collection, backend)
    field, first, second = FIELDS[collection]
    declare(live, {collection: {title: entry(collection, backend)}})
    settled(live)
    (kept,) = (row["id"] for row in rows(server, collection) if title in str(row))
    twin = make(server, collection, title, **({"url": backend.url} if collection == "ml_backends" else {}))
    ambiguous = live("plan")
    assert ambiguous.code == 3
    assert f"ids {kept}, {twin}" in ambiguous.err
    assert line_of(live, f'"{title}": {{') in ambiguous.err
    declare(live, {collection: {title: entry(collection, backend, 1, id=twin)}})
    settled(live)
    found = {row["id"]: row.get(field, row.get("data", {}).get(field)) for row in rows(server, collection)}
    assert (found[kept], found[twin]) == (first, second)
    declare(live, {collection: {title: entry(collection, backend, 1, id=99999)}})
    missing = live("plan")
    assert missing.code == 3
    assert "99999" in missing.err


@pytest.mark.parametrize("collection", NEW)
def test_a_renamed_entry_keeps_its_id(live: Lsops, server: httpx.Client, backend: MlBackend, collection: str) -> None:
    old, new = named(collection, backend, "old"), named(collection, backend, "new")
    declare(live, {collection: {old: entry(collection, backend)}})
    settled(live)
    before = [row["id"] for row in rows(server, collection)]
    declare(live, {collection: {new: entry(collection, backend, renamed_from=old)}})
    out = settled(live)
    assert "0 created, 1 updated, 0 replaced, 0 deleted" in out
    assert [row["id"] for row in rows(server, collection)] == before
    assert new in keys(server, collection)
    make(server, collection, old, **({"url": backend.url} if collection == "ml_backends" else {}))
    both = live("plan")
    assert both.code == 3
    assert "and its old name" in both.err


@pytest.mark.parametrize("collection", NEW)
def test_an_ignored_field_is_neither_compared_nor_sent(
    live: Lsops, server: httpx.Client, backend: MlBackend, collection: str
) -> None:
    title = named(collection, backend)
    field, _, second = FIELDS[collection]
    declare(live, {collection: {title: entry(collection, backend)}})
    settled(live)
    (row,) = (one for one in rows(server, collection) if title in str(one))
    by_hand(server, collection, row, **{field: second})
    assert live("plan", "--detailed-exitcode").code == 2
    other = {"webhooks": {"send_payload": False}, "views": {"type": "grid"}, "ml_backends": {"description": "new"}}
    declare(live, {collection: {title: entry(collection, backend, ignore=[field])}})
    unchanged(live)
    declare(live, {collection: {title: {**entry(collection, backend, ignore=[field]), **other[collection]}}})
    assert f"|   {field}:" not in settled(live)
    (after,) = (one for one in rows(server, collection) if one["id"] == row["id"])
    assert after.get(field, after.get("data", {}).get(field)) == second


@pytest.mark.parametrize("collection", NEW)
def test_an_absent_entry_is_deleted_with_consent_and_a_protected_one_never(
    live: Lsops, server: httpx.Client, backend: MlBackend, collection: str
) -> None:
    title = named(collection, backend)
    declare(live, {collection: {title: entry(collection, backend)}})
    settled(live)
    guarded = {f"projects/*/{collection}": {"lifecycle": {"protect": True}}}
    declare(live, {collection: {}}, prune=[f"projects/*/{collection}"], defaults=guarded)
    protected = live("apply", "--yes", "--allow-deletes", "9")
    assert protected.code == 5
    assert "is protected" in protected.err
    declare(live, {collection: {title: entry(collection, backend, absent=True, protect=True)}})
    assert live("plan").code == 3
    declare(live, {collection: {title: entry(collection, backend, absent=True)}})
    assert live("apply", "--yes").code == 5
    assert title in keys(server, collection)
    assert "1 deleted" in settled(live, "--allow-deletes", "1")
    assert title not in keys(server, collection)
    declare(live, {collection: {title: entry(collection, backend, protect=True)}})
    settled(live)
    declare(live, {collection: {title: entry(collection, backend, protect=True)}, "lifecycle": {"absent": True}})
    assert live("apply", "--yes", "--allow-deletes", "9").code == 5
    assert len(projects(server)) == 1


def test_a_protected_view_is_not_replaced(live: Lsops, server: httpx.Client) -> None:
    declare(live, {"views": {"Tab": {"ordering": ["tasks:id"]}}})
    settled(live)
    declare(live, {"views": {"Tab": {"ordering": [], "lifecycle": {"protect": True}}}})
    refused = live("apply", "--yes", "--allow-deletes", "9")
    assert refused.code == 5
    assert "would be replaced" in refused.err
    assert rows(server, "views")[0]["data"]["ordering"] == ["tasks:id"]


@pytest.mark.parametrize("imported", [False, True], ids=["annotated", "imported"])
def test_a_renamed_project_keeps_its_id_tasks_and_annotations(
    live: Lsops, server: httpx.Client, *, imported: bool
) -> None:
    declare(live, {"description": "X-rays"})
    settled(live)
    annotate(server, imported=imported)
    (before,) = projects(server)
    entry = {"label_config": CONFIG, "description": "X-rays"}
    declare_projects(live, {"Renamed": entry}, prune=["projects"])
    lost = live("plan")
    assert "- /projects/Triage" in lost.out
    assert "destroys 1 task, 1 annotation" in lost.out
    assert 'write lifecycle: {renamed_from: "Triage"}' in lost.out
    assert live("apply", "--yes", "--allow-deletes", "1").code == 5
    assert projects(server) == [before]
    declare_projects(live, {"Renamed": {**entry, "lifecycle": {"renamed_from": "Triage"}}}, prune=["projects"])
    assert '|   title: "Triage" -> "Renamed"' in settled(live)
    counters = ("id", "task_number", "total_annotations_number")
    (after,) = projects(server)
    assert after == {**before, "title": "Renamed"}
    assert [after[name] for name in counters] == [before["id"], 1, 1]


def test_check_tells_what_the_server_says_of_a_label_config_at_its_line(live: Lsops, server: httpx.Client) -> None:
    declare(live, {})
    settled(live)
    annotate(server, imported=False, choice="No")
    broken = CONFIG.replace('<Choice value="No"/>', "")
    declare(live, {"label_config": broken})
    unchecked, checked = live("plan"), live("plan", "--check")
    assert (unchecked.code, checked.code) == (0, 3)
    said = checked.out + checked.err
    assert "These labels still exist in annotations or drafts" in said
    assert f"{line_of(live, 'label_config')}:" in said
    declare(live, {"label_config": CONFIG.replace('name="dx"', 'name="verdict"')})
    assert "Created annotations are incompatible" in live("plan", "--check").out
    declare(live, {"label_config": CONFIG.replace('<Choice value="Yes"/>', '<Choice value="Yes" hotkey="y"/>')})
    assert live("plan", "--check").code == 0
    assert projects(server)[0]["label_config"].strip() == CONFIG.strip()


def test_names_of_projects_and_views_that_go_round_in_a_circle_are_changed_each_by_one_request(
    live: Lsops, server: httpx.Client
) -> None:
    names, tabs = ("Alpha", "Beta", "Gamma"), {"One": {}, "Two": {}}
    declare_projects(live, {name: {"views": tabs} if name == "Alpha" else {} for name in names})
    settled(live)
    ids = {row["title"]: row["id"] for row in projects(server)}
    views = {row["data"]["title"]: row["id"] for row in rows(server, "views")}
    swapped = {"One": {"lifecycle": {"id": views["Two"]}}, "Two": {"lifecycle": {"id": views["One"]}}}
    entries: dict[str, Any] = {
        new: {"lifecycle": {"id": ids[old]}} for old, new in zip(names, ("Beta", "Gamma", "Alpha"), strict=True)
    }
    declare_projects(live, {**entries, "Beta": {**entries["Beta"], "views": swapped}})
    assert "lsops swap" not in live("plan").out
    assert "0 created, 5 updated, 0 replaced, 0 deleted" in settled(live)
    assert [row["title"] for row in projects(server)] == ["Beta", "Gamma", "Alpha"]
    assert {row["id"]: row["data"]["title"] for row in rows(server, "views")} == {
        views["One"]: "Two",
        views["Two"]: "One",
    }
