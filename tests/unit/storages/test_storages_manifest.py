"""Storages in a manifest: what is right loads, and each mistake has its own message at its own line."""

from __future__ import annotations

import pytest

from lsops.model.resource import MASK, Secret
from tests.unit.storages.cases import CASES, ENTRY_LINE, Case, findings, line_of, loaded

every_case = pytest.mark.parametrize("case", CASES, ids=str)

LITERAL = "hunter2-and-more"


def case_of(name: str) -> Case:
    return next(case for case in CASES if str(case) == name)


def pairs(what):
    return pytest.mark.parametrize(
        ("case", "name"), [pytest.param(case, name, id=f"{case}-{name}") for case in CASES for name in what(case)]
    )


BY_MODE = ("tenant_id", "client_id", "client_secret")
"""What only one mode of Azure needs."""


@every_case
def test_the_smallest_entry_is_accepted(case, tmp_path):
    resource = loaded(tmp_path, case, case.entry)
    assert (resource.kind, resource.type, resource.key) == (case.kind, case.type, "raw")
    assert resource.address == f"/projects/Scans/{case.side}_storages/raw"


@pairs(lambda case: [name for name in case.entry if name not in ("type", "token")])
def test_a_missing_field_is_named_at_the_entry(case, name, tmp_path):
    entry = {key: value for key, value in case.entry.items() if key != name}
    (finding,) = findings(tmp_path, case, entry)
    reason = " with auth_mode: service_principal" if name in BY_MODE and case.type == "azure_spi" else ""
    assert (finding.code, finding.message) == ("LS101", f'{case.noun} needs "{name}"{reason}')
    assert finding.source.line == ENTRY_LINE


@pairs(lambda case: [name for name in case.entry if name not in ("type", "token")])
def test_a_required_field_cannot_be_null(case, name, tmp_path):
    entry = {**case.entry, name: None}
    (finding,) = findings(tmp_path, case, entry)
    assert (finding.code, finding.message) == ("LS107", f"{name} cannot be null")
    assert finding.source.line == line_of(entry, name)


@every_case
def test_what_the_server_keeps_is_refused_with_the_reason(case, tmp_path):
    entry = {**case.entry, **dict.fromkeys(case.bookkeeping, 1)}
    found = {finding.message.partition(" cannot be set: ")[0]: finding for finding in findings(tmp_path, case, entry)}
    assert {finding.code for finding in found.values()} == {"LS111"}
    assert {name: finding.source.line for name, finding in found.items()} == {
        name: line_of(entry, name) for name in case.bookkeeping
    }
    assert all(len(finding.message.split(": ")[1]) > 10 for finding in found.values())


@every_case
def test_a_field_of_another_type_or_side_is_unknown(case, tmp_path):
    foreign = {name for other in CASES for name in other.fields} - case.fields - case.bookkeeping
    entry = {**case.entry, **dict.fromkeys(foreign, "x")}
    found = {finding.message: finding for finding in findings(tmp_path, case, entry)}
    assert {finding.code for finding in found.values()} == {"LS102"}
    assert {message: finding.source.line for message, finding in found.items()} == {
        f'unknown field "{name}" for {case.noun}': line_of(entry, name) for name in foreign
    }


@pairs(lambda case: case.words("secrets"))
def test_a_secret_written_out_is_refused_and_not_shown(case, name, tmp_path):
    entry = {**case.entry, name: LITERAL}
    (finding,) = findings(tmp_path, case, entry)
    assert finding.code == "LS403"
    assert finding.message.startswith(f"{name} is a secret")
    assert finding.source.line == line_of(entry, name)
    assert LITERAL not in f"{finding.message} {finding.hint}"


@pairs(lambda case: case.words("secrets"))
def test_a_secret_is_kept_as_its_reference(case, name, tmp_path):
    value = loaded(tmp_path, case, {**case.entry, name: "${env:STORAGE_SECRET}"}).values[name]
    assert value == Secret("env", "STORAGE_SECRET")
    assert repr(value) == MASK


@pytest.mark.parametrize(
    ("case", "entry", "code", "message"),
    [
        (
            "import-azure_spi",
            {"presing_ttl": 5},
            "LS102",
            'unknown field "presing_ttl" for an azure_spi import storage',
        ),
        ("import-s3", {"presign_ttl": 32768}, "LS105", "presign_ttl must be at most 32767, not 32768"),
        ("import-s3", {"presign_ttl": -1}, "LS105", "presign_ttl must be at least 0, not -1"),
        ("import-s3", {"title": "x" * 257}, "LS105", "title must have at most 256 characters, not 257"),
        ("import-s3", {"presign": "yes"}, "LS103", "presign must be true or false, not a string"),
        ("import-s3", {"use_blob_urls": None}, "LS107", "use_blob_urls cannot be null"),
        ("export-redis", {"port": 65536}, "LS105", "port must be at most 65535, not 65536"),
        ("export-redis", {"port": "http"}, "LS106", "port must be a port number"),
        ("import-redis", {"db": 40000}, "LS105", "db must be at most 32767, not 40000"),
        (
            "export-gcswif",
            {"google_project_number": 12},
            "LS103",
            "google_project_number must be a string, not an integer",
        ),
        (
            "import-databricks",
            {"auth_type": "sp"},
            "LS104",
            'auth_type must be one of pat, dbx_sp, azure_ad_sp; not "sp"',
        ),
    ],
)
def test_a_wrong_value_is_explained_at_its_line(case, entry, code, message, tmp_path):
    subject = case_of(case)
    whole = {**subject.entry, **entry}
    (finding,) = findings(tmp_path, subject, whole)
    assert (finding.code, finding.message) == (code, message)
    assert finding.source.line == line_of(whole, next(iter(entry)))


def test_a_misspelt_field_is_met_with_a_suggestion(tmp_path):
    case = case_of("import-azure_spi")
    (finding,) = findings(tmp_path, case, {**case.entry, "presing_ttl": 5})
    assert finding.hint == 'did you mean "presign_ttl"?'


@pytest.mark.parametrize("port", [6379, "6379"])
def test_a_port_is_a_number_or_text(port, tmp_path):
    case = case_of("import-redis")
    assert loaded(tmp_path, case, {**case.entry, "port": port}).values["port"] == port


@pytest.mark.parametrize("side", ["import", "export"])
@pytest.mark.parametrize(
    ("auth", "wrong"),
    [
        (
            {},
            [f'needs "{name}" with auth_mode: service_principal' for name in BY_MODE],
        ),
        ({"tenant_id": "t", "client_id": "a"}, ['needs "client_secret" with auth_mode: service_principal']),
        ({"auth_mode": "workload_identity"}, []),
        ({"auth_mode": "workload_identity", "client_id": "a"}, []),
        (
            {"auth_mode": "workload_identity", "client_secret": "${env:S}"},
            ['cannot have "client_secret" with auth_mode: workload_identity'],
        ),
    ],
)
def test_the_mode_of_azure_decides_which_credentials_are_needed_or_forbidden(side, auth, wrong, tmp_path):
    case = case_of(f"{side}-azure_spi")
    entry = {name: value for name, value in case.entry.items() if name not in BY_MODE}
    found = findings(tmp_path, case, {**entry, **auth})
    assert {finding.message for finding in found} == {f"{case.noun} {text}" for text in wrong}


@pytest.mark.parametrize("side", ["import", "export"])
@pytest.mark.parametrize(
    ("auth", "missing"),
    [
        ({}, ["token"]),
        ({"auth_type": "pat"}, ["token"]),
        ({"auth_type": "dbx_sp"}, ["client_id", "client_secret"]),
        ({"auth_type": "dbx_sp", "client_id": "a"}, ["client_secret"]),
        ({"auth_type": "azure_ad_sp"}, ["tenant_id", "client_id", "client_secret"]),
        ({"auth_type": "azure_ad_sp", "client_id": "a", "client_secret": "${env:S}"}, ["tenant_id"]),
        ({"auth_type": "azure_ad_sp", "tenant_id": "t", "client_id": "a", "client_secret": "${env:S}"}, []),
        ({"auth_type": "dbx_sp", "client_id": "a", "client_secret": "${env:S}"}, []),
    ],
)
def test_the_login_of_databricks_decides_which_credentials_are_needed(side, auth, missing, tmp_path):
    case = case_of(f"{side}-databricks")
    entry = {name: value for name, value in case.entry.items() if name != "token"}
    found = findings(tmp_path, case, {**entry, **auth})
    assert {finding.message for finding in found} == {f'{case.noun} needs "{name}"' for name in missing}
    assert {finding.code for finding in found} <= {"LS101"}
    assert {finding.source.line for finding in found} <= {ENTRY_LINE}


@pytest.mark.parametrize("side", ["import", "export"])
def test_a_storage_without_a_known_type_is_told_the_types(side, tmp_path):
    case = case_of(f"{side}-s3")
    (none,) = findings(tmp_path, case, {"bucket": "b"})
    (wrong,) = findings(tmp_path, case, {"type": "azure_sp", "bucket": "b"})
    assert (none.code, wrong.code) == ("LS101", "LS104")
    assert wrong.hint in {'did you mean "azure_spi"?', 'did you mean "azure"?'}
    assert all("databricks" in finding.message for finding in (none, wrong))
