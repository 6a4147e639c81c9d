"""Label Studio's own API tests, driven against the sandbox; once they were driven against the real server.

`passing.json` has the steps that the real server passes over HTTP, and those that only Django can take.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import httpx
import pytest

from lsops.sandbox import create_app
from tests.support.label_studio import executable, start_label_studio
from tests.tavern.steps import PACKAGE, outcomes

UPDATE = bool(os.environ.get("LSOPS_UPDATE_GOLDEN"))
RECORD = Path(__file__).with_name("passing.json")
SHARE = 0.95
TOKEN = "a" * 40
PROXY = "what only a proxy in front of the server asks"
DIFFERENT = {
    "data_export:0:1": PROXY,
    "data_export:1:2": PROXY,
    "errors:1:1": "`/trigger500`, which is there for tests alone",
    "test_download_storage:0:0": PROXY,
    "test_download_storage:0:3": PROXY,
}
"""Steps that the real server passes and the sandbox does not, each with the reason."""


@pytest.fixture(scope="module")
def folder() -> Path:
    return next(executable().parents[1].glob(PACKAGE))


@pytest.fixture(scope="module")
def record() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(RECORD.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def on_sandbox(folder: Path) -> dict[str, bool | None]:
    transport = httpx.WSGITransport(create_app(":memory:", edition="community", token=TOKEN))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        return outcomes(client, TOKEN, folder)


def test_the_sandbox_passes_what_the_real_server_passes_but_for_what_is_named(record, on_sandbox):
    assert {step for step in record["passes"] if on_sandbox[step] is not True} == set(DIFFERENT)


def test_what_is_named_is_little(record):
    assert len(DIFFERENT) <= (1 - SHARE) * len(record["passes"])


def test_every_step_of_the_package_is_known(record, on_sandbox):
    known = [step for steps in record.values() for step in steps]
    assert sorted(on_sandbox) == sorted(known)


@pytest.mark.soak
def test_the_real_server_still_passes_what_is_recorded(folder, record, tmp_path):
    """With LSOPS_UPDATE_GOLDEN=1 it is recorded anew."""
    server = start_label_studio(tmp_path / "data")
    try:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            found = outcomes(client, server.token, folder)
    finally:
        server.stop()
    names = {True: "passes", False: "fails", None: "needs Django"}
    seen = {word: [step for step, value in found.items() if value is kind] for kind, word in names.items()}
    if UPDATE:
        RECORD.write_text(json.dumps(seen, indent=1) + "\n", "utf-8")
        return
    assert seen["passes"] == record["passes"]
