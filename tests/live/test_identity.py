"""Which live project an entry means, on a real Label Studio: nothing is doubled, and nothing is deleted unseen."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.one_project import CONFIG, declare_projects, projects, settled, unchanged

pytestmark = pytest.mark.live

ENTRY: dict[str, Any] = {"label_config": CONFIG, "description": "X-rays", "maximum_annotations": 2}


def with_tasks(live: Lsops, server: httpx.Client, title: str, *, tasks: int = 20) -> int:
    """A declared project with tasks; its id."""
    declare_projects(live, {title: ENTRY})
    settled(live)
    number = int(projects(server)[0]["id"])
    body = [{"data": {"text": f"text {n}"}} for n in range(tasks)]
    server.post(f"/api/projects/{number}/import", json=body).raise_for_status()
    return number


def test_a_project_that_was_renamed_by_hand_gets_no_twin(live: Lsops, server: httpx.Client) -> None:
    number = with_tasks(live, server, "Production")
    server.patch(f"/api/projects/{number}/", json={"title": "Production 2026"}).raise_for_status()
    refused = live("apply", "--yes")
    assert refused.code == 5
    assert f"looks like the live /projects/Production 2026 (id {number}), which was probably renamed" in refused.err
    assert [row["id"] for row in projects(server)] == [number]
    declare_projects(live, {"Production": {**ENTRY, "lifecycle": {"renamed_from": "Production 2026"}}})
    assert "0 created, 1 updated, 0 replaced, 0 deleted" in settled(live)
    (row,) = projects(server)
    assert (row["id"], row["title"], row["task_number"]) == (number, "Production", 20)


def test_another_project_beside_the_renamed_one_is_made_when_the_manifest_says_so(
    live: Lsops, server: httpx.Client
) -> None:
    number = with_tasks(live, server, "Production", tasks=1)
    server.patch(f"/api/projects/{number}/", json={"title": "Production 2026"}).raise_for_status()
    declare_projects(live, {"Production": {**ENTRY, "lifecycle": {"new": True}}})
    assert "1 created" in settled(live)
    assert sorted(row["task_number"] for row in projects(server)) == [0, 1]


def test_an_absent_id_shows_what_it_deletes_and_deletes_nothing_unasked(live: Lsops, server: httpx.Client) -> None:
    number = with_tasks(live, server, "Production radiology")
    declare_projects(live, {"Old scratch": {"lifecycle": {"absent": True, "id": number}}})
    shown = live("plan")
    assert f'- /projects/Old scratch (id {number}, "Production radiology")' in shown.out
    assert "destroys 20 tasks" in shown.out
    refused = live("apply", "--yes", "--allow-deletes", "1")
    assert refused.code == 5
    assert f'/projects/Old scratch (id {number}, "Production radiology"): deletes 20 tasks' in refused.err
    assert [row["task_number"] for row in projects(server)] == [20]


def test_a_chain_of_names_moves_on_and_two_of_one_title_are_pinned(live: Lsops, server: httpx.Client) -> None:
    declare_projects(live, {"Alpha": {}, "Beta": {}})
    settled(live)
    before = {row["title"]: row["id"] for row in projects(server)}
    chained = {"Beta": {"lifecycle": {"renamed_from": "Alpha"}}, "Gamma": {"lifecycle": {"renamed_from": "Beta"}}}
    declare_projects(live, chained)
    settled(live)
    assert {row["title"]: row["id"] for row in projects(server)} == {"Beta": before["Alpha"], "Gamma": before["Beta"]}
    server.patch(f"/api/projects/{before['Beta']}/", json={"title": "Beta"}).raise_for_status()
    pins = {name: {"lifecycle": {"id": number, "ignore": ["title"]}} for name, number in before.items()}
    declare_projects(live, pins)
    unchanged(live)
    assert [row["title"] for row in projects(server)] == ["Beta", "Beta"]
