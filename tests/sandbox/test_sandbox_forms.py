"""Bodies that come as a form, in both of its encodings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import CONFIG

FILES = {"project": "1", "path": "/data/scans"}
Send = Callable[..., httpx.Response]


@pytest.fixture(params=["urlencoded", "multipart"])
def send(request: pytest.FixtureRequest, api: httpx.Client) -> Send:
    """A request whose body is a form, to a sandbox with the project 1."""

    def sent(method: str, path: str, /, **values: str) -> httpx.Response:
        if request.param == "urlencoded":
            return api.request(method, path, data=values)
        return api.request(method, path, files={name: (None, value) for name, value in values.items()})

    return sent


def test_a_storage_is_synchronizable_and_other_switches_are_off(send: Send) -> None:
    made = send("POST", "/api/storages/localfiles", **FILES).json()
    assert (made["synchronizable"], made["use_blob_urls"], made["recursive_scan"]) == (True, False, None)
    off = send("POST", "/api/storages/localfiles", synchronizable="false", **FILES).json()
    assert off["synchronizable"] is False


def test_what_an_update_leaves_out_is_kept(send: Send) -> None:
    send("POST", "/api/storages/localfiles", use_blob_urls="true", **FILES)
    assert send("PATCH", "/api/storages/localfiles/1", title="x", path="/data/scans").json()["use_blob_urls"] is True


def test_settings_that_a_form_leaves_out_are_switched_off(send: Send, api: httpx.Client) -> None:
    if api.get("/api/version").json()["edition"] == "Community":
        answer = send("POST", "/api/jwt/settings", legacy_api_tokens_enabled="true").json()
        assert answer == {"api_tokens_enabled": False, "legacy_api_tokens_enabled": True}


def test_json_comes_as_text(send: Send) -> None:
    made = send("POST", "/api/tasks/", project="1", data='{"text": "a"}')
    assert made.json()["data"] == {"text": "a"}
    bad = send("POST", "/api/tasks/", project="1", data="x").json()["validation_errors"]
    assert bad == {"data": ["Value must be valid JSON."]}


def test_a_list_comes_under_one_name(send: Send) -> None:
    made = send("POST", "/api/webhooks/", project="1", url="http://x.example", actions="TASKS_CREATED", headers="{}")
    assert (made.json()["actions"], made.json()["is_active"]) == (["TASKS_CREATED"], False)


def test_a_view_without_data_crashes(send: Send) -> None:
    response = send("POST", "/api/dm/views/", project="1")
    assert (response.status_code, response.json()["detail"]) == (500, "This QueryDict instance is immutable")


def test_nothing_is_imported(send: Send, api: httpx.Client) -> None:
    response: Any = send("POST", "/api/projects/1/import", text="a")
    assert response.status_code == 400
    assert api.get("/api/projects/1/").json()["task_number"] == 0


def test_a_config_is_validated(send: Send) -> None:
    assert send("POST", "/api/projects/validate/", label_config=CONFIG).status_code == 204
