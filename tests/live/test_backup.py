"""`lsops backup` and `lsops restore` against a real Label Studio."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from lsops.depot.local import LocalDepot
from lsops.operations.backup import BackupRequest, back_up
from lsops.operations.restore import RestoreRequest, prepare_restore, restore_prepared
from lsops.server.session import Session
from tests.support.backed_up import ADDRESS, Dying, Killed, exported, make, project_of, uploads
from tests.support.cli import Lsops
from tests.support.label_studio import Running

pytestmark = pytest.mark.live


def test_a_copy_has_all_that_people_did_and_nothing_twice(live: Lsops, server: httpx.Client) -> None:
    project = make(server, tasks=30)
    before = exported(server, project)
    saved = live("backup", ADDRESS, "-o", "saved")
    assert f"| done {ADDRESS}: 30 tasks, 30 annotations, 4 drafts, 30 predictions, 2 files\n" in saved.out, saved
    assert server.get(f"/api/projects/{project}/exports/").json() == []

    for _ in range(2):
        ran = live("restore", "saved", "--yes", "--as", "Copy")
        assert ran.code == 0, ran

    copy = project_of(server, "Copy")
    assert exported(server, copy) == before
    assert len(uploads(server, copy)) == 2
    assert live("plan", str(dumped(live))).last.startswith("No changes.")


def dumped(live: Lsops) -> str:
    """A manifest of both projects as they are."""
    assert live("dump", "-o", "there").code == 0
    return str(live.folder / "there")


def test_a_file_that_is_one_of_several_values_of_a_task_comes_back(live: Lsops, server: httpx.Client) -> None:
    """The server refuses the upload of a file into such a project, and keeps the file."""
    project = make(server, tasks=6)
    config = '<View><Image name="i" value="$image"/><Text name="t" value="$note"/><Choices name="c" toName="i">'
    config += '<Choice value="a"/><Choice value="b"/></Choices></View>'
    server.patch(f"/api/projects/{project}/", json={"label_config": config}).raise_for_status()
    before = exported(server, project)
    assert live("backup", ADDRESS, "-o", "saved").code == 0
    ran = live("restore", "saved", "--yes", "--as", "Copy")
    assert ran.code == 0, ran
    assert exported(server, project_of(server, "Copy")) == before


@contextmanager
def session(running: Running, last: int = 10**9) -> Iterator[Session]:
    """A session with the real server whose process dies after that many requests."""
    way = Dying(httpx.HTTPTransport(), last, after=True)
    with Session(running.url, token=running.token, transport=way) as opened:
        yield opened


@pytest.mark.soak
@pytest.mark.parametrize("last", range(2, 42, 2))
def test_killed_at_any_point_and_run_again_everything_is_there_once(
    label_studio: Running, server: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    monkeypatch.setattr("lsops.operations.restoring.MOST", 3)
    monkeypatch.setattr("lsops.server.waiting.CALM", 0.0)
    before, place = exported(server, make(server)), LocalDepot(tmp_path / "saved")
    (tmp_path / "empty").mkdir()
    request = RestoreRequest(tmp_path / "empty", name="Copy")
    for limit in (last, 10**9):
        with suppress(Killed), session(label_studio, limit) as opened:
            if place.size("index.json") is None:
                back_up(opened, place, BackupRequest((ADDRESS,)))
    for limit in (last, 10**9):
        with suppress(Killed), session(label_studio, limit) as opened:
            restore_prepared(opened, prepare_restore(opened, place, request), request)
    assert exported(server, project_of(server, "Copy")) == before
    assert len(uploads(server, project_of(server, "Copy"))) == 2
