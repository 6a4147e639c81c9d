"""What goes along unseen was reviewed too: a saved plan is stale once it would be another, and older files still work."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lsops.engine.files import write_whole
from tests.support.site import Site

PLAN = "plan.json"
NEWS = "would now send something that the plan does not show"


def storage(account: str, title: str = "scans") -> dict[str, Any]:
    """A storage whose account no server gives back; another prefix is an update."""
    entry = {"type": "azure", "container": "scans", "account_name": account, "account_key": "${env:ACCOUNT_KEY}"}
    return {"import_storages": {"scans": {**entry, "prefix": title}}}


def saved(site: Site, project: dict[str, Any]) -> dict[str, Any]:
    site.declare(project)
    assert site.lsops("plan", "--out", PLAN).code == 0
    return dict(json.loads((site.lsops.folder / PLAN).read_text("utf-8")))


@pytest.fixture
def updating(site: Site) -> Site:
    """A storage is there, and the plan of an update of it is saved."""
    site.lsops.setenv(ACCOUNT_KEY="b3BlbiBzZXNhbWU=")
    site.declare(storage("radiology"))
    site.settled()
    saved(site, storage("radiology", "incoming/"))
    return site


def test_an_account_that_was_not_reviewed_is_not_sent(updating: Site) -> None:
    before = updating.state()
    updating.declare(storage("somebody-elses", "incoming/"))
    ran = updating.lsops("apply", "--plan", PLAN)
    assert (ran.code, updating.state()) == (5, before)
    assert "the saved plan no longer fits: /projects/Triage/import_storages/scans would now be changed" in ran.err


def test_the_manifest_that_was_reviewed_still_fits(updating: Site) -> None:
    assert updating.lsops("apply", "--plan", PLAN).code == 0


def without_marks(site: Site) -> None:
    """The file as an older lsops would have saved it."""
    document = json.loads((site.lsops.folder / PLAN).read_text("utf-8"))
    marks = [change.pop("fingerprint", "") for change in document["changes"]]
    assert any(marks)
    site.lsops.write(json.dumps(document), PLAN)


def test_an_older_file_is_shown_and_not_taken_where_something_goes_along_unseen(updating: Site) -> None:
    without_marks(updating)
    assert "prefix" in updating.lsops("show", PLAN).out
    ran = updating.lsops("apply", "--plan", PLAN)
    assert (ran.code, NEWS in ran.err) == (5, True)


def test_an_older_file_is_taken_where_nothing_does(site: Site) -> None:
    site.declare({})
    site.settled()
    saved(site, {"views": {"Tab": {}}, "webhooks": {"https://hooks.example.com/ls": {"actions": ["TASKS_CREATED"]}}})
    without_marks(site)
    assert site.lsops("apply", "--plan", PLAN).code == 0


def test_another_pin_does_not_send_a_reviewed_change_elsewhere(site: Site) -> None:
    for title in ("Triage", "Other"):
        site.declare_projects({title: {}})
        site.settled()
    ids = {row["title"]: row["id"] for row in site.projects()}
    child = {"views": {"Tab": {}}}
    site.declare_projects({"Mine": {"title": "Triage", **child, "lifecycle": {"id": ids["Triage"]}}})
    assert site.lsops("plan", "--out", PLAN).code == 0
    site.declare_projects({"Mine": {"title": "Other", **child, "lifecycle": {"id": ids["Other"]}}})
    before = site.state()
    assert site.lsops("apply", "--plan", PLAN).code == 5
    assert site.state() == before


# ---- the file itself ---------------------------------------------------------------------------


def full(site: Site) -> None:
    def refuse(source: Path, target: Any) -> Path:
        raise OSError(28, "No space left on device")

    site.lsops.monkeypatch.setattr(Path, "replace", refuse)


def interrupted(site: Site) -> None:
    def stop(source: Path, target: Any) -> Path:
        raise KeyboardInterrupt

    site.lsops.monkeypatch.setattr(Path, "replace", stop)


@pytest.mark.parametrize(("trouble", "code"), [(full, 3), (interrupted, 130)])
def test_a_plan_that_cannot_be_saved_leaves_nothing_behind(
    site: Site, trouble: Callable[[Site], None], code: int
) -> None:
    saved(site, {})
    before = {path.name for path in site.lsops.folder.iterdir()}, (site.lsops.folder / PLAN).read_text("utf-8")
    site.declare({"description": "other"})
    trouble(site)
    assert site.lsops("plan", "--out", PLAN).code == code
    assert (
        {path.name for path in site.lsops.folder.iterdir()},
        (site.lsops.folder / PLAN).read_text("utf-8"),
    ) == before


def test_files_left_by_a_run_that_was_killed_are_not_in_the_way(site: Site) -> None:
    for name in (f".{os.getpid()}.lsops.tmp", ".lsops-.tmp"):
        site.lsops.write("left behind", name)
    saved(site, {})
    assert (site.lsops.folder / PLAN).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("mode", "kept"), [(0o600, 0o600), (0o666, 0o640)])
def test_a_file_is_for_its_owner_or_as_the_umask_has_it(tmp_path: Path, mode: int, kept: int) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", "text", mode=mode)
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == kept
