"""The official SDK makes, reads, changes and deletes webhooks, and reads the catalogue of their events."""

from __future__ import annotations

from typing import Any

import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.sdk.conftest import check_type

FIRST = {
    "url": "https://example.com/hook",
    "actions": ["ANNOTATION_CREATED", "TASKS_CREATED"],
    "headers": {"X-Token": "secret"},
    "is_active": False,
    "send_for_all_actions": False,
    "send_payload": False,
}
SECOND = {
    "url": "https://example.com/other",
    "actions": ["PROJECT_UPDATED"],
    "headers": {},
    "is_active": True,
    "send_for_all_actions": True,
    "send_payload": True,
}


@pytest.fixture
def absent(edition: str) -> set[str]:
    return {"consecutive_failures"} if edition == "community" else set()


def check(answer: Any, values: dict[str, Any], absent: set[str]) -> None:
    check_type(answer, absent=absent)
    assert {name: getattr(answer, name) for name in values} == values


def test_a_webhook_lives_from_create_to_delete(sdk: LabelStudio, absent: set[str]) -> None:
    made = sdk.webhooks.create(project=1, **FIRST)
    check(made, {**FIRST, "project": 1, "organization": 1}, absent)
    check(sdk.webhooks.get(id=made.id), FIRST, absent)
    assert [hook.id for hook in sdk.webhooks.list(project=1)] == [made.id]
    assert made.id in [hook.id for hook in sdk.webhooks.list()]
    check(sdk.webhooks.update(id=made.id, **SECOND), SECOND, absent)
    sdk.webhooks.delete(id=made.id)
    with pytest.raises(ApiError) as caught:
        sdk.webhooks.get(id=made.id)
    assert (caught.value.status_code, sdk.webhooks.list(project=1)) == (404, [])


def test_an_update_without_actions_wipes_them(sdk: LabelStudio) -> None:
    made = sdk.webhooks.create(project=2, **FIRST)
    assert sdk.webhooks.update(id=made.id, is_active=True).actions == []
    sdk.webhooks.delete(id=made.id)


def test_the_catalogue_is_as_its_type_says(sdk: LabelStudio, edition: str) -> None:
    reviews = {"review_created", "review_updated", "reviews_deleted"}
    check_type(sdk.webhooks.info(), absent=set() if edition == "enterprise" else reviews)
    only = sdk.webhooks.info(organization_only=True)
    assert {name for name in type(only).model_fields if getattr(only, name)} == {"project_created", "project_deleted"}


@pytest.mark.parametrize("edition", ["enterprise"], indirect=True)
def test_a_webhook_of_the_organisation_belongs_to_no_project(sdk: LabelStudio) -> None:
    made = sdk.webhooks.create(url="https://example.com/all", actions=["PROJECT_CREATED"])
    check_type(made, absent=set())
    assert (made.project, made.actions) == (None, ["PROJECT_CREATED"])
    assert [hook.id for hook in sdk.webhooks.list(project="null")] == [made.id]
    sdk.webhooks.delete(id=made.id)


@pytest.mark.parametrize("edition", ["community"], indirect=True)
def test_a_webhook_of_the_organisation_is_refused(sdk: LabelStudio) -> None:
    with pytest.raises(ApiError) as caught:
        sdk.webhooks.create(url="https://example.com")
    assert (caught.value.status_code, caught.value.body["detail"]) == (404, "Project not found.")
