"""Every type of storage on both sides through the command line: made, read back, changed, replaced, deleted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.cli.conftest import DATABASE
from tests.support.cli import Lsops, Ran
from tests.support.storage_values import CASES, FIRST, SHARED, Case, kept, line_of, manifest

every_case = pytest.mark.parametrize("case", CASES, ids=str)
with_secrets = pytest.mark.parametrize("case", [case for case in CASES if case.secrets], ids=str)
NEXT = {case: CASES[(index + 1) % 10 + index // 10 * 10] for index, case in enumerate(CASES)}
LITERAL = "hunter2-and-more"


def write(lsops: Lsops, case: Case, entries: Mapping[str, Mapping[str, Any]], more: str = "") -> None:
    lsops.write(manifest(case.side, entries, workspace="Radiology", more=more))


def apply(lsops: Lsops, *arguments: str) -> Ran:
    ran = lsops("apply", "--yes", *arguments)
    assert ran.code == 0, ran
    return ran


def nothing_to_do(lsops: Lsops) -> None:
    again = lsops("plan", "--detailed-exitcode")
    assert again.code == 0, again


def rows(api: httpx.Client, case: Case) -> dict[str, dict[str, Any]]:
    """What the server shows of a type, by title; the project is the first one."""
    answer = api.get(case.list_path, params={"project": 1})
    assert answer.status_code == 200, answer.text
    return {row["title"]: row for row in answer.json()}


def stored(lsops: Lsops, title: str) -> dict[str, Any]:
    """What the sandbox keeps of a storage, secrets included."""
    with sqlite3.connect(lsops.folder / DATABASE) as connection:
        found = connection.execute("SELECT doc FROM storage").fetchall()
    connection.close()
    return next(doc for doc in map(json.loads, (text for (text,) in found)) if doc["title"] == title)


@every_case
def test_every_declared_field_arrives(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": {**case.entry, **{name: pair[0] for name, pair in case.values.items()}}})
    apply(lsops)
    row, inside = rows(enterprise, case)["raw"], stored(lsops, "raw")
    assert {name: row[name] for name in case.values} == {n: kept(n, pair[0]) for n, pair in case.values.items()}
    assert {name: inside[name] for name in case.secrets} == {n: case.revealed(n, "first") for n in case.secrets}
    assert not case.secrets & row.keys()
    nothing_to_do(lsops)


@every_case
def test_another_type_is_a_replace(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    other = NEXT[case]
    lsops.setenv(**{**other.environment("first"), **case.environment("first")})
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    write(lsops, other, {"raw": other.entry})
    lsops.setenv(**other.environment("first"))
    assert "-/+ " in lsops("plan").out
    assert lsops("apply", "--yes").code == 5
    assert apply(lsops, "--allow-deletes", "1").last == "Apply complete: 0 created, 0 updated, 1 replaced, 0 deleted."
    assert (set(rows(enterprise, case)), set(rows(enterprise, other))) == (set(), {"raw"})
    nothing_to_do(lsops)


def denied(case: Case) -> dict[str, Any]:
    """The entry with a place that lets nobody in."""
    place = next(name for name in ("bucket", "container", "volume", "host", "path") if name in case.entry)
    if case.type == "databricks":
        place = "volume"
    return {**case.entry, place: "/data/denied-scans" if place == "path" else "denied-scans"}


@every_case
def test_the_old_storage_stays_when_the_new_one_is_refused(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    other = NEXT[case]
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    lsops.setenv(**other.environment("first"))
    write(lsops, other, {"raw": denied(other)})
    ran = lsops("apply", "--yes", "--allow-deletes", "1")
    assert ran.code == 4, ran
    assert f"POST {other.list_path}: 400" in ran.out
    assert (set(rows(enterprise, case)), set(rows(enterprise, other))) == ({"raw"}, set())


@every_case
def test_a_storage_is_deleted_when_it_says_absent(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry, "kept": case.entry})
    apply(lsops)
    write(lsops, case, {"raw": {**case.entry, "lifecycle": {"absent": True}}})
    assert lsops("apply", "--yes").code == 5
    assert apply(lsops, "--allow-deletes", "1").last == "Apply complete: 0 created, 0 updated, 0 replaced, 1 deleted."
    assert set(rows(enterprise, case)) == {"kept"}
    nothing_to_do(lsops)


@with_secrets
def test_an_absent_storage_needs_none_of_its_secrets(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    for name in case.environment("first"):
        lsops.monkeypatch.delenv(name)
    write(lsops, case, {"raw": {**case.entry, "lifecycle": {"absent": True}}})
    apply(lsops, "--allow-deletes", "1")
    assert rows(enterprise, case) == {}


@every_case
def test_a_storage_that_is_not_declared_is_pruned(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry, "kept": case.entry})
    apply(lsops)
    write(lsops, case, {"kept": case.entry})
    nothing_to_do(lsops)
    write(lsops, case, {"kept": case.entry}, more=f"prune: [projects/*/{case.side}_storages]")
    assert lsops("apply", "--yes").code == 5
    apply(lsops, "--allow-deletes", "1")
    assert set(rows(enterprise, case)) == {"kept"}
    nothing_to_do(lsops)


# ---- what particular types need -------------------------------------------------------------------


def case_of(name: str) -> Case:
    return next(case for case in CASES if str(case) == name)


@pytest.mark.parametrize("name", ["import-azure", "export-azure", "import-azure_spi", "export-azure_spi"])
def test_what_cannot_be_read_back_is_sent_with_every_update(lsops: Lsops, enterprise: httpx.Client, name: str) -> None:
    case = case_of(name)
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    write(lsops, case, {"raw": {**case.entry, "account_name": "pathology"}})
    nothing_to_do(lsops)
    write(lsops, case, {"raw": {**case.entry, "account_name": "pathology", "description": "changed"}})
    apply(lsops)
    assert stored(lsops, "raw")["account_name"] == "pathology"


def test_a_redis_import_without_its_password_is_refused_before_the_server_is_asked(
    lsops: Lsops, enterprise: httpx.Client
) -> None:
    case = case_of("import-redis")
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    bare = {name: value for name, value in case.entry.items() if name != "password"}
    write(lsops, case, {"raw": {**bare, "description": "changed"}})
    ran = lsops("apply", "--yes")
    assert ran.code == 3, ran
    assert "password" in ran.err
    assert rows(enterprise, case)["raw"]["description"] is None


def test_two_storages_with_one_title_and_two_types_are_told_apart(lsops: Lsops, enterprise: httpx.Client) -> None:
    case = case_of("import-s3")
    write(lsops, case, {})
    apply(lsops)
    for type_ in ("s3", "gcs"):
        path = f"/api/storages/{type_}/"
        enterprise.post(path, json={"project": 1, "title": "raw", "bucket": "b"}).raise_for_status()
    write(lsops, case, {"raw": {"type": "gcs", "bucket": "changed"}})
    apply(lsops)
    assert rows(enterprise, case_of("import-gcs"))["raw"]["bucket"] == "changed"
    assert rows(enterprise, case)["raw"]["bucket"] == "b"


# ---- tested first, and on Community ----------------------------------------------------------------


@every_case
def test_a_storage_can_be_tested_before_the_first_write(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {})
    apply(lsops)
    write(lsops, case, {"fine": case.entry, "raw": denied(case)})
    ran = lsops("apply", "--yes", "--check-storages")
    assert ran.code == 3, ran
    assert "/projects/Scans/" in ran.err
    assert rows(enterprise, case) == {}
    write(lsops, case, {"fine": case.entry})
    apply(lsops, "--check-storages")
    assert set(rows(enterprise, case)) == {"fine"}


@every_case
def test_an_update_can_be_tested_before_the_first_write(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    write(lsops, case, {"raw": {**case.entry, "description": "changed"}})
    apply(lsops, "--check-storages")
    assert rows(enterprise, case)["raw"]["description"] == "changed"
    write(lsops, case, {"raw": {**denied(case), "description": "refused"}})
    assert lsops("apply", "--yes", "--check-storages").code == 3
    assert rows(enterprise, case)["raw"]["description"] == "changed"


@every_case
def test_what_a_sync_leaves_behind_is_no_drift(lsops: Lsops, enterprise: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    write(lsops, case, {"raw": case.entry})
    apply(lsops)
    item = f"{case.list_path.rstrip('/')}/{rows(enterprise, case)['raw']['id']}"
    enterprise.post(f"{item}/sync").raise_for_status()
    for status in ("in_progress", "completed"):
        nothing_to_do(lsops)
        assert enterprise.get(item).json()["status"] == status


@pytest.mark.parametrize("case", [case for case in CASES if case.type in SHARED], ids=str)
def test_every_declared_field_arrives_on_community(lsops: Lsops, community: httpx.Client, case: Case) -> None:
    lsops.setenv(**case.environment("first"))
    for number in (0, 1):
        values = {name: pair[number] for name, pair in case.values.items()}
        lsops.write(manifest(case.side, {"raw": {**case.entry, **values}}))
        apply(lsops)
        row = rows(community, case)["raw"]
        assert {name: row[name] for name in values} == {name: kept(name, value) for name, value in values.items()}
        nothing_to_do(lsops)


@pytest.mark.parametrize("case", [case for case in CASES if case.type not in SHARED], ids=str)
def test_community_does_not_have_the_types_of_enterprise(lsops: Lsops, community: httpx.Client, case: Case) -> None:
    lsops.write(manifest(case.side, {"raw": case.entry}))
    ran = lsops("plan")
    assert ran.code == 3, ran
    assert f"error[LS108]: {case.noun} does not exist on Label Studio Community" in ran.err


# ---- mistakes -------------------------------------------------------------------------------------


def mistakes(lsops: Lsops, case: Case, entry: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """The code, line and message of each error of `validate`."""
    write(lsops, case, {"raw": entry})
    ran = lsops("validate", "--format", "json")
    assert ran.code == 3, ran
    assert LITERAL not in ran.out + ran.err
    return [(error["code"], error["line"], error["message"]) for error in ran.json()["errors"]]


@with_secrets
def test_a_literal_secret_is_an_error_at_its_line(lsops: Lsops, case: Case) -> None:
    entry = {**case.entry, **dict.fromkeys(case.secrets, LITERAL)}
    found = mistakes(lsops, case, entry)
    assert {(code, line) for code, line, _ in found} == {("LS403", line_of(entry, name)) for name in case.secrets}
    assert all(any(m.startswith(f"{name} is a secret") for _, _, m in found) for name in case.secrets)


@every_case
def test_each_missing_field_is_an_error_at_the_entry(lsops: Lsops, case: Case) -> None:
    entry = {"type": case.type}
    if not case.required:
        write(lsops, case, {"raw": entry})
        assert lsops("validate").code == 0
        return
    by_mode = "tenant_id", "client_id", "client_secret"
    needed = dict.fromkeys(case.required, "") | ({"token": ""} if case.type == "databricks" else {})
    needed |= dict.fromkeys(by_mode, " with auth_mode: service_principal") if case.type == "azure_spi" else {}
    assert sorted(mistakes(lsops, case, entry)) == sorted(
        ("LS101", FIRST, f'{case.noun} needs "{name}"{reason}') for name, reason in needed.items()
    )


@every_case
def test_each_field_of_another_type_is_an_error_at_its_line(lsops: Lsops, case: Case) -> None:
    foreign = {name for other in CASES for name in other.fields} - set(case.fields) - case.bookkeeping
    entry = {**case.entry, **dict.fromkeys(foreign, "x")}
    assert sorted(mistakes(lsops, case, entry)) == sorted(
        ("LS102", line_of(entry, name), f'unknown field "{name}" for {case.noun}') for name in foreign
    )


@every_case
def test_each_bookkeeping_field_is_an_error_at_its_line(lsops: Lsops, case: Case) -> None:
    entry = {**case.entry, **dict.fromkeys(case.bookkeeping, 1)}
    found = mistakes(lsops, case, entry)
    assert {(code, line) for code, line, _ in found} == {("LS111", line_of(entry, name)) for name in case.bookkeeping}
    assert len({message for _, _, message in found}) == len(case.bookkeeping)
