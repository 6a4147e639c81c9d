"""ML backends on a real Label Studio: the model version that follows them, who asks them, and when they are down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.cli import Lsops
from tests.support.ml_backend import MlBackend, ml_backend
from tests.support.one_project import declare, declare_projects, keys, line_of, make, projects, rows, settled, unchanged

pytestmark = pytest.mark.live


@pytest.fixture
def backend() -> Iterator[MlBackend]:
    """An ML backend that the server can call."""
    with ml_backend() as running:
        yield running


def model_version(server: httpx.Client) -> str:
    return projects(server)[0]["model_version"]


@pytest.mark.parametrize("shown", [{}, {"show_collab_predictions": True}, {"show_collab_predictions": False}])
def test_a_model_version_follows_its_backend_through_create_rename_and_delete(
    live: Lsops, server: httpx.Client, backend: MlBackend, shown: dict[str, bool]
) -> None:
    first = {"url": backend.url}
    declare(live, {**shown, "model_version": "triage", "ml_backends": {"triage": first}})
    settled(live)
    assert model_version(server) == "triage"
    (before,) = rows(server, "ml_backends")
    renamed = {**first, "lifecycle": {"renamed_from": "triage"}}
    declare(live, {**shown, "model_version": "sorter", "ml_backends": {"sorter": renamed}})
    settled(live)
    assert model_version(server) == "sorter"
    assert [(row["id"], row["title"]) for row in rows(server, "ml_backends")] == [(before["id"], "sorter")]
    gone = {**first, "lifecycle": {"absent": True}}
    declare(live, {**shown, "model_version": "", "ml_backends": {"sorter": gone}})
    settled(live, "--allow-deletes", "1")
    assert model_version(server) == ""


def test_a_model_version_moves_to_a_second_backend_and_may_stay_empty(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    first, second = {"url": backend.below("1")}, {"url": backend.below("2")}
    declare(live, {"model_version": "", "ml_backends": {"first": first}})
    settled(live)
    assert model_version(server) == ""
    declare(live, {"model_version": "second", "ml_backends": {"first": first, "second": second}})
    settled(live)
    assert model_version(server) == "second"
    declare(live, {"model_version": "first", "ml_backends": {"first": first, "second": second}})
    settled(live)
    assert model_version(server) == "first"


def test_a_model_version_that_is_not_declared_is_left_to_the_server(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    declare(live, {"ml_backends": {"triage": {"url": backend.url}}})
    settled(live)
    assert model_version(server) == "triage"
    backend.version = "fake-2"
    unchanged(live)


def test_backends_are_asked_only_for_projects_that_name_them(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    declare(live, {"webhooks": {}, "views": {}})
    settled(live)
    make(server, "ml_backends", "Somebody's", url=backend.url)
    asked = backend.requests
    declare(live, {"webhooks": {}, "views": {}, "import_storages": {}}, prune=["projects/*/webhooks"])
    unchanged(live)
    assert backend.requests == asked
    declare(live, {"description": "changed", "ml_backends": {"new": {"url": backend.url}}})
    assert live("plan", "--skip", "ml_backends").last.startswith("Plan: 0 to create, 1 to update")
    assert backend.requests == asked
    assert live("apply", "--yes", "--skip", "ml_backends").code == 0
    assert (backend.counts["POST setup"], keys(server, "ml_backends")) == (2, ["Somebody's"])
    assert live("plan").code == 0
    assert backend.counts["POST setup"] == 4


def test_a_backend_that_is_down_fails_alone_with_the_servers_words_and_is_made_once_it_is_back(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    backend.stop()
    project = {
        "model_version": "triage",
        "ml_backends": {"triage": {"url": backend.url}},
        "views": {"Tab": {"gridWidth": 4}},
    }
    declare(live, project)
    failed = live("apply", "--yes", "--settle-timeout", "0.5")
    assert failed.code == 4
    assert failed.last == "Apply incomplete: 2 done, 1 failed, 1 skipped."
    assert f"Can't connect to ML backend {backend.url}, health check failed." in failed.out + failed.err
    assert line_of(live, '"triage": {') in failed.out + failed.err
    assert (keys(server, "views"), keys(server, "ml_backends")) == (["Tab"], [])
    backend.start()
    assert "1 created, 1 updated" in settled(live, "--settle-timeout", "0.5")
    assert (keys(server, "ml_backends"), model_version(server)) == (["triage"], "triage")


def test_a_backend_that_the_server_made_though_it_failed_is_taken_over(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    backend.setups += [{"model_version": "ok"}, []]
    declare(live, {"model_version": "triage", "ml_backends": {"triage": {"url": backend.url, "timeout": 30}}})
    settled(live)
    assert backend.setups == []
    assert [(row["title"], row["timeout"]) for row in rows(server, "ml_backends")] == [("triage", 30)]
    assert model_version(server) == "triage"


def test_a_backend_that_breaks_the_servers_list_fails_for_its_project_alone(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    entry = {"url": backend.url}
    declare(live, {"ml_backends": {"triage": entry}})
    settled(live)
    declare_projects(live, {"Triage": {"ml_backends": {"triage": entry}}, "Other": {"description": "new"}})
    backend.setups.append("nonsense")
    broken = live("plan")
    assert broken.code == 1
    assert "/projects/Triage/ml_backends" in broken.out
    assert "+ /projects/Other" in broken.out
    backend.setups.append("nonsense")
    assert live("apply", "--yes").code == 1
    assert [row["title"] for row in projects(server)] == ["Triage"]
    settled(live)


def test_a_backend_that_went_down_is_still_planned_and_deleted(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    declare(live, {"ml_backends": {"triage": {"url": backend.url}}})
    settled(live)
    backend.stop()
    unchanged(live)
    declare(live, {"ml_backends": {"triage": {"url": backend.url, "timeout": 5}}})
    failed = live("apply", "--yes")
    assert failed.code == 4
    assert "health check failed" in failed.out + failed.err
    declare(live, {"ml_backends": {"triage": {"url": backend.url, "lifecycle": {"absent": True}}}})
    settled(live, "--allow-deletes", "1")
    assert keys(server, "ml_backends") == []


def test_a_password_reaches_the_backend_and_no_output(live: Lsops, server: httpx.Client, backend: MlBackend) -> None:
    backend.user, backend.password = "user", "the password"
    auth: dict[str, Any] = {"auth_method": "BASIC_AUTH", "basic_auth_user": "user"}
    entry = {"url": backend.url, **auth, "basic_auth_pass": "${env:ML_PASSWORD}"}
    live.setenv(ML_PASSWORD="a wrong one")
    declare(live, {"ml_backends": {"triage": entry}})
    refused = live("apply", "--yes", "--settle-timeout", "0.5")
    assert refused.code == 4
    assert "authentication parameters were either not provided or are incorrect" in refused.out + refused.err
    live.setenv(ML_PASSWORD="the password")
    out = settled(live)
    declare(live, {"ml_backends": {"triage": {**entry, "timeout": 7}}})
    out += settled(live)
    backend.password = "a rotated password"
    live.setenv(ML_PASSWORD="a rotated password")
    out += settled(live, "--resend-secrets", "/**")
    assert "! /projects/Triage/ml_backends/triage" in out
    assert "password" not in out.replace("basic_auth_pass", "").replace("ML_PASSWORD", "")
    (row,) = rows(server, "ml_backends")
    assert (row["state"], row["basic_auth_pass_is_set"]) == ("CO", True)


VALUES: dict[str, list[Any]] = {
    "url": ["moved", "moved/"],
    "description": ["what it is for", "", None],
    "is_interactive": [True, False],
    "timeout": [5, 0.5],
    "extra_params": [{"a": [1, None]}, {}, None],
    "auto_update": [False, True],
}


@pytest.mark.parametrize("field", VALUES)
def test_a_field_of_a_backend_goes_through_its_values(
    live: Lsops, server: httpx.Client, backend: MlBackend, field: str
) -> None:
    for value in VALUES[field]:
        wanted = backend.below(value) if field == "url" else value
        declare(live, {"ml_backends": {"triage": {"url": backend.url, field: wanted}}})
        settled(live)
        (row,) = rows(server, "ml_backends")
        assert row[field] == wanted


def test_a_model_of_its_own_version_keeps_it_while_the_backend_moves_on(
    live: Lsops, server: httpx.Client, backend: MlBackend
) -> None:
    entry: dict[str, Any] = {"url": backend.url, "auto_update": False}
    for version in ("v1", "v2", ""):
        declare(live, {"ml_backends": {"triage": {**entry, "model_version": version}}})
        settled(live)
        backend.version = f"newer than {version}"
        unchanged(live)
        assert rows(server, "ml_backends")[0]["model_version"] == version
