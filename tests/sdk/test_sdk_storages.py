"""The official SDK makes, reads, changes, tests, syncs and deletes storages of every type, and reads those of lsops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.support.cli import Lsops
from tests.support.sandbox import served
from tests.support.storage_values import CASES, SHARED, SIDES, Case, kept, manifest

TOKEN = "0123456789abcdef0123456789abcdef01234567"
WORKSPACE = "Radiology"
# The API's names that the SDK spells otherwise, in calls and in answers.
IN_CALLS = {"s3_endpoint": "s3endpoint"}
IN_ANSWERS = {"s3_endpoint": "s3endpoint", "schema": "schema_"}
# In the SDK's types of answers, and taken out of every answer by the server.
HIDDEN = {
    "azure": {"account_name", "account_key"},
    "azure_spi": {"account_name", "client_secret", "user_delegation_key"},
}


@contextmanager
def connected(url: str) -> Iterator[LabelStudio]:
    with httpx.Client(timeout=30) as http:
        yield LabelStudio(base_url=url, api_key=TOKEN, httpx_client=http)


@pytest.fixture(scope="module")
def sdks() -> Iterator[dict[str, LabelStudio]]:
    """The SDK's clients of two sandboxes over HTTP, by edition, each with a project of id 1."""
    with ExitStack() as stack:
        clients = {}
        for edition in ("enterprise", "community"):
            url = stack.enter_context(served(token=TOKEN, edition=edition))
            clients[edition] = stack.enter_context(connected(url))
            clients[edition].projects.create(title="Storages")
        yield clients


def group(sdk: LabelStudio, case: Case) -> Any:
    """The part of the SDK for one type on one side."""
    name = "local" if case.type == "localfiles" else case.type
    return getattr(getattr(sdk, case.kind), name)


def fields(case: Case, number: int) -> dict[str, Any]:
    """Every field of a storage with the first or second of its values, and its secrets."""
    entry = {name: value for name, value in case.entry.items() if name not in {"type", *case.secrets}}
    values = {name: pair[number] for name, pair in case.values.items()}
    known = {**entry, **values}
    return {name: value for name, value in known.items() if value is not None}


def call(case: Case, number: int) -> dict[str, Any]:
    secrets = {name: case.revealed(name, "sdk") for name in case.secrets}
    given = {**fields(case, number), **secrets}
    if "port" in given:
        given["port"] = str(given["port"])
    return {IN_CALLS.get(name, name): value for name, value in given.items()}


def check(case: Case, answer: Any, values: dict[str, Any]) -> None:
    """Every field is there with its value, and the answer has all that its type knows but secrets."""
    hidden = HIDDEN.get(case.type, case.secrets)
    shown = {name: getattr(answer, IN_ANSWERS.get(name, name)) for name in values if name not in hidden}
    assert shown == {name: kept(name, value) for name, value in values.items() if name not in hidden}
    assert set(type(answer).model_fields) - answer.model_fields_set - hidden <= {"type"}
    assert not hidden & answer.model_fields_set


def editions(case: Case) -> list[str]:
    return ["enterprise", "community"] if case.type in SHARED else ["enterprise"]


@pytest.mark.parametrize(
    ("edition", "case"), [pytest.param(one, case, id=f"{one}-{case}") for case in CASES for one in editions(case)]
)
def test_a_storage_lives_from_create_to_delete(sdks: dict[str, LabelStudio], edition: str, case: Case) -> None:
    storages = group(sdks[edition], case)
    made = storages.create(project=1, title="By the SDK", **call(case, 0))
    check(case, made, fields(case, 0))
    assert (made.type, made.status) == (case.type, "initialized" if case.side == "import" else "queued")
    check(case, storages.get(id=made.id), fields(case, 0))
    assert made.id in [row.id for row in storages.list(project=1)]
    check(case, storages.update(id=made.id, title="Changed", **call(case, 1)), fields(case, 1))
    storages.validate(project=1, title="Not saved", **call(case, 1))
    assert storages.get(id=made.id).title == "Changed"
    synced = storages.sync(id=made.id)
    seen = [synced.status, *(storages.get(id=made.id).status for _ in range(2))]
    assert seen == (["queued", "in_progress", "completed"] if edition == "enterprise" else ["completed"] * 3)
    storages.delete(id=made.id)
    with pytest.raises(ApiError) as caught:
        storages.get(id=made.id)
    assert caught.value.status_code == 404


@pytest.mark.parametrize("case", [case for case in CASES if case.type not in SHARED], ids=str)
def test_community_has_no_type_of_enterprise(sdks: dict[str, LabelStudio], case: Case) -> None:
    with pytest.raises(ApiError) as caught:
        group(sdks["community"], case).list(project=1)
    assert caught.value.status_code == 404


@pytest.mark.parametrize("edition", ["enterprise", "community"])
@pytest.mark.parametrize("side", SIDES)
def test_the_types_are_listed(sdks: dict[str, LabelStudio], edition: str, side: str) -> None:
    listed = {row.name for row in getattr(sdks[edition], f"{side}_storage").list_types()}
    assert listed == {case.type for case in CASES if edition == "enterprise" or case.type in SHARED}


def test_a_refused_connection_is_an_error_with_the_servers_words(sdks: dict[str, LabelStudio]) -> None:
    with pytest.raises(ApiError) as caught:
        sdks["community"].import_storage.s3.create(project=1, bucket="missing-scans")
    assert caught.value.status_code == 400
    assert caught.value.body["validation_errors"] == {"non_field_errors": ["Cannot find bucket missing-scans in S3"]}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_lsops_made_is_read_back_field_for_field(lsops: Lsops, case: Case) -> None:
    entry = {**case.entry, **{name: pair[0] for name, pair in case.values.items()}}
    lsops.write(manifest(case.side, {"raw": entry}, workspace=WORKSPACE))
    with served(lsops.folder / "sandbox.db", token=TOKEN) as url, connected(url) as sdk:
        sdk.workspaces.create(title=WORKSPACE)
        lsops.setenv(LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY=TOKEN, **case.environment("lsops"))
        ran = lsops("apply", "--yes")
        assert ran.code == 0, ran
        (row,) = group(sdk, case).list(project=1)
    assert (row.title, row.type, row.project) == ("raw", case.type, 1)
    check(case, row, fields(case, 0))
