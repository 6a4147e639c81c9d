"""What the official SDK made on a real Label Studio is dumped, deleted, and made again from the dump."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio

from lsops.difference import inner_differences
from tests.live.conftest import empty
from tests.support.cli import Lsops, Ran
from tests.support.label_studio import Running
from tests.support.ml_backend import MlBackend, ml_backend
from tests.support.moto_server import Moto

pytestmark = pytest.mark.live

CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text" choice="single">
    <Choice value="Good {number}"/><Choice value="Bad"/>
  </Choices>
</View>"""
HOSTILE = (
    "${env:HOME} cats",
    "a: b # c",
    "../../etc/passwd",
    "CON",
    "Überweisung/日本語",
    "yes",
    "---",
    "x" * 50,
    "~1 {a}",
)
VOLATILE = frozenset(
    """id project created_at updated_at created_by last_sync last_sync_count last_sync_job status traceback meta state
    readable_state error_message task user order members_count""".split()
)
"""What every copy has of its own."""
SECRETS = {"headers.X-Token": "a-token", "url": "https://hooks.slack.com/services/T1/B2/abcdefghijklm"}


@pytest.fixture
def sdk(label_studio: Running) -> Iterator[LabelStudio]:
    no_keep_alive = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(timeout=60, limits=no_keep_alive) as http:
        yield LabelStudio(base_url=label_studio.url, api_key=label_studio.token, httpx_client=http)


@dataclass(frozen=True)
class Surroundings:
    """What the server's storages and ML backends lead to."""

    backend: MlBackend
    folder: Path


@pytest.fixture
def surroundings(moto: Moto, label_studio: Running, tmp_path: Path) -> Iterator[Surroundings]:
    folder = label_studio.data_dir / tmp_path.name
    folder.mkdir()
    moto.put("scans", {"task.json": "{}"})
    with ml_backend() as backend:
        yield Surroundings(backend, folder)


def fill(sdk: LabelStudio, around: Surroundings, number_of: int) -> None:
    """That many projects: some plain, some with all that a project can have, some with names that nobody should give."""
    titles = [*HOSTILE, "Twins", "Twins", *(f"Project {number:02}" for number in range(number_of - len(HOSTILE) - 2))]
    for number, title in enumerate(titles):
        made = sdk.projects.create(
            title=title,
            label_config=CONFIG.format(number=number % 7),
            description=f"{title} ${{file:lsops.yaml}}",
            maximum_annotations=2,
            show_instruction=number % 2 == 0,
            expert_instruction="<h1>Look</h1>\n  <p>twice</p>" if number % 3 == 0 else "",
        )
        assert made.id is not None
        if number % 5 == 0:
            equip(sdk, made.id, around.folder)
        if number in (3, 7):
            sdk.ml.create(project=made.id, url=around.backend.below(f"model{number}"), title=f"model {number}")


def equip(sdk: LabelStudio, project: int, folder: Path) -> None:
    """Storages of both sides, one without a title, two of one title; webhooks, one of them a secret; views."""
    for title in ("raw", "raw", None):
        sdk.import_storage.local.create(project=project, title=title, path=str(folder), regex_filter=r".*\.json")
    sdk.import_storage.s3.create(
        project=project, title="scans", bucket="scans", aws_access_key_id="any-id", aws_secret_access_key="any-key"
    )
    sdk.export_storage.local.create(project=project, title="out", path=str(folder), can_delete_objects=True)
    sdk.webhooks.create(
        project=project, url="https://hooks.example.com/a", headers={"X-Token": "a-token"}, send_payload=False
    )
    sdk.webhooks.create(project=project, url=SECRETS["url"], send_for_all_actions=False, actions=["ANNOTATION_CREATED"])
    condition = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 5}
    filters = {"conjunction": "and", "items": [condition]}
    sdk.views.create(project=project, data={"title": "Newest: first", "ordering": ["-tasks:id"], "odd": {"key": 1}})
    sdk.views.create(
        project=project,
        data={"title": "Later", "filters": filters, "hiddenColumns": {"explore": ["tasks:id"], "labeling": []}},
    )


def seen(sdk: LabelStudio) -> dict[str, Any]:
    """All that the SDK shows of each project, less what every copy has of its own, by its title."""
    found: dict[str, Any] = {}
    for project in sdk.projects.list(page_size=100):
        number = project.id
        lists: dict[str, Callable[[], Any]] = {
            "local": lambda number=number: sdk.import_storage.local.list(project=number),
            "s3": lambda number=number: sdk.import_storage.s3.list(project=number),
            "out": lambda number=number: sdk.export_storage.local.list(project=number),
            "ml": lambda number=number: sdk.ml.list(project=number),
            "views": lambda number=number: sdk.views.list(project=number),
        }
        held = {name: sorted(map(plain, read()), key=repr) for name, read in lists.items()}
        hooks = [plain(hook) for hook in sdk.webhooks.list(project=str(number))]
        whole = {**plain(sdk.projects.get(id=number)), **held, "webhooks": sorted(hooks, key=repr)}
        found.setdefault(whole["title"], []).append(whole)
    return {title: sorted(rows, key=repr) for title, rows in found.items()}


def plain(row: Any) -> dict[str, Any]:
    """A row without what is volatile; a name that was made for one without any, or with another's, is as it was."""
    values = {name: value for name, value in row.model_dump().items() if name not in VOLATILE}
    title = re.sub(r" \(id \d+\)$", "", values.get("title") or "")
    values["title"] = "" if title.startswith("untitled ") else title
    return values


def set_secrets(lsops: Lsops, dumped: Ran) -> None:
    values = {**SECRETS, "aws_access_key_id": "any-id", "aws_secret_access_key": "any-key"}
    for one in dumped.json()["secrets"]:
        lsops.setenv(**{one["name"]: values[one["field"]]})


def without_pins(folder: Path) -> None:
    """Another server has other ids."""
    for path in folder.rglob("*.yaml"):
        path.write_text(re.sub(r"(?m), lifecycle: \{id: .*?\]\}|^ *lifecycle: \{id: .*\n", "", path.read_text()))


@pytest.mark.parametrize("number_of", [12, pytest.param(40, marks=pytest.mark.soak)])
def test_projects_of_the_sdk_are_dumped_and_made_again(
    live: Lsops, server: httpx.Client, sdk: LabelStudio, surroundings: Surroundings, number_of: int
) -> None:
    fill(sdk, surroundings, number_of)
    before = seen(sdk)
    dumped = live("dump", "-o", "made", "--format", "json")
    assert dumped.code == 0, dumped
    assert live("plan", "made", "--detailed-exitcode").code == 0
    assert live("dump", "-o", "made", "--force").code == 0
    set_secrets(live, dumped)
    assert live("plan", "made", "--detailed-exitcode").last.startswith("No changes")
    empty(server)
    without_pins(live.folder / "made")
    applied = live("apply", "made", "--yes", "-q")
    assert applied.code == 0, applied
    assert list(inner_differences(before, seen(sdk))) == []
