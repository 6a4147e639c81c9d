"""Drift as text and JSON, made by hand so that each holds everything that can be shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lsops.engine.drift import Drift, word_for
from lsops.model.plan import Change, FieldChange, Plan
from tests.render.test_renderers import FACTS, PLAN, matches
from tests.support.forms import drift_as

QUIET = Plan(FACTS, unchanged=1)
STRANGERS = replace(QUIET, unmanaged=("/projects/A", "/projects/B"))
CREATED = Change("/projects/New", "project", "create", fields=(FieldChange("/title", after="New"),))
SECOND_HALF = Change(
    "/projects/New/model_version",
    "project",
    "update",
    fields=(FieldChange("/model_version", after="1"),),
    requires=("/projects/New",),
    part_of="/projects/New",
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("drift.text", drift_as("text", Drift(PLAN), prefix="work/")),
        ("drift-verbose.text", drift_as("text", Drift(PLAN), verbose=True)),
        ("drift.json", drift_as("json", Drift(PLAN))),
    ],
)
def test_drift_is_as_agreed(name: str, text: str) -> None:
    matches(name, text)


@pytest.mark.parametrize(
    ("drift", "is_there", "last"),
    [
        (Drift(QUIET), False, "No drift. 1 resource matches https://label.example.com"),
        (Drift(QUIET, strict=True), False, "No drift. 1 resource matches https://label.example.com"),
        (Drift(STRANGERS), False, "No drift, 2 unmanaged. 1 resource matches https://label.example.com"),
        (Drift(STRANGERS, strict=True), True, "Drift: 0 differences (0 changed, 0 missing, 0 unwanted), 2 unmanaged."),
        (
            Drift(replace(QUIET, changes=(CREATED,))),
            True,
            "Drift: 1 difference (0 changed, 1 missing, 0 unwanted), 0 unmanaged.",
        ),
    ],
)
def test_the_last_line_counts(drift: Drift, is_there: bool, last: str) -> None:
    assert drift.is_there is is_there
    assert json.loads(drift_as("json", drift))["drift"] is is_there
    assert drift_as("text", drift).splitlines()[-1] == last


def test_what_is_missing_has_no_second_half() -> None:
    drift = Drift(replace(QUIET, changes=(CREATED, SECOND_HALF)))
    assert [change.address for change in drift.differences] == ["/projects/New"]
    assert sum(drift.counts.values()) == 1


def test_a_second_half_alone_counts() -> None:
    changed = replace(SECOND_HALF, fields=(FieldChange("/model_version", "0", "1"),))
    assert Drift(replace(QUIET, changes=(changed,))).counts == {"changed": 1, "missing": 0, "unwanted": 0}


def test_who_would_be_deactivated_is_unwanted() -> None:
    assert word_for(Change("/members/a", "member", "update", counts_as_delete=True)) == "unwanted"


def test_a_secret_that_the_server_lacks_is_a_difference() -> None:
    change = Change("/projects/A", "project", "update", {"id": 1}, secrets={"/task_data_password": "${env:P}"})
    text = drift_as("text", Drift(replace(QUIET, changes=(change,))))
    assert '|   task_data_password: (absent) -> "${env:P}"' in text
    assert "1 changed" in text
