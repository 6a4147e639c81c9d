"""What a script has of each operation: its result, and errors that know where the manifest is."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import lsops
from lsops.errors import LsopsError, ManifestError, Unauthorized
from lsops.operations.doctor import DoctorRequest, diagnose
from lsops.operations.drift import find_drift
from lsops.operations.load import load_manifest
from lsops.operations.plan import PlanRequest, plan_manifest
from lsops.operations.servers import ServerRequest
from lsops.operations.validate import validate_manifest
from lsops.server import Session
from tests.operations.conftest import Declare

LOGIN = {"task_data_login": "ana", "task_data_password": "${file:secrets/password}"}
REFUSED_HERE = {"projects": {"One": {"workspace": "W"}}}


def password(folder: Path) -> None:
    (folder / "secrets").mkdir()
    (folder / "secrets" / "password").write_text("open sesame\n", "utf-8")


def test_a_manifest_that_is_wrong_says_the_way_to_its_files(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = declare(projects={"One": {"nonsense": 1}})
    monkeypatch.chdir(folder.parent)
    with pytest.raises(ManifestError) as wrong:
        load_manifest(Path("label-studio"))
    assert wrong.value.prefix == "label-studio/"


def test_an_error_of_planning_says_it_too(declare: Declare, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = declare(**REFUSED_HERE)
    monkeypatch.chdir(folder.parent)
    with pytest.raises(ManifestError) as wrong:
        plan_manifest(load_manifest(Path("label-studio")), session)
    assert (wrong.value.findings[0].code, wrong.value.prefix) == ("LS108", "label-studio/")


def test_an_error_of_no_manifest_has_no_prefix() -> None:
    assert LsopsError.of("something").prefix == ""


def test_a_secret_s_file_is_found_from_wherever_a_script_runs(declare: Declare, session: Session) -> None:
    folder = declare(projects={"One": LOGIN})
    password(folder)
    report = lsops.apply(lsops.plan(lsops.load(folder), session), session)
    assert report.complete


def test_a_script_may_have_the_files_of_secrets_elsewhere(declare: Declare, session: Session, tmp_path: Path) -> None:
    plan = lsops.plan(lsops.load(declare(projects={"One": LOGIN})), session)
    with pytest.raises(ManifestError):
        lsops.apply(plan, session)
    password(tmp_path)
    assert lsops.apply(plan, session, root=tmp_path).complete


def test_a_plan_bears_what_the_manifest_was_warned_of(declare: Declare, session: Session) -> None:
    url = "https://hooks.slack.com/services/T0/B0/canary"
    manifest = lsops.load(declare(projects={"One": {"webhooks": {url: {}}}}))
    assert [item.code for item in lsops.plan(manifest, session).warnings] == ["LS113"]


def test_a_plan_that_is_whole_is_saved(declare: Declare, session: Session, tmp_path: Path) -> None:
    request = PlanRequest(out=tmp_path / "plan.json", created="2026-11-21T12:00:00Z")
    plan_manifest(load_manifest(declare(projects={"One": {}})), session, request)
    assert '"created": "2026-11-21T12:00:00Z"' in (tmp_path / "plan.json").read_text("utf-8")


def test_drift_counts_what_is_unmanaged_if_it_is_strict(declare: Declare, session: Session) -> None:
    session.post("/api/projects/", {"title": "By hand"})
    manifest = load_manifest(declare(projects={}))
    assert not find_drift(manifest, session).is_there
    assert find_drift(manifest, session, strict=True).is_there


def test_a_validation_has_the_doubts_of_files_and_of_kinds(declare: Declare) -> None:
    webhooks = {"https://hooks.slack.com/services/T0/B0/canary": {"headers": {"X-Key": "${KEY}"}}}
    found = validate_manifest(declare(projects={"One": {"webhooks": webhooks}}))
    assert [item.code for item in found.warnings] == ["LS113", "LS112"]


def test_a_diagnosis_keeps_what_was_found_before_an_error(declare: Declare) -> None:
    def connect(manifest: object) -> Session:
        raise Unauthorized.of("401")

    request = DoctorRequest(declare(projects={}), server=ServerRequest("sandbox:"))
    diagnosis = diagnose(request, connect)
    assert list(diagnosis.found) == ["lsops", "manifest", "server", "token"]
    assert isinstance(diagnosis.error, Unauthorized)


@pytest.mark.parametrize(
    "request_", [PlanRequest(), ServerRequest(), DoctorRequest()], ids=lambda one: type(one).__name__
)
def test_a_request_is_a_value_that_shows_no_variable(request_: PlanRequest) -> None:
    with pytest.raises(FrozenInstanceError):
        request_.env = {}  # type: ignore[misc]
    assert "env=" not in repr(request_).replace("secret_env=", "")
