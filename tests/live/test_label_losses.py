"""What a real Label Studio does without a word, lsops says before: drafts, data fields, weights, model versions."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.one_project import CONFIG, declare, projects, settled

pytestmark = pytest.mark.live

NAMED = ("--allow-data-loss", "/projects/Triage")
WITHOUT = CONFIG.replace('<Choice value="No"/>', "")
DYNAMIC = WITHOUT.replace('toName="t">', 'toName="t" value="$options">')


def drafted(live: Lsops, server: httpx.Client) -> None:
    """A task whose only work is a draft with the label `No`."""
    declare(live, {})
    settled(live)
    path = f"/api/projects/{projects(server)[0]['id']}/import?return_task_ids=true"
    (task,) = server.post(path, json=[{"data": {"text": "a"}}]).raise_for_status().json()["task_ids"]
    result = [{"from_name": "dx", "to_name": "t", "type": "choices", "value": {"choices": ["No"]}}]
    server.post(f"/api/tasks/{task}/drafts", json={"result": result}).raise_for_status()


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (WITHOUT, 'label "No" of "dx" goes away (removed) while 1 draft uses it'),
        (DYNAMIC, 'label "No" of "dx" goes away (removed, unless $options of the task has it) while 1 draft uses it'),
        ("<View></View>", '"dx" goes away (removed) while drafts use it'),
    ],
)
def test_a_label_that_only_a_draft_uses_goes_by_name_alone(
    live: Lsops, server: httpx.Client, config: str, told: str
) -> None:
    drafted(live, server)
    declare(live, {"label_config": config})
    planned = live("plan")
    assert told in planned.out
    assert "apply will need --allow-data-loss /projects/Triage" in planned.out
    ran = live("apply", "--yes")
    assert (ran.code, f"error[LS804]: /projects/Triage: {told}" in ran.err) == (5, True)
    settled(live, *NAMED)


def test_a_label_that_no_draft_uses_goes_unasked(live: Lsops, server: httpx.Client) -> None:
    drafted(live, server)
    declare(live, {"label_config": CONFIG.replace('<Choice value="Yes"/>', "")})
    assert "goes away" not in live("plan").out
    settled(live)


def test_the_server_is_asked_about_drafts_too(live: Lsops, server: httpx.Client) -> None:
    drafted(live, server)
    declare(live, {"label_config": WITHOUT})
    ran = live("plan", "--check")
    assert ran.code == 3
    assert "No (1 draft)" in ran.out + ran.err


@pytest.mark.parametrize(
    ("tasks", "told"),
    [
        ([{"text": "a"}] * 3, '3 tasks have no field "body"'),
        ([{"text": "a"}, {"text": "a", "body": "b"}], '1 of 2 tasks have no field "body"'),
        ([{"text": "a", "body": "b"}], ""),
    ],
)
def test_a_field_that_tasks_lack_is_told(
    live: Lsops, server: httpx.Client, tasks: list[dict[str, Any]], told: str
) -> None:
    declare(live, {})
    settled(live)
    path = f"/api/projects/{projects(server)[0]['id']}/import"
    server.post(path, json=[{"data": task} for task in tasks]).raise_for_status()
    declare(live, {"label_config": CONFIG.replace("$text", "$body")})
    out = live("plan").out
    assert told in out
    assert ("no field" in out) == bool(told)
    settled(live)


def test_a_label_goes_with_its_weight_in_one_apply(live: Lsops, server: httpx.Client) -> None:
    declare(live, {"control_weights": {"dx": {"overall": 0.5, "labels": {"Yes": 0.25, "No": 0.75}}}})
    settled(live)
    declare(live, {"label_config": WITHOUT, "control_weights": {"dx": {"overall": 0.5, "labels": {"Yes": 0.25}}}})
    settled(live)
    assert projects(server)[0]["control_weights"]["dx"]["labels"] == {"Yes": 0.25}


def test_hiding_predictions_clears_the_version_as_the_plan_says(live: Lsops, server: httpx.Client) -> None:
    declare(live, {})
    settled(live)
    task = {"data": {"text": "a"}, "predictions": [{"model_version": "v1", "result": []}]}
    server.post(f"/api/projects/{projects(server)[0]['id']}/import", json=[task]).raise_for_status()
    declare(live, {"show_collab_predictions": False})
    assert 'clears model_version, which is "v1" and not set here' in live("plan").out
    settled(live)
    assert projects(server)[0]["model_version"] == ""
