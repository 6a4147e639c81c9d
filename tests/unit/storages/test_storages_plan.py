"""Planning storages: types that the server lacks, a changed type, and what an export storage sets off."""

from __future__ import annotations

import pytest

from lsops.engine.planning import plan
from lsops.engine.planning.identify import identify
from lsops.kinds import kind
from lsops.manifest import load
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts, Live
from lsops.model.resource import Resource
from tests.unit.storages.cases import CASES, manifest

EXPORT = kind("export_storage")
TITLES = {"id": 7, "title": "Scans"}
ENTERPRISE = Facts("http://label.test", "enterprise", "2.37.0", role="administrator")


def case_of(name):
    return next(case for case in CASES if str(case) == name)


def live(side, *rows):
    """A server that has the project of the manifest and these storages in it."""
    one = kind(f"{side}_storage")
    project = Resource("project", "/projects/Scans", "Scans", TITLES, id=7, raw=TITLES)
    address = f"/projects/Scans/{side}_storages"
    storages = tuple(one.from_row(row, {}, address) for row in rows)
    return Live({"/projects": Collection("project", (project,)), address: Collection(one.name, storages)})


def planned(folder, name, rows, **fields):
    case = case_of(name)
    desired = load(manifest(folder, case, {**case.entry, **fields})).desired
    return plan(desired, live(case.side, *rows), ENTERPRISE).changes


def row(type_, **fields):
    return {"id": 4, "type": type_, "title": "raw", "project": 7, **fields}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_storage_that_the_server_holds_as_declared_is_no_change(case, tmp_path):
    entry = {name: value for name, value in case.entry.items() if name not in case.words("secrets")}
    held = {name: value for name, value in entry.items() if name not in case.words("unreadable")}
    desired = load(manifest(tmp_path, case, case.entry)).desired
    assert plan(desired, live(case.side, {**row(case.type), **held}), ENTERPRISE).changes == ()


@pytest.mark.parametrize(("declared", "held"), [(6379, "6379"), ("6379", "6379"), ("6379", "6379 ")])
def test_a_port_is_the_same_as_a_number_and_as_text(declared, held, tmp_path):
    assert planned(tmp_path, "export-redis", [row("redis", port=held)], port=declared) == ()


def test_a_path_on_the_server_is_the_same_in_any_spelling(tmp_path):
    assert planned(tmp_path, "import-localfiles", [row("localfiles", path="/data/scans")], path="/data//scans/ ") == ()


def test_a_password_that_is_declared_null_is_not_compared(tmp_path):
    assert planned(tmp_path, "import-redis", [row("redis")], password=None) == ()


def test_an_update_names_the_field_and_the_type_that_it_changes(tmp_path):
    (change,) = planned(tmp_path, "import-s3", [row("s3", bucket="other")])
    assert (change.action, change.remote_id) == ("update", {"id": 4, "type": "s3"})
    assert [(field.path, field.before, field.after) for field in change.fields] == [("/bucket", "other", "scans")]
    assert change.effects == ()


@pytest.mark.parametrize("side", ["import", "export"])
def test_another_type_under_the_same_title_is_replaced(side, tmp_path):
    (change,) = planned(tmp_path, f"{side}-s3", [row("gcs", bucket="scans")])
    assert (change.action, change.remote_id) == ("replace", {"id": 4, "type": "gcs"})
    assert any("writes all annotations" in effect for effect in change.effects) == (side == "export")


def test_of_two_storages_with_one_title_that_of_the_declared_type_is_meant(tmp_path):
    rows = [{**row("gcs"), "id": 1}, {**row("s3", bucket="scans"), "id": 2}]
    assert planned(tmp_path, "import-s3", rows) == ()


EFFECTS = [
    ("s3", {"bucket": "labels", "prefix": "out/"}, "s3://labels/out"),
    ("s3s", {"bucket": "labels"}, "s3://labels"),
    ("gcs", {"bucket": "labels"}, "gs://labels"),
    ("gcs_sa", {"bucket": "labels", "prefix": ""}, "gs://labels"),
    ("gcswif", {"bucket": "labels", "prefix": "a/b"}, "gs://labels/a/b"),
    ("azure", {"container": "labels", "prefix": "out"}, "azure container labels/out"),
    ("azure_spi", {"container": "labels"}, "azure container labels"),
    ("redis", {"host": "cache", "port": 6379, "path": "labels"}, "redis cache:6379 db 2"),
    ("redis", {"db": 3}, "redis db 3"),
    ("localfiles", {"path": "/data/labels"}, "/data/labels"),
    ("databricks", {"catalog": "main", "schema": "ml", "volume": "out"}, "/Volumes/main/ml/out"),
]


@pytest.mark.parametrize(("type_", "fields", "place"), EFFECTS)
def test_a_new_export_storage_says_where_everything_is_written(type_, fields, place, tmp_path):
    (change,) = planned(tmp_path, f"export-{type_}", [], **fields)
    assert change.action == "create"
    assert change.effects == (f"writes all annotations of the project to {place} now",)


def test_a_new_import_storage_has_no_effect_of_its_own(tmp_path):
    (change,) = planned(tmp_path, "import-s3", [])
    assert change.effects == ()


def test_an_export_storage_that_goes_away_writes_nothing(tmp_path):
    (change,) = planned(tmp_path, "export-s3", [row("s3")], lifecycle={"absent": True})
    assert (change.action, change.effects) == ("delete", ())


# ---- what the server must have -----------------------------------------------------------------


def check(case, facts, *rows):
    desired = Resource(
        case.kind, f"/projects/Scans/{case.side}_storages/raw", "raw", case.entry, "/projects/Scans", type=case.type
    )
    pairs = identify(Desired((desired,), {desired.collection: None}), live(case.side, *rows))
    return list(kind(case.kind).validate_against(pairs, facts))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_type_of_enterprise_is_refused_on_community(case):
    found = check(case, Facts("http://label.test", "community", "1.23.2"))
    expected = [f"{case.noun} does not exist on Label Studio Community"] if case.facts.get("enterprise") else []
    assert [finding.message for finding in found] == expected
    assert {finding.code for finding in found} <= {"LS108"}


@pytest.mark.parametrize(
    ("release", "refused"), [("2.29.0", True), ("2.32.1", True), ("2.34.0", False), ("2.37.0", False)]
)
def test_a_newer_type_needs_its_release(release, refused):
    found = check(case_of("export-gcs_sa"), Facts("http://label.test", "enterprise", release))
    expected = [f"a gcs_sa export storage needs release 2.34, the server has {release}"] if refused else []
    assert [finding.message for finding in found] == expected


def test_a_newer_type_that_the_server_has_after_all_is_accepted():
    facts = Facts("http://label.test", "enterprise", "2.29.0")
    assert check(case_of("import-gcs_sa"), facts, row("gcs_sa")) == []
