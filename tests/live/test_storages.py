"""Cloud storages of both sides on a real Label Studio: a folder of its disk, a Redis with a password, moto's S3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.live.test_cycle import annotate
from tests.support.cli import Lsops
from tests.support.label_studio import Running
from tests.support.moto_server import Moto
from tests.support.one_project import projects
from tests.support.redis_server import Redis, redis_in

pytestmark = pytest.mark.live

TYPES = ("localfiles", "redis", "s3")
SIDES = ("import", "export")
CASES = [(side, type_) for side in SIDES for type_ in TYPES]
CONFIG = """
    <View><Text name="t" value="$text"/>
    <Choices name="dx" toName="t"><Choice value="Yes"/><Choice value="No"/></Choices></View>
"""
COMMON = {
    "description": ["what it is for", "", None],
    "regex_filter": [r".*\.json", "", None],
    "use_blob_urls": [True, False],
    "synchronizable": [False, True],
}
OWN: dict[str, dict[str, list[Any]]] = {
    "import-localfiles": {"recursive_scan": [True, False]},
    "export-localfiles": {"can_delete_objects": [True, False, None]},
    "import-redis": {"path": ["other/", None, ""], "db": [6], "host": ["localhost"]},
    "export-redis": {"path": ["other/", None, ""], "db": [6], "host": ["localhost"], "can_delete_objects": [True]},
    "import-s3": {
        "bucket": ["other"],
        "prefix": ["other", "", None],
        "region_name": ["eu-west-1", None],
        "aws_sse_kms_key_id": ["alias/scans", None],
        "presign": [False, True],
        "presign_ttl": [15],
        "recursive_scan": [True],
    },
    "export-s3": {
        "bucket": ["other"],
        "prefix": ["other", "", None],
        "region_name": ["eu-west-1", None],
        "aws_sse_kms_key_id": ["alias/scans", None],
        "can_delete_objects": [True, False, None],
    },
}
"""Values that a field goes through, one after the other, beside those of every storage."""


@dataclass(frozen=True)
class Stores:
    """Places that storages can reach: each has `in` and `other` below it, with a task in both."""

    server: httpx.Client
    root: Path
    redis: Redis
    moto: Moto

    def entry(self, type_: str) -> dict[str, Any]:
        """A storage that the server accepts."""
        if type_ == "localfiles":
            return {"type": type_, "path": str(self.root / "in")}
        if type_ == "redis":
            place = {"host": "127.0.0.1", "port": self.redis.port, "db": 5, "path": ""}
            return {"type": type_, **place, "password": "${env:STORE_PASSWORD}"}
        keys = {"aws_access_key_id": "${env:STORE_KEY_ID}", "aws_secret_access_key": "${env:STORE_KEY}"}
        return {"type": type_, "bucket": "scans", "prefix": "in", **keys}

    def values(self, side: str, type_: str) -> dict[str, list[Any]]:
        """Every field that can change, with the values that it goes through."""
        more: dict[str, list[Any]] = {}
        if type_ == "localfiles":
            more["path"] = [str(self.root / "other")]
        if type_ == "s3":
            more["s3_endpoint"] = [str(self.moto.http.base_url).rstrip("/"), None]
        return {**COMMON, **OWN[f"{side}-{type_}"], **more}

    def rows(self, side: str) -> list[dict[str, Any]]:
        """What the server holds of the only project."""
        path = "/api/storages/" if side == "import" else "/api/storages/export"
        return self.server.get(path, params={"project": projects(self.server)[0]["id"]}).raise_for_status().json()

    def item(self, side: str, row: Mapping[str, Any]) -> str:
        return f"/api/storages/{'export/' if side == 'export' else ''}{row['type']}/{row['id']}"

    def written(self, type_: str) -> list[str]:
        """What an export storage of that type has written."""
        if type_ == "localfiles":
            return [file.read_text() for file in (self.root / "in").glob("*") if file.name != "task.json"]
        if type_ == "redis":
            keys = self.redis.ask("KEYS", "*", db=5).split()
            return [self.redis.ask("GET", key, db=5) for key in keys if key != "task.json"]
        return [text for key, text in self.moto.objects("scans").items() if not key.endswith("task.json")]


@pytest.fixture
def stores(
    live: Lsops, server: httpx.Client, label_studio: Running, redis: Redis, moto: Moto, tmp_path: Path
) -> Stores:
    task = json.dumps({"text": "a text"})
    moto.empty()
    redis.empty()
    root = label_studio.data_dir / tmp_path.name
    for name in ("in", "other"):
        (root / name).mkdir(parents=True)
        (root / name / "task.json").write_text(task)
    for bucket in ("scans", "other"):
        moto.put(bucket, {"in/task.json": task, "other/task.json": task})
    redis.ask("SET", "task.json", task, db=5)
    live.setenv(STORE_PASSWORD=redis.password, STORE_KEY_ID="any-id", STORE_KEY="any-key")
    return Stores(server, root, redis, moto)


def declare(lsops: Lsops, entries: Mapping[str, Mapping[str, Any]], **more: Any) -> None:
    """A manifest with one project and these storages by side and title; `more` stands at its top."""
    project = {"label_config": CONFIG, **{f"{side}_storages": storages for side, storages in entries.items()}}
    lsops.write(json.dumps({"version": 1, "projects": {"Scans": project}, **more}, indent=2))


def applied(lsops: Lsops, *arguments: str) -> str:
    """The output of an apply that works and leaves nothing to do."""
    ran = lsops("apply", "--yes", *arguments)
    assert ran.code == 0, ran
    again = lsops("plan", "--detailed-exitcode")
    assert (again.code, again.last.partition(".")[0]) == (0, "No changes"), again
    return ran.out


@pytest.mark.parametrize(("side", "type_"), CASES)
def test_all_fields_are_kept_by_a_create_and_changed_together(
    live: Lsops, stores: Stores, side: str, type_: str
) -> None:
    for number in range(3):
        values = {field: (values[number:] or values[-1:])[0] for field, values in stores.values(side, type_).items()}
        declare(live, {side: {"raw": {**stores.entry(type_), **values}}})
        applied(live)
        (row,) = stores.rows(side)
        assert {field: row[field] for field in values} == values


@pytest.mark.parametrize("side", SIDES)
def test_a_redis_storage_moves_to_another_port(live: Lsops, stores: Stores, side: str, tmp_path: Path) -> None:
    declare(live, {side: {"raw": stores.entry("redis")}})
    applied(live)
    with redis_in(tmp_path) as second:
        declare(live, {side: {"raw": {**stores.entry("redis"), "port": str(second.port)}}})
        assert "|   port: " in applied(live)
    assert stores.rows(side)[0]["port"] == str(second.port)


@pytest.mark.parametrize("side", SIDES)
def test_other_spellings_of_a_path_or_a_port_are_no_change(live: Lsops, stores: Stores, side: str) -> None:
    files, redis = stores.entry("localfiles"), stores.entry("redis")
    declare(live, {side: {"files": files, "redis": redis}})
    applied(live)
    files["path"] = f"{files['path']}//"
    redis["port"] = str(redis["port"])
    declare(live, {side: {"files": files, "redis": redis}})
    assert live("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("type_", ["redis", "s3"])
@pytest.mark.parametrize("side", SIDES)
def test_a_rotated_secret_is_sent_again_when_asked(live: Lsops, stores: Stores, side: str, type_: str) -> None:
    declare(live, {side: {"raw": stores.entry(type_)}})
    applied(live)
    sync = f"{stores.item(side, stores.rows(side)[0])}/sync"
    annotate(stores.server, projects(stores.server)[0]["id"], "No")
    key_id, key = stores.moto.new_key("rotated")
    stores.redis.set_password("rotated")
    with stores.moto.guarded():
        refused = stores.server.post(sync)
        assert refused.is_error or refused.json()["status"] in ("failed", "completed_with_errors")
        live.setenv(STORE_PASSWORD="rotated", STORE_KEY_ID=key_id, STORE_KEY=key)
        assert live("plan", "--detailed-exitcode").code == 0
        out = applied(live, "--resend-secrets", f"/projects/*/{side}_storages/*")
        assert f"|   ! /projects/Scans/{side}_storages/raw" in out
        assert stores.server.post(sync).raise_for_status().json()["status"] == "completed"


@pytest.mark.parametrize("side", SIDES)
def test_another_type_replaces_a_storage(live: Lsops, stores: Stores, side: str) -> None:
    declare(live, {side: {"raw": stores.entry("s3")}})
    applied(live)
    declare(live, {side: {"raw": stores.entry("localfiles")}})
    assert f"-/+ /projects/Scans/{side}_storages/raw" in live("plan").out
    assert live("apply", "--yes").code == 5
    assert [row["type"] for row in stores.rows(side)] == ["s3"]
    out = applied(live, "--allow-deletes", "1")
    assert "0 created, 0 updated, 1 replaced, 0 deleted" in out
    assert [row["type"] for row in stores.rows(side)] == ["localfiles"]


@pytest.mark.parametrize("how", ["absent", "prune"])
def test_storages_of_every_type_are_deleted(live: Lsops, stores: Stores, how: str) -> None:
    entries = {side: {type_: stores.entry(type_) for type_ in TYPES} for side in SIDES}
    declare(live, entries)
    applied(live)
    if how == "absent":
        gone = {type_: {**stores.entry(type_), "lifecycle": {"absent": True}} for type_ in TYPES}
        declare(live, dict.fromkeys(SIDES, gone))
    else:
        declare(live, {side: {} for side in SIDES}, prune=[f"projects/*/{side}_storages" for side in SIDES])
    assert live("apply", "--yes", "--allow-deletes", "5").code == 5
    assert "6 deleted" in applied(live, "--allow-deletes", "6")
    assert [stores.rows(side) for side in SIDES] == [[], []]


def test_what_is_changed_or_deleted_by_hand_is_seen_and_mended(live: Lsops, stores: Stores) -> None:
    entries = {type_: {**stores.entry(type_), "description": "as declared"} for type_ in TYPES}
    declare(live, dict.fromkeys(SIDES, entries))
    applied(live)
    for side in SIDES:
        for row in stores.rows(side):
            needed = {name: row[name] for name in ("host", "port", "path", "db") if name in row}
            body = {**needed, "password": stores.redis.password, "description": "by hand"}
            stores.server.patch(stores.item(side, row), json=body).raise_for_status()
    planned = live("plan", "--detailed-exitcode")
    assert planned.code == 2
    assert planned.out.count('|   description: "by hand" -> "as declared"') == 6
    assert planned.last == "Plan: 0 to create, 6 to update, 0 to replace, 0 to delete."
    applied(live)
    stores.server.delete(stores.item("import", stores.rows("import")[0])).raise_for_status()
    assert "1 created, 0 updated" in applied(live)


@pytest.mark.parametrize("type_", TYPES)
def test_a_new_export_storage_writes_the_annotations_as_its_plan_says(live: Lsops, stores: Stores, type_: str) -> None:
    declare(live, {})
    applied(live)
    annotate(stores.server, projects(stores.server)[0]["id"], "No")
    declare(live, {"export": {"out": stores.entry(type_)}})
    planned = live("plan")
    assert "|   effect: writes all annotations of the project to " in planned.out
    assert stores.written(type_) == []
    applied(live)
    (text,) = stores.written(type_)
    assert json.loads(text)["result"][0]["value"] == {"choices": ["No"]}
    assert stores.rows("export")[0]["status"] == "completed"


@pytest.mark.parametrize("type_", TYPES)
def test_a_new_import_storage_imports_nothing_before_its_sync(live: Lsops, stores: Stores, type_: str) -> None:
    declare(live, {"import": {"in": stores.entry(type_)}})
    assert "effect:" not in applied(live)
    (row,) = stores.rows("import")
    assert (row["status"], projects(stores.server)[0]["task_number"]) == ("initialized", 0)
    synced = stores.server.post(f"{stores.item('import', row)}/sync").raise_for_status().json()
    assert (synced["status"], synced["last_sync_count"]) == ("completed", 1)
    assert live("plan", "--detailed-exitcode").code == 0
