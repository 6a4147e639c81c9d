"""Every value that `tests/kinds` knows of a field: what it may be and what is refused, by the schema for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft7Validator

from lsops.render.editor_schema import manifest_schema
from tests.support.kind_cases import FOLDER, Case, Cases, cases_of, read

DEFINITIONS = manifest_schema()["definitions"]
EVERY = [
    cases
    for path in sorted(FOLDER.glob("*.yaml"))
    for place in ("community", "enterprise")
    for cases in cases_of(read(path), place)
]
every_case = pytest.mark.parametrize("cases", EVERY, ids=str)


def validator(cases: Cases) -> Draft7Validator:
    """What an entry of the kind must be."""
    entry = DEFINITIONS["entry." + cases.schema.collection.replace("/*/", ".")]
    return Draft7Validator({**entry, "definitions": DEFINITIONS})


def entry_with(cases: Cases, case: Case, value: Any) -> Mapping[str, Any]:
    """An entry with what the field cannot be without; its secrets are references."""
    beside = {name: "${env:NAME}" if cases.is_secret(name) else held for name, held in case.given.items()}
    typed = {cases.schema.discriminator: cases.variant} if cases.variant else {}
    return {**beside, **typed, case.name: value}


def is_filled_in_later(value: Any) -> bool:
    """Whether a value names a server of the test, such as `{hooks}/first`."""
    return isinstance(value, str) and value.startswith("{")


ELSEWHERE = "LS504"
"""What is named is not there, which only the whole manifest and the server tell."""


@every_case
def test_what_a_field_may_be_is_right_in_an_editor(cases: Cases) -> None:
    check = validator(cases)
    for case in cases.cases:
        for value in (step.value for step in case.steps if not is_filled_in_later(step.value)):
            entry = entry_with(cases, case, "${env:NAME}" if cases.is_secret(case.name) else value)
            assert [error.message for error in check.iter_errors(entry)] == []


@every_case
def test_what_a_field_may_not_be_is_wrong_in_an_editor(cases: Cases) -> None:
    check = validator(cases)
    wrong = [
        (case, one.value) for case in cases.cases for one in case.refused if not one.by_server and one.code != ELSEWHERE
    ]
    assert [(case.name, value) for case, value in wrong if check.is_valid(entry_with(cases, case, value))] == []
