"""What the server runs or fetches for a manifest: tried when somebody asks for it, and before the first write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from lsops.engine import check
from lsops.errors import Finding
from lsops.kinds import registry
from lsops.kinds.capabilities import TriesRemotely

MANIFEST = """
    version: 1
    workspaces: {Ward: {description: fetched}}
    projects:
      Scans: {workspace: Ward, views: {Mine: {}}}
"""


class Fetched(TriesRemotely):
    """Stands for a kind of whose resources one is fetched; `tried` are the parents of those that were."""

    def __init__(self, kind: Any, trouble: str) -> None:
        self.schema, self.trouble = kind.schema, trouble
        self.tried: list[int] = []

    def tries(self, change: Any) -> bool:
        return True

    def try_remotely(self, session: Any, change: Any, parent: int) -> Iterable[Finding]:
        self.tried.append(parent)
        return [Finding("LS710", self.trouble, change.address, change.source)] if self.trouble else []


@pytest.fixture
def fetched(monkeypatch, lsops):
    """A function that has the resources of a kind fetched, with that trouble."""
    lsops.setenv(LSOPS_SERVER="sandbox:")
    lsops.write(MANIFEST)

    def stand_in(kind: str, trouble: str = "") -> Fetched:
        one = Fetched(registry()[kind], trouble)
        monkeypatch.setattr(check, "registry", lambda: {**registry(), kind: one})
        return one

    return stand_in


def test_a_plan_tries_nothing_unless_it_is_asked_to(lsops, fetched):
    workspace = fetched("workspace")

    assert (lsops("plan").code, workspace.tried) == (0, [])
    assert (lsops("plan", "--check-remote").code, workspace.tried) == (0, [0])


def test_what_goes_wrong_is_a_finding_of_the_plan_at_its_line(lsops, fetched):
    fetched("workspace", "there is nothing at that address")

    ran = lsops("plan", "--check-remote", "--out", "plan.json")

    assert ran.code == 3
    assert "lsops.yaml:2:14: error[LS710]: there is nothing at that address" in ran.out + ran.err
    assert not (lsops.folder / "plan.json").exists()


def test_an_apply_tries_before_its_first_write_and_writes_nothing_where_it_fails(lsops, fetched):
    fetched("workspace", "there is nothing at that address")

    assert lsops("apply", "--yes").code == 3
    assert lsops("plan").last == "Plan: 3 to create, 0 to update, 0 to replace, 0 to delete."


def test_what_stands_in_something_that_is_not_there_yet_is_not_tried_and_that_is_said(lsops, fetched):
    view = fetched("view", "never")

    ran = lsops("plan", "--check-remote")

    assert (ran.code, view.tried) == (0, [])
    assert "not checked: /projects/Scans/views/Mine: its project does not exist yet" in ran.err
