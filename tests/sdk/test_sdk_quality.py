"""The official SDK drives and reads what decides about agreement, and takes every body that lsops sends for it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.types import Dimension, ReviewRoutingRuleRequestRequest

from tests.support.cli import Lsops
from tests.support.sandbox import served
from tests.support.wire import Sent, writes

TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = "<View><Text name='t' value='$t'/><Choices name='mood' toName='t'><Choice value='a'/></Choices></View>"
CODE = "def agreement(one, other, per_label=False): return 1.0"
MANIFEST = f"""
    version: 1
    workspaces: {{Ward: {{}}}}
    projects:
      Scans:
        workspace: Ward
        label_config: "{CONFIG}"
        agreement: {{metric_name: iou, metric_params: {{iou_threshold: 0.7}}}}
        dimensions:
          mood: {{metric_type: iou, metric_params: {{iou_threshold: 0.6}}, is_active: false}}
          both: {{description: all, extraction_method: path, extraction_method_params: {{path: $.x}}, order: 4}}
        review_routing:
          rules: [{{dimension: both, operator: lt, agreement_threshold: 0.5, sample_rate: 1}}, {{sample_rate: "0.1"}}]
        custom_metric: {{code: "{CODE}"}}
"""


@pytest.fixture
def applied(lsops: Lsops) -> Iterator[tuple[LabelStudio, list[Sent]]]:
    """A client of a sandbox to which the manifest was applied, and all that was sent for it."""
    with served(token=TOKEN) as url, httpx.Client(timeout=30) as http:
        lsops.setenv(LSOPS_SERVER=url, LABEL_STUDIO_API_KEY=TOKEN)
        lsops.write(MANIFEST)
        with writes() as sent:
            ran = lsops("apply", "--yes")
        assert ran.code == 0, ran
        yield LabelStudio(base_url=url, api_key=TOKEN, httpx_client=http), sent


def bodies(sent: list[Sent], ending: str) -> list[Any]:
    return [one.body for one in sent if one.path.endswith(ending)]


def parameters(method: Any) -> set[str]:
    return set(inspect.signature(method).parameters)


def test_the_sdk_reads_every_declared_field_and_takes_every_body(applied):
    client, sent = applied
    project = next(iter(client.projects.list())).id
    metric, rules = client.projects.metrics.get(project), client.projects.review_routing_rules.list(project)
    mood, both = client.dimensions.list(project)
    custom = client.projects.metrics.custom

    assert (metric.metric_name, metric.metric_params) == ("iou", {"iou_threshold": 0.7})
    assert (mood.metric_type, mood.metric_params, mood.is_active) == ("iou", {"iou_threshold": 0.6}, False)
    assert (both.description, both.extraction_method, both.order) == ("all", "path", 4)
    assert client.dimensions.get(project, both.id).extraction_method_params == {"path": "$.x"}
    assert [(rule.dimension, rule.operator, rule.sample_rate) for rule in rules] == [
        (both.id, "lt", "1.0000"),
        (None, None, "0.1000"),
    ]
    assert (custom.get_function(project).code, custom.get_function(project).status) == (CODE, "Active")
    assert all(body.keys() <= parameters(client.projects.metrics.update) for body in bodies(sent, "/metricparam/"))
    assert all(body.keys() == {"code"} for body in bodies(sent, "-function"))
    assert all(set(body) <= set(Dimension.model_fields) for body in bodies(sent, "/dimensions/"))
    for rule in bodies(sent, "/review-routing-rules/bulk/")[0]["rules"]:
        assert ReviewRoutingRuleRequestRequest.model_validate(rule).model_dump(exclude_unset=True) == rule


def test_what_the_sdk_writes_is_drift_that_lsops_undoes(applied, lsops):
    client, _ = applied
    project = next(iter(client.projects.list())).id
    client.projects.metrics.update(project, metric_name="rank", additional_params={})
    client.projects.review_routing_rules.bulk_replace(
        project,
        rules=[
            ReviewRoutingRuleRequestRequest(sample_rate="0.5", operator=None, dimension=None, agreement_threshold=None)
        ],
    )
    client.projects.metrics.custom.check_function(project, code=CODE)
    client.projects.metrics.custom.deploy_function(project, code=f"{CODE} * 0.5")

    drifted = {one["address"].rpartition("/")[2] for one in lsops("drift", "--format", "json").json()["changes"]}

    assert drifted == {"agreement", "review_routing", "custom_metric"}
    assert lsops("apply", "--yes").code == 0
    assert lsops("plan", "--detailed-exitcode").code == 0
    assert client.projects.metrics.custom.get_function_logs(project) == {"logs": []}
