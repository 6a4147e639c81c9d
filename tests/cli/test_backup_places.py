"""`lsops backup` into an object store, and back from it."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import pytest

from lsops.depot import depot_at
from lsops.operations.backup import BackupRequest, back_up
from tests.support.backed_up import ADDRESS, Killed, exported, make, mortal, project_of
from tests.support.cli import Lsops
from tests.support.moto_server import moto_at
from tests.support.sandbox import client_of

PLACE = "s3://backups/cats"


def an_s3(lsops: Lsops) -> str:
    """The URL at which s3fs will look for S3."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    lsops.setenv(AWS_ENDPOINT_URL_S3=url, AWS_DEFAULT_REGION="us-east-1")
    lsops.setenv(AWS_ACCESS_KEY_ID="any", AWS_SECRET_ACCESS_KEY="any")
    return url


def killed(database: Path, last: int) -> None:
    """A backup whose process dies at that request."""
    with suppress(Killed), mortal(database, last, after=True) as session:
        back_up(session, depot_at(PLACE), BackupRequest((ADDRESS,)))


@pytest.mark.soak
def test_s3_takes_a_backup_that_is_killed_on_its_way_and_gives_it_back(
    lsops: Lsops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lsops.backup.parts.SIZE", 4_000)
    monkeypatch.setattr("lsops.server.waiting.CALM", 0.0)
    with moto_at(an_s3(lsops)) as moto, client_of(lsops.folder / "old.db", edition="community") as old:
        moto.put("backups")
        project = make(old)
        for last in (12, 14):
            killed(lsops.folder / "old.db", last)
        for _ in range(2):
            ran = lsops("backup", ADDRESS, "-o", PLACE, "--server", "sandbox:old.db")
        assert (ran.code, "LS667" in ran.err) == (3, True), ran  # the first of them was the whole one
        names = {key.rpartition("/")[2] for key in moto.objects("backups")}
        assert {"index.json", "tasks-0001.jsonl", "tasks-0002.jsonl", "files-0001.jsonl"} <= names
        assert "progress.json" not in names
        for _ in range(2):
            assert lsops("restore", PLACE, "--yes", "--as", "Copy", "--server", "sandbox:old.db").code == 0
        assert exported(old, project_of(old, "Copy")) == exported(old, project)
