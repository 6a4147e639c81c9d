"""The example of a whole organisation on Enterprise, made on the sandbox: what it holds, and every request of it."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from lsops.manifest import Options, load
from lsops.sandbox import add_user
from lsops.schema import kinds
from tests.support.cli import Lsops
from tests.support.sdk_requests import invalid
from tests.support.wire import writes

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "enterprise"
EXCUSED = yaml.safe_load((ROOT / "tests" / "sdk_schemas" / "requests.yaml").read_text("utf-8"))
SECRETS = (
    "AZURE_CLIENT_SECRET",
    "TRIAGE_MODEL_PASSWORD",
    "REPORTS_AUTHORIZATION",
    "REPORTS_MODEL_KEY",
    "HOUSE_MODEL_TOKEN",
)


@pytest.fixture
def example(lsops: Lsops) -> Lsops:
    """The command line beside a copy of the example, with its secrets and an empty sandbox."""
    shutil.copytree(EXAMPLE, lsops.folder / "clinic")
    lsops.setenv(LSOPS_SERVER="sandbox:a.db?edition=enterprise", **dict.fromkeys(SECRETS, "s3cr3t"))
    return lsops


def test_it_has_the_size_that_its_first_line_says() -> None:
    desired = load(EXAMPLE, Options()).desired
    count = Counter(item.kind for item in desired.resources)

    sizes = {"member": 40, "workspace": 6, "project": 25, "model_provider": 2, "prompt": 1}
    assert {kind: count[kind] for kind in sizes} == sizes
    assert count["project_member"] > 0
    assert count["workspace_member"] > 30


def test_it_has_every_kind_of_enterprise() -> None:
    declared = {item.kind for item in load(EXAMPLE, Options()).desired.resources}

    assert declared == {name for name, kind in kinds().items() if "enterprise" in kind.editions}


def test_every_request_is_one_that_the_sdk_could_send_and_then_nothing_is_left_to_do(example: Lsops) -> None:
    with writes() as sent:
        assert example("apply", "clinic", "--yes").code == 0
        join_all(example)
        assert example("apply", "clinic", "--yes").code == 0

    assert len(sent) > 100
    assert invalid(sent, EXCUSED) == []
    settled = example("plan", "clinic", "--detailed-exitcode", "--format", "json")
    assert (settled.code, settled.json()["changes"], settled.json()["pending"]) == (0, [], [])
    assert example("dump", "-o", "made").code == 0
    assert example("plan", "made", "--detailed-exitcode").code == 0


def join_all(example: Lsops) -> None:
    """Everybody who was named has joined, with the role that is declared."""
    for item in load(EXAMPLE, Options()).desired.of("member"):
        add_user(example.folder / "a.db", item.key, str(item.values["role"]))
