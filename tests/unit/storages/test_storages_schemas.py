"""The schemas of storages against what is known of each type."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from lsops.normalize import NORMALISERS
from lsops.schema import documents, kinds, of_server
from tests.unit.storages.cases import CASES, COMMON, SIDES, TABLE, Case

STORAGES = sorted(name for name in documents() if "_storage" in name)
every_case = pytest.mark.parametrize("case", CASES, ids=str)


def of(case: Case):
    return kinds()[case.kind].fields(case.type)


def test_there_is_one_schema_per_side_and_one_per_side_and_type():
    assert len(STORAGES) == 2 + 20
    assert all(set(kinds()[f"{side}_storage"].variants) == set(TABLE["types"]) for side in SIDES)


@pytest.mark.parametrize("name", STORAGES)
def test_a_schema_is_valid_json_schema(name):
    Draft202012Validator.check_schema(documents()[name])


@every_case
def test_a_type_has_the_fields_of_the_table_and_no_others(case):
    assert set(of_server(of(case))) - {"type"} == case.fields


@every_case
def test_what_the_server_keeps_is_read_only(case):
    assert {name for name, field in of(case).items() if field.read_only} == case.bookkeeping


@every_case
def test_secrets_are_secret_and_never_returned(case):
    assert {name for name, field in of(case).items() if field.secret} == set(case.words("secrets"))
    assert all(field.write_only for field in of(case).values() if field.secret)


@every_case
def test_only_account_names_are_unreadable_without_being_secret(case):
    assert {name for name, field in of(case).items() if field.unreadable} == set(case.words("unreadable"))


@every_case
def test_the_smallest_entry_has_exactly_what_is_required(case):
    required = set(kinds()[case.kind].documents[case.type]["required"])
    by_rule = {"databricks": {"token"}, "azure_spi": {"tenant_id", "client_id", "client_secret"}}.get(case.type, set())
    assert required | by_rule == set(case.entry)


@every_case
def test_a_newer_field_names_its_first_release(case):
    known = {name: field.since["enterprise"] for name, field in of(case).items() if field.since}
    expected = {name: since for name, since in case.facts.get("since", {}).items() if name in case.fields}
    assert known == expected


@every_case
def test_a_type_names_its_editions_and_its_first_release(case):
    roles = kinds()[case.kind].documents[case.type]["x-lsops"]
    assert roles.get("editions") == (["enterprise"] if case.facts.get("enterprise") else None)
    assert roles.get("since") == ({"enterprise": case.facts["release"]} if "release" in case.facts else None)


@every_case
def test_redis_and_localfiles_send_all_their_fields_with_every_update(case):
    sent = {name for name, field in of(case).items() if field.always_send}
    needs_password = {"password"} if (case.type, case.side) == ("redis", "import") else set()
    full = case.fields - set(case.words("secrets")) | needs_password
    assert sent == (full if case.words("always_send") else set())
    assert set(case.words("always_send")) <= sent


@every_case
def test_the_type_is_a_constant_and_described(case):
    assert of(case)["type"].raw["const"] == case.type


@every_case
def test_what_can_be_compared_is_text_that_the_server_trims(case):
    for field in of_server(of(case)).values():
        comparable = "string" in field.types and not field.write_only and "enum" not in field.raw
        if comparable and field.name != "type":
            assert field.compare in {"strip", "path", "decimal"}, field.name
        assert not field.compare or field.compare in NORMALISERS


@every_case
def test_every_description_is_a_sentence(case):
    for field in of(case).values():
        assert field.description.endswith("."), field.name
        assert field.description == field.description.strip(), field.name
    assert kinds()[case.kind].documents[case.type]["description"].endswith(".")


@pytest.mark.parametrize("side", SIDES)
def test_the_base_lists_every_type_in_its_description(side):
    described = documents()[f"{side}_storage"]["properties"]["type"]["description"]
    assert all(f"{name}: " in described for name in TABLE["types"])
    assert set(documents()[f"{side}_storage"]["properties"]) >= set(COMMON)


@pytest.mark.parametrize(
    ("kind", "type_", "field", "default"),
    [
        ("import_storage", "s3", "presign", True),
        ("import_storage", "s3", "presign_ttl", 1),
        ("import_storage", "s3", "recursive_scan", False),
        ("import_storage", "azure_spi", "use_blob_urls", False),
        ("import_storage", "gcswif", "synchronizable", True),
        ("import_storage", "redis", "db", 1),
        ("export_storage", "redis", "db", 2),
        ("export_storage", "s3", "can_delete_objects", None),
        ("export_storage", "databricks", "auth_type", "pat"),
    ],
)
def test_a_default_is_what_the_server_fills_in(kind, type_, field, default):
    found = kinds()[kind].fields(type_)[field]
    assert found.has_default
    assert found.default is default or found.default == default


def test_imports_come_before_ml_backends_and_exports_last_in_a_project():
    phases = {name: item.phase for name, item in kinds().items()}
    assert phases["project"] < phases["import_storage"] < 79 < phases["export_storage"] < phases["session_policy"]
