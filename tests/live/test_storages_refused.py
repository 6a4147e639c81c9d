"""What a real Label Studio refuses about storages: its own words, at the manifest line, and no secret beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops, Ran
from tests.support.label_studio import free_port
from tests.support.moto_server import Moto
from tests.support.one_project import projects
from tests.support.redis_server import Redis

pytestmark = pytest.mark.live

KEYS = {"aws_access_key_id": "${env:STORE_KEY_ID}", "aws_secret_access_key": "${env:STORE_KEY}"}
PASSWORD = {"password": "${env:STORE_PASSWORD}"}
BUCKET = {"type": "s3", "bucket": "scans", **KEYS}
CLOSED = free_port()
ENDPOINT = f"http://127.0.0.1:{CLOSED}"

CASES = {
    "a wrong bucket": ("import", {**BUCKET, "bucket": "no-such-bucket"}, "Cannot find bucket no-such-bucket in S3"),
    "a wrong bucket to write": ("export", {**BUCKET, "bucket": "other"}, "Cannot find bucket other in S3"),
    "a bad name": ("import", {**BUCKET, "bucket": "UPPER_bad!"}, 'Invalid bucket name "UPPER_bad!"'),
    "wrong keys": ("import", BUCKET, "Cannot connect to S3 scans with specified AWS credentials"),
    "wrong keys to write": ("export", BUCKET, "Cannot connect to S3 scans with specified AWS credentials"),
    "a missing prefix": ("import", {**BUCKET, "prefix": "missing"}, "s3://scans/missing not found."),
    "a closed endpoint": ("import", {**BUCKET, "s3_endpoint": ENDPOINT}, "Debugging info is not available"),
    "a closed port": ("import", {"type": "redis", "host": "127.0.0.1", "port": CLOSED}, "connect to Redis server."),
    "a closed port to write": (
        "export",
        {"type": "redis", "host": "127.0.0.1", "port": CLOSED},
        "Error 111 connecting",
    ),
    "a wrong password": ("import", {"type": "redis", **PASSWORD}, "connect to Redis server."),
    "a wrong password to write": ("export", {"type": "redis", **PASSWORD}, "invalid username-password pair"),
    "database 0": ("import", {"type": "redis", "db": 0, **PASSWORD}, "connect to Redis server."),
    "a missing folder": ("import", {"type": "localfiles", "path": "/no/such"}, '"/no/such" does not exist'),
    "a folder elsewhere": ("import", {"type": "localfiles", "path": "/usr"}, '"/usr" must be a subdirectory of'),
    "a folder elsewhere to write": ("export", {"type": "localfiles", "path": "/usr"}, '"/usr" must be a subdirectory'),
}
CHECKED = dict.fromkeys(["a closed port to write", "a wrong password to write"], "Error validating storage connection")
"""Where the server says less to a check than to a create."""

CANARIES = {"STORE_PASSWORD": "canary-password", "STORE_KEY_ID": "canary-id", "STORE_KEY": "canary-key"}


@dataclass(frozen=True)
class Project:
    """A project that exists, and storages that may."""

    lsops: Lsops
    server: httpx.Client
    redis: Redis
    moto: Moto

    def declare(self, side: str, entry: Mapping[str, Any], *, description: str = "", title: str = "Scans") -> int:
        """A manifest with one storage; the line on which the storage stands."""
        if entry["type"] == "redis":
            entry = {"host": "127.0.0.1", "port": self.redis.port, **entry}
        project = {"description": description, f"{side}_storages": {"raw": entry}}
        file = self.lsops.write(json.dumps({"version": 1, "projects": {title: project}}, indent=1))
        return 1 + next(number for number, text in enumerate(file.read_text().splitlines()) if '"raw"' in text)

    def run(self, *arguments: str) -> Ran:
        """`lsops`, as talkative as it can be: no secret is in what it prints or writes."""
        audit = ["--audit", "audit.jsonl"] if arguments[0] == "apply" else []
        ran = self.lsops(*arguments, "-vv", "--debug", *audit)
        files = "".join(file.read_text() for file in self.lsops.folder.iterdir())
        assert "canary" not in ran.out + ran.err + files
        return ran

    def rows(self, side: str) -> list[dict[str, Any]]:
        path = "/api/storages/" if side == "import" else "/api/storages/export"
        return self.server.get(path, params={"project": projects(self.server)[0]["id"]}).raise_for_status().json()


@pytest.fixture
def project(live: Lsops, server: httpx.Client, redis: Redis, moto: Moto) -> Project:
    moto.empty()
    moto.put("scans", {"in/task.json": "{}"})
    live.setenv(**CANARIES)
    server.post("/api/projects/", json={"title": "Scans"}).raise_for_status()
    return Project(live, server, redis, moto)


def guarded(project: Project, name: str) -> Any:
    return project.moto.guarded() if name.startswith("wrong keys") else nullcontext()


@pytest.mark.parametrize("name", CASES)
def test_apply_tells_at_the_manifest_line_what_the_server_refused(project: Project, name: str) -> None:
    side, entry, message = CASES[name]
    line = project.declare(side, entry, description="changed")
    with guarded(project, name):
        failed = project.run("apply", "--yes", "--settle-timeout", "1")
    assert failed.code == 4
    assert message in failed.out
    assert f"lsops.yaml:{line}:" in failed.out
    assert f"/projects/Scans/{side}_storages/raw" in failed.out
    assert failed.last == "Apply incomplete: 1 done, 1 failed, 0 skipped."
    assert project.rows(side) == []
    assert projects(project.server)[0]["description"] == "changed"


@pytest.mark.parametrize("name", CASES)
def test_check_storages_tells_it_before_anything_is_written(project: Project, name: str) -> None:
    side, entry, message = CASES[name]
    line = project.declare(side, entry, description="changed")
    with guarded(project, name):
        refused = project.run("apply", "--yes", "--check-storages")
    assert refused.code == 3
    assert CHECKED.get(name, message) in refused.err
    assert f"lsops.yaml:{line}:" in refused.err
    assert f"/projects/Scans/{side}_storages/raw" in refused.err
    assert project.rows(side) == []
    assert projects(project.server)[0]["description"] == ""


@pytest.mark.parametrize("side", ["import", "export"])
def test_check_storages_lets_good_ones_through_and_saves_nothing_of_its_own(project: Project, side: str) -> None:
    project.lsops.setenv(STORE_PASSWORD=project.redis.password)
    for entry in (BUCKET, {**BUCKET, "prefix": "in", "description": "changed"}):
        project.declare(side, entry)
        checked = project.run("apply", "--yes", "--check-storages")
        assert checked.code == 0, checked
        assert len(project.rows(side)) == 1
        assert project.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("side", ["import", "export"])
def test_an_update_is_checked_with_what_the_server_holds_beneath(project: Project, side: str) -> None:
    project.declare(side, {**BUCKET, "prefix": "in"})
    assert project.run("apply", "--yes").code == 0
    line = project.declare(side, {**BUCKET, "prefix": "in", "bucket": "no-such-bucket"}, description="changed")
    checked = project.run("apply", "--yes", "--check-storages")
    assert checked.code == 3
    assert f"lsops.yaml:{line}:" in checked.err
    failed = project.run("apply", "--yes")
    assert failed.code == 4
    assert "Cannot find bucket no-such-bucket in S3" in failed.out
    assert project.rows(side)[0]["bucket"] == "scans"


def test_a_storage_of_a_new_project_is_said_not_to_be_checked(project: Project) -> None:
    project.declare("import", BUCKET, title="Another")
    checked = project.run("apply", "--yes", "--check-storages")
    assert checked.code == 0, checked
    assert "not checked: /projects/Another/import_storages/raw: its project does not exist yet" in checked.err


def test_a_failed_replace_leaves_the_old_storage(project: Project) -> None:
    project.declare("import", BUCKET)
    assert project.run("apply", "--yes").code == 0
    project.declare("import", {"type": "localfiles", "path": "/usr"})
    failed = project.run("apply", "--yes", "--allow-deletes", "1")
    assert failed.code == 4
    assert failed.last == "Apply incomplete: 0 done, 1 failed, 0 skipped."
    assert [row["type"] for row in project.rows("import")] == ["s3"]


@pytest.mark.parametrize("entry", [BUCKET, {**BUCKET, "bucket": "no-such-bucket"}])
def test_no_secret_is_in_a_document_or_a_saved_plan(project: Project, entry: dict[str, Any]) -> None:
    project.lsops.setenv(SOURCE_DATE_EPOCH="0")
    project.declare("import", entry)
    planned = project.run("plan", "--out", "plan.json")
    assert "aws_secret_access_key: ***" in planned.out
    assert project.run("plan", "--format", "json", "--log-format", "json").json() == json.loads(
        (project.lsops.folder / "plan.json").read_text()
    )
    reported = project.run("apply", "--plan", "plan.json", "--format", "json", "--log-format", "json")
    assert [outcome["address"] for outcome in reported.json()["outcomes"]] == ["/projects/Scans/import_storages/raw"]


def test_a_secret_that_the_server_echoes_is_masked(project: Project) -> None:
    project.lsops.setenv(STORE_KEY_ID="canary\nid")
    project.declare("import", BUCKET)
    failed = project.run("apply", "--yes", "--settle-timeout", "1")
    assert failed.code == 4
    assert "Invalid header value" in failed.out
