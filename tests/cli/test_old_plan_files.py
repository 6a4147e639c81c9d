"""A plan file that 0.1.0 saved is shown and applied as one of today; the folder's is just as that release wrote it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.cli import Lsops

SAVED = Path(__file__).parents[1] / "data" / "of-0.1.0"


@pytest.fixture
def old(lsops: Lsops) -> Lsops:
    """The manifest with its plan of then, in a folder without a sandbox."""
    for path in SAVED.iterdir():
        shutil.copy(path, lsops.folder)
    assert json.loads((lsops.folder / "plan.json").read_text("utf-8"))["lsops"] == "0.1.0"
    return lsops


def test_an_old_plan_file_is_shown(old: Lsops) -> None:
    shown = old("show", "plan.json")
    assert (shown.code, shown.last) == (0, "Plan: 2 to create, 1 to update, 0 to replace, 0 to delete.")


def test_an_old_plan_file_is_applied_and_leaves_nothing_to_do(old: Lsops) -> None:
    applied = old("apply", "--plan", "plan.json", "--server", "sandbox:", "--yes")
    assert applied.code == 0, applied.err
    assert old("plan", "--server", "sandbox:").last == "No changes. 3 resources match sandbox:"


def test_an_old_plan_file_is_stale_where_the_manifest_says_something_else_by_now(old: Lsops) -> None:
    manifest = old.folder / "lsops.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("annotations: 2", "annotations: 3"), "utf-8")
    assert old("apply", "--plan", "plan.json", "--server", "sandbox:", "--yes").code == 5
