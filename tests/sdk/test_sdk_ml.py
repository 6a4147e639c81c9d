"""The official SDK makes, reads, trains, changes and deletes ML backends."""

from __future__ import annotations

from typing import Any

import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.sdk.conftest import check_type

FIRST = {
    "url": "http://denied-models.example.com:9090",
    "title": "By the SDK",
    "description": "predicts",
    "auth_method": "BASIC_AUTH",
    "basic_auth_user": "u",
    "is_interactive": True,
    "extra_params": {"labels": ["A"]},
    "timeout": 7.5,
    "auto_update": False,
    "model_version": "mine",
}
SECOND = {
    "url": "http://models.example.com",
    "title": "Changed",
    "description": "",
    "auth_method": "NONE",
    "basic_auth_user": "",
    "is_interactive": False,
    "extra_params": None,
    "timeout": 100.0,
    "auto_update": True,
    "model_version": "models.example.com-1",
}


def check(answer: Any, values: dict[str, Any]) -> None:
    check_type(answer, absent=set())
    assert {name: getattr(answer, name) for name in values} == values


def test_a_backend_lives_from_create_to_delete(sdk: LabelStudio) -> None:
    made = sdk.ml.create(project=1, basic_auth_pass="secret", **FIRST)
    known = {"project": 1, "state": "CO", "readable_state": "Connected", "basic_auth_pass_is_set": True}
    check(made, FIRST | known)
    check(sdk.ml.get(id=made.id), FIRST | known)
    assert [backend.id for backend in sdk.ml.list(project=1)] == [made.id]
    assert sdk.ml.list(project=1, is_interactive=False) == []
    assert sdk.projects.get(id=1).model_version == "By the SDK"
    assert [hook.url for hook in sdk.webhooks.list(project=1)] == [f"{FIRST['url']}/webhook"]
    check(sdk.ml.update(id=made.id, project=1, **SECOND), SECOND | known)
    assert sdk.projects.get(id=1).model_version == "Changed"
    sdk.ml.delete(id=made.id)
    with pytest.raises(ApiError) as caught:
        sdk.ml.get(id=made.id)
    assert (caught.value.status_code, sdk.ml.list(project=1)) == (404, [])
    assert sdk.projects.get(id=1).model_version == ""


def test_a_backend_is_trained_and_tells_its_versions(sdk: LabelStudio) -> None:
    made = sdk.ml.create(project=2, url="http://models.example.com")
    sdk.ml.train(id=made.id)
    versions = sdk.ml.list_model_versions(id=made.id)
    check_type(versions, absent={"message"})
    assert versions.versions == ["models.example.com-1"]


def test_an_update_without_its_url_crashes_the_server(sdk: LabelStudio) -> None:
    made = sdk.ml.create(project=2, url="http://models.example.com")
    with pytest.raises(ApiError) as caught:
        sdk.ml.update(id=made.id, title="x")
    assert caught.value.status_code == 500


@pytest.mark.parametrize("host", ["missing", "denied", "broken"])
def test_a_backend_that_does_not_answer_is_refused(sdk: LabelStudio, host: str) -> None:
    with pytest.raises(ApiError) as caught:
        sdk.ml.create(project=2, url=f"http://{host}-models.example.com", title=host)
    assert caught.value.status_code == 400
    assert host not in [backend.title for backend in sdk.ml.list(project=2)]


def test_a_list_without_project_is_refused(sdk: LabelStudio) -> None:
    with pytest.raises(ApiError) as caught:
        sdk.ml.list()
    assert caught.value.status_code == 404
