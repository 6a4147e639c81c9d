"""`lsops sync` against a real Label Studio and moto's S3."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.live.test_cycle import annotate
from tests.support.cli import Lsops
from tests.support.moto_server import Moto
from tests.support.one_project import declare, projects

pytestmark = pytest.mark.live

KEYS = {"aws_access_key_id": "${env:AWS_KEY}", "aws_secret_access_key": "${env:AWS_SECRET}"}
RAW, OUT = "/projects/Triage/import_storages/raw", "/projects/Triage/export_storages/out"


def test_tasks_come_in_annotations_go_out_and_what_fails_says_why(
    live: Lsops, server: httpx.Client, moto: Moto
) -> None:
    moto.empty()
    live.setenv(AWS_KEY="any", AWS_SECRET="any")
    task = json.dumps({"data": {"text": "a text"}})
    moto.put("scans", {"in/1.json": task, "in/2.json": task, "in/3.txt": "no task"})
    moto.put("labels")
    storage = {"type": "s3", "bucket": "scans", **KEYS, "use_blob_urls": False}
    imports = {
        "raw": {**storage, "prefix": "in/", "regex_filter": ".*json", "sync": "after_apply"},
        "none": {**storage, "prefix": "in/", "regex_filter": ".*jpg"},
        "bad": {**storage, "prefix": "in/", "regex_filter": ".*txt"},
    }
    declare(live, {"import_storages": imports, "export_storages": {"out": {"type": "s3", "bucket": "labels", **KEYS}}})

    made = live("apply", "--yes")
    assert f"| done {RAW}: 2 tasks came in\n" in made.out, made
    annotate(server, projects(server)[0]["id"], "Yes")
    ran = live("sync", "--format", "json")

    assert ran.code == 4, ran
    found = {one["address"]: (one["outcome"], one["reason"]) for one in ran.json()["outcomes"]}
    assert found[RAW] == ("done", "nothing new: 2 tasks of it are there")
    assert found[RAW.replace("raw", "none")] == ("done", 'nothing matched prefix "in/" and regex_filter ".*jpg"')
    assert found[OUT] == ("done", "1 annotation written")
    assert found[RAW.replace("raw", "bad")][0] == "failed"
    assert "Traceback" not in found[RAW.replace("raw", "bad")][1]
    moto.empty()
    gone = live("sync", RAW)
    assert (gone.code, gone.last) == (4, "Sync incomplete: 0 done, 1 failed.")
