"""A server that carries out every write and answers nonsense: nothing is made twice, and nothing ends in a bug."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from lsops.cli import context
from tests.support.cli import Lsops

MANIFEST = """
    version: 1
    session_policy: {max_session_age: 720}
    workspaces: {Radiology: {description: one}}
    projects:
      Triage:
        workspace: Radiology
        description: one
        import_storages: {scans: {type: s3, bucket: scans}}
        export_storages: {labels: {type: gcs, bucket: labels}}
        webhooks: {https://hooks.example.com/one: {}}
        views: {To do: {ordering: [tasks:id]}}
        ml_backends: {triage: {url: "http://models.example.com/triage"}}
    """
ODD: dict[str, Any] = {"null": None, "true": True, "number": -1, "text": "odd", "list": [], "object": {"odd": [1]}}
PATHS = ("/api/workspaces/", "/api/projects/", "/api/webhooks/", "/api/dm/views/", "/api/ml/")


class Garbling(httpx.WSGITransport):
    """A sandbox whose answers to writes are `whole`, or have `value` for every key, or for every key but the id."""

    value: Any = None
    form = "whole"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.method not in ("POST", "PATCH") or response.status_code >= 300:
            return response
        body = json.loads(response.read())
        kept = {"id"} if self.form == "all but the id" else set()
        garbled = {key: held if key in kept else self.value for key, held in body.items()}
        return httpx.Response(response.status_code, json=self.value if self.form == "whole" else garbled)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("form", ["whole", "all", "all but the id"])
def test_a_write_that_is_answered_with_nonsense_is_made_once_and_ends_in_words(
    name: str, form: str, lsops: Lsops
) -> None:
    made = type("Made", (Garbling,), {"value": ODD[name], "form": form})
    lsops.monkeypatch.setattr(context, "_in_process", lambda app: made(app=app))
    lsops.setenv(LSOPS_SERVER="sandbox:", LSOPS_SETTLE_TIMEOUT="0.2")
    lsops.write(MANIFEST)
    for _ in range(3):
        ran = lsops("apply", "--yes", "--format", "json")
        assert ran.code in (0, 4), ran
        assert "LS901" not in ran.err + ran.out
        assert "Traceback" not in ran.err
    lsops.monkeypatch.undo()
    assert counts(lsops) == dict.fromkeys(PATHS, 1) | {"/api/workspaces/": 2, "/api/webhooks/": 2}


def counts(lsops: Lsops) -> dict[str, int]:
    """How many there are of each: a workspace comes with the owner, a webhook with an ML backend."""
    app = context.open_sandbox(lsops.folder / ".lsops" / "sandbox.db", "enterprise")
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://sandbox") as client:
        rows = {path: client.get(path, params={"project": 1}).json() for path in PATHS}
    app.extensions["sandbox"].store.close()
    return {path: found["count"] if isinstance(found, dict) else len(found) for path, found in rows.items()}
