"""A backup and a restore whose process is gone at any of their requests: run again, they end as if it had not been."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import httpx
import pytest

from lsops.depot.local import LocalDepot
from lsops.operations.backup import BackupRequest, back_up
from lsops.operations.restore import RestoreRequest, prepare_restore, restore_prepared
from lsops.server.session import Session
from tests.support.backed_up import ADDRESS, Killed, exported, make, mortal, project_of, uploads
from tests.support.sandbox import URL, client_of, transport_to

CHECKED = ((6, False), (9, True), (14, True))
"""Requests at which it dies, and whether they were carried out."""
MANY = tuple((number, after) for number in range(1, 41, 2) for after in (False, True))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsops.operations.restoring.MOST", 4)
    monkeypatch.setattr("lsops.backup.parts.SIZE", 4_000)
    monkeypatch.setattr("lsops.server.waiting.CALM", 0.0)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    with client_of(path, edition="community") as api:
        make(api)
    return path


def save(session: Session, folder: Path) -> None:
    done = back_up(session, LocalDepot(folder), BackupRequest((ADDRESS,)))
    assert done.complete


def bring_back(session: Session, folder: Path) -> None:
    (folder / "empty").mkdir(exist_ok=True)
    request = RestoreRequest(folder / "empty")
    prepared = prepare_restore(session, LocalDepot(folder), request)
    assert restore_prepared(session, prepared, request).complete


def killed(work: Callable[[Session, Path], None], db: Path, folder: Path, at: tuple[int, bool]) -> None:
    """Let it die at a request, and once more at the next one, then let it be."""
    for number in (at[0], at[0] + 1):
        if work is save and (folder / "index.json").exists():
            return
        with suppress(Killed), mortal(db, number, after=at[1]) as session:
            work(session, folder)


def whole(db: Path, work: Callable[[Session, Path], None], folder: Path) -> None:
    with mortal(db, 10**9, after=False) as session:
        work(session, folder)


def check_backup(old: Path, tmp_path: Path, at: tuple[int, bool]) -> None:
    """Killed and run again, it holds what it would have, and the server has nothing of it."""
    killed(save, old, tmp_path / "saved", at)
    if not (tmp_path / "saved/index.json").exists():
        whole(old, save, tmp_path / "saved")
    new = tmp_path / "new.db"
    with client_of(new, edition="community"):
        pass
    whole(new, bring_back, tmp_path / "saved")
    with client_of(old, edition=None) as before, client_of(new, edition=None) as after:
        assert exported(after, project_of(after)) == exported(before, project_of(before))


def check_restore(old: Path, tmp_path: Path, at: tuple[int, bool]) -> None:
    """Killed and run again, everything is there once."""
    whole(old, save, tmp_path / "saved")
    new = tmp_path / "new.db"
    with client_of(new, edition="community"):
        pass
    killed(bring_back, new, tmp_path / "saved", at)
    whole(new, bring_back, tmp_path / "saved")
    with client_of(old, edition=None) as before, client_of(new, edition=None) as after:
        assert exported(after, project_of(after)) == exported(before, project_of(before))
        assert len(uploads(after, project_of(after))) == 2


@pytest.mark.parametrize("at", CHECKED)
@pytest.mark.parametrize("check", [check_backup, check_restore])
def test_killed_and_run_again_everything_is_there_once(
    old: Path, tmp_path: Path, check: Callable[[Path, Path, tuple[int, bool]], None], at: tuple[int, bool]
) -> None:
    check(old, tmp_path, at)


@pytest.mark.soak
@pytest.mark.parametrize("at", MANY)
@pytest.mark.parametrize("check", [check_backup, check_restore])
def test_killed_anywhere_and_run_again_everything_is_there_once(
    old: Path, tmp_path: Path, check: Callable[[Path, Path, tuple[int, bool]], None], at: tuple[int, bool]
) -> None:
    check(old, tmp_path, at)


class Late(httpx.BaseTransport):
    """The way to a sandbox on which the process dies at the first import of tasks, that the server carries out all the
    same, some time after."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.later: Thread | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/import") and request.headers["content-type"] == "application/json":
            self.later = Thread(target=self._carry_out, args=(request,))
            self.later.start()
            raise Killed
        return self._inner.handle_request(request)

    def _carry_out(self, request: httpx.Request) -> None:
        time.sleep(0.4)
        self._inner.handle_request(request).close()


def test_what_the_server_still_does_for_a_run_that_was_killed_is_not_done_again(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lsops.server.waiting.CALM", 0.8)
    whole(old, save, tmp_path / "saved")
    new = tmp_path / "new.db"
    with transport_to(new, edition="community") as transport:
        with suppress(Killed), Session(URL, transport=(late := Late(transport))) as session:
            bring_back(session, tmp_path / "saved")
        assert late.later is not None
        with Session(URL, transport=transport) as session:
            bring_back(session, tmp_path / "saved")
        late.later.join()
    with client_of(new, edition=None) as after:
        assert len(exported(after, project_of(after))) == 12
