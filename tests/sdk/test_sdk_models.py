"""The official SDK reads what lsops made of model providers, prompts and versions, and makes what lsops reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from inspect import signature
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio

from tests.support.cli import Lsops
from tests.support.sandbox import served
from tests.support.wire import Sent, writes

TOKEN = "0123456789abcdef0123456789abcdef01234567"
PROVIDER = {
    "provider": "AzureOpenAI",
    "scope": "Organization",
    "deployment_name": "gpt-4o",
    "endpoint": "https://ours.openai.azure.com/",
    "budget_alert_threshold": 100.5,
}
GOOGLE = {"provider": "VertexAI", "google_project_id": "ml", "google_location": "europe-west4"}
PROMPT = {
    "description": "Sorts tickets",
    "skill_name": "TextClassification",
    "input_fields": ["text"],
    "output_classes": ["Billing", "Fault"],
}
VERSION = {
    "prompt": "Which is it? {text}",
    "provider": "AzureOpenAI",
    "provider_model_id": "gpt-4o",
    "max_few_shot_examples": 3,
}


@pytest.fixture
def url(lsops: Lsops) -> Iterator[str]:
    """A sandbox over HTTP at which the command line is aimed."""
    with served(token=TOKEN, edition="enterprise") as url:
        google = {"type": "service_account", "private_key": "k", "client_email": "e", "token_uri": "u"}
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN, MODEL_KEY="sk-1", GOOGLE=json.dumps(google))
        yield url


@pytest.fixture
def sdk(url: str) -> Iterator[LabelStudio]:
    with httpx.Client(timeout=30) as http:
        yield LabelStudio(base_url=url, api_key=TOKEN, httpx_client=http)


def manifest() -> str:
    config = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
    versions = {"v1": {**VERSION, "model_provider_connection": "ours"}}
    prompt = {**PROMPT, "associated_projects": ["Tickets"], "versions": versions}
    whole = {
        "version": 1,
        "workspaces": {"Text": {}},
        "projects": {"Tickets": {"workspace": "Text", "label_config": config}},
        "model_providers": {
            "ours": {**PROVIDER, "api_key": "${env:MODEL_KEY}"},
            "vertex": {**GOOGLE, "google_application_credentials": "${env:GOOGLE}"},
        },
        "prompts": {"Sort": prompt},
    }
    return json.dumps(whole, indent=1)


def held(answer: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """Of an answer, the fields that were declared."""
    return {name: getattr(answer, name) for name in wanted}


def test_the_sdk_reads_back_every_declared_field_and_would_have_sent_the_same(lsops: Lsops, sdk: LabelStudio) -> None:
    lsops.write(manifest())
    with writes() as sent:
        assert lsops("apply", "--yes").code == 0

    providers = {one.provider: one for one in sdk.model_providers.list()}
    (prompt,) = sdk.prompts.list().results
    (version,) = sdk.prompts.versions.list(prompt_id=prompt.id)
    assert held(providers["AzureOpenAI"], PROVIDER) == PROVIDER
    assert held(providers["VertexAI"], GOOGLE) == GOOGLE
    assert held(prompt, PROMPT) == PROMPT
    assert [one.title for one in prompt.associated_projects or ()] == ["Tickets"]
    assert held(version, VERSION) == VERSION
    assert version.model_provider_connection == providers["AzureOpenAI"].id
    assert unlike_the_sdk(sdk, sent) == []


def unlike_the_sdk(sdk: LabelStudio, sent: list[Sent]) -> list[str]:
    """The requests that have keys which the SDK's own method does not send."""
    methods = {"model-provider-connections": sdk.model_providers, "prompts": sdk.prompts}
    found = []
    for one in sent:
        client = sdk.prompts.versions if one.path.endswith("/versions") else methods.get(one.path.split("/")[2])
        if client is not None and not one.body.keys() <= signature(client.create).parameters.keys():
            found.append(str(one))
    return found


@pytest.mark.soak
def test_what_the_sdk_makes_is_dumped_and_plans_empty(lsops: Lsops, sdk: LabelStudio) -> None:
    provider = sdk.model_providers.create(**PROVIDER, api_key="sk-2")
    prompt = sdk.prompts.create(title="Sort", **PROMPT)
    sdk.prompts.versions.create(prompt_id=prompt.id, title="v1", model_provider_connection=provider.id, **VERSION)

    assert lsops("dump", "-o", "dumped").code == 0

    text = (lsops.folder / "dumped/lsops.yaml").read_text("utf-8")
    assert "model_provider_connection: AzureOpenAI gpt-4o ours.openai.azure.com" in text
    assert lsops("plan", "dumped", "--detailed-exitcode").code == 0


def test_the_sdk_changes_and_deletes_all_of_it(sdk: LabelStudio) -> None:
    provider = sdk.model_providers.create(**PROVIDER, api_key="sk-2")
    prompt = sdk.prompts.create(title="Sort", **PROMPT)
    version = sdk.prompts.versions.create(
        prompt_id=prompt.id, title="v1", model_provider_connection=provider.id, **VERSION
    )

    sdk.model_providers.update(id=provider.id, endpoint="https://new.openai.azure.com/")
    sdk.prompts.update(id=prompt.id, description="Other")
    sdk.model_providers.delete(id=provider.id)

    left = sdk.prompts.versions.get(prompt_id=prompt.id, version_id=version.id)
    assert left.model_provider_connection is None
    assert sdk.prompts.get(id=prompt.id).description == "Other"
    sdk.prompts.versions.delete(prompt_id=prompt.id, version_id=version.id)
    sdk.prompts.delete(id=prompt.id)
    assert sdk.prompts.list().results == []
