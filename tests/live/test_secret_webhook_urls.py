"""A webhook whose URL is a secret, on a real Label Studio."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.one_project import declare, rows, settled, unchanged

pytestmark = pytest.mark.live

URL = "https://chat.example.com/in/canary-2f9a8c7d6e5b"
OTHER = "https://chat.example.com/in/canary-77aa66bb55cc"


def hook(**fields: Any) -> dict[str, Any]:
    return {"webhooks": {"alerts": {"url": "${env:HOOK_URL}", **fields}}}


def test_it_is_made_found_changed_and_moved_by_its_secret(live: Lsops, server: httpx.Client) -> None:
    live.setenv(HOOK_URL=URL)
    declare(live, hook())
    said = [settled(live)]
    (row,) = rows(server, "webhooks")
    declare(live, hook(is_active=False, lifecycle={"id": row["id"]}))
    said.append(settled(live))
    live.setenv(HOOK_URL=OTHER)
    said.append(settled(live))
    (after,) = rows(server, "webhooks")
    assert (row["url"], after["url"], after["id"], after["is_active"]) == (URL, OTHER, row["id"], False)
    assert "canary" not in "".join(said)


def test_where_it_is_not_set_nothing_is_planned_or_pruned(live: Lsops, server: httpx.Client) -> None:
    live.setenv(HOOK_URL=URL)
    declare(live, hook())
    settled(live)
    live.monkeypatch.delenv("HOOK_URL")
    declare(live, hook(is_active=False), prune=["projects/*/webhooks"])
    ran = unchanged(live)
    assert "HOOK_URL is not set" in ran.out
    live("plan", "--out", "plan.json")
    live.setenv(HOOK_URL=URL)
    assert live("apply", "--plan", "plan.json").code == 0
    assert [(row["url"], row["is_active"]) for row in rows(server, "webhooks")] == [(URL, False)]
