"""A project's password and its model version on the real server; its other fields are cases of tests/kinds."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.one_project import CONFIG, projects

pytestmark = pytest.mark.live


def test_a_password_is_sent_on_create_and_again_when_asked(live: Lsops, server: httpx.Client) -> None:
    live.write("version: 1\nprojects:\n  With data login: {task_data_password: '${env:TASK_PASSWORD}'}\n")
    live.setenv(TASK_PASSWORD="first password")
    assert live("apply", "--yes").code == 0
    assert projects(server)[0]["task_data_password"] == "first password"
    live.setenv(TASK_PASSWORD="second password")
    assert live("plan", "--detailed-exitcode").code == 0
    resent = live("apply", "--yes", "--resend-secrets", "/**")
    assert resent.out.startswith("! /projects/With data login")
    assert projects(server)[0]["task_data_password"] == "second password"


def test_a_model_version_is_set_once_predictions_of_it_exist(live: Lsops, server: httpx.Client) -> None:
    live.write(f"version: 1\nprojects:\n  Predicted: {{label_config: {json.dumps(CONFIG)}}}\n")
    live("apply", "--yes")
    number = projects(server)[0]["id"]
    for version in ("v1", "v2"):
        result = [{"from_name": "dx", "to_name": "t", "type": "choices", "value": {"choices": ["Yes"]}}]
        task = {"data": {"text": version}, "predictions": [{"model_version": version, "result": result}]}
        server.post(f"/api/projects/{number}/import", json=[task]).raise_for_status()
    for version in ("v1", "v2", "v1"):
        live.write(f"version: 1\nprojects:\n  Predicted: {{model_version: {version}}}\n")
        live("apply", "--yes")
        assert projects(server)[0]["model_version"] == version
        assert live("plan", "--detailed-exitcode").code == 0


def test_a_model_version_that_does_not_exist_fails_alone(live: Lsops, server: httpx.Client) -> None:
    live.write("version: 1\nprojects:\n  Predicted: {model_version: none such}\n")
    failed = live("apply", "--yes")
    assert failed.code == 4
    assert "Model version doesn't exist" in failed.out
    assert failed.last == "Apply incomplete: 1 done, 1 failed, 0 skipped."
    assert [row["title"] for row in projects(server)] == ["Predicted"]
