"""The cases of every kind, `KIND.yaml` beside this file, on the sandbox of each edition that has the kind."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lsops.kinds import registry
from tests.support.cli import Lsops
from tests.support.kind_bench import Sheet, sandbox
from tests.support.kind_cases import Cases, cases_of, files, kinds_without_cases, read
from tests.support.kind_runs import attempt, problems, refusals
from tests.support.sdk_requests import invalid
from tests.support.wire import writes

EXCUSED = yaml.safe_load((Path(__file__).parents[1] / "sdk_schemas" / "requests.yaml").read_text("utf-8"))
ALL = [
    cases for path in files().values() for place in ("community", "enterprise") for cases in cases_of(read(path), place)
]
every_case = pytest.mark.parametrize("cases", ALL, ids=str)


@every_case
def test_each_field_is_created_changed_and_emptied_by_requests_that_the_sdk_could_send(
    lsops: Lsops, cases: Cases
) -> None:
    with sandbox(lsops, cases) as bench, writes() as sent:
        assert problems(cases, bench) == []
    wrong = invalid(sent, EXCUSED)
    assert not wrong, "\n".join(wrong)


@every_case
def test_each_wrong_value_is_refused_as_its_file_says(lsops: Lsops, cases: Cases) -> None:
    with sandbox(lsops, cases) as bench:
        assert refusals(cases, bench) == []


@pytest.mark.parametrize("cases", [cases for cases in ALL if cases.strangers], ids=str)
def test_a_field_of_the_other_edition_is_refused_before_anything_is_sent(lsops: Lsops, cases: Cases) -> None:
    with sandbox(lsops, cases) as bench:
        sheet = Sheet(cases, bench)
        tried = {case.name: attempt(sheet, case, case.said["created"]) for case in cases.strangers}
    assert {name: ({code for code, _ in said}, sent) for name, (said, sent) in tried.items()} == dict.fromkeys(
        tried, ({"LS108"}, [])
    )


@every_case
def test_every_settable_field_has_its_cases(cases: Cases) -> None:
    assert cases.missing() == []


def test_every_kind_has_a_file_of_cases() -> None:
    assert kinds_without_cases(registry()) == []
    assert files().keys() <= registry().keys()


def test_a_kind_that_is_registered_without_a_file_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry(), "note", registry()["webhook"])
    assert kinds_without_cases(registry()) == ["note"]
