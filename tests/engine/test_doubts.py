"""Values that the server takes and that are seldom meant: LS112, said whenever a plan is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsops.engine.offline import doubtful_values
from lsops.kinds import registry
from lsops.kinds.views.columns import KNOWN
from lsops.manifest import Options, load
from lsops.model.resource import Resource, Secret
from tests.engine.scenes import live_project, live_webhook, planned, project, view, webhook

EXAMPLES = Path(__file__).parents[2] / "examples"
VALUE = "s3cr3t"


def doubts(item: Resource) -> list[str]:
    """What the plan of a new resource doubts, less its place."""
    found = planned(project(), item, live=[live_project()]).warnings
    assert {(finding.code, finding.address, finding.severity) for finding in found} <= {
        ("LS112", item.address, "warning")
    }
    return [finding.message for finding in found]


# ---- headers -----------------------------------------------------------------------------------

LIKE_REFERENCES = [
    f"${{{VALUE}}}",
    f"Bearer ${{{VALUE}}}",
    f"${VALUE}",
    f"Bearer ${VALUE}",
    f"{{{{ {VALUE} }}}}",
    f"Bearer {{{{{VALUE}}}}}",
    f"$(pass show {VALUE})",
    f"env:{VALUE}",
    f"ENV:{VALUE}",
    f"file:{VALUE}",
    f"var:{VALUE}",
]


@pytest.mark.parametrize("text", LIKE_REFERENCES)
def test_a_header_that_looks_like_a_reference_is_doubted_and_not_shown(text: str) -> None:
    item = webhook(headers={"X-Team": "radiology", "Authorization": text})
    (finding,) = planned(project(), item, live=[live_project()]).warnings
    assert finding.message == "headers: the value of Authorization looks like a reference and is sent as it is written"
    assert (finding.code, finding.severity, finding.hint) == (
        "LS112", "warning", "write Authorization: ${env:NAME}",
    )  # fmt: skip
    assert VALUE not in repr(finding)


@pytest.mark.parametrize(
    "value",
    [
        "a$b",
        "$5",
        "costs $5",
        "",
        "Bearer abc",
        "{x}",
        "environment",
        "my env:x",
        "a file:x",
        "5$ x",
        Secret("env", "H"),
    ],
    ids=str,
)
def test_other_headers_are_not(value: Any) -> None:
    assert doubts(webhook(headers={"Authorization": value})) == []


def test_a_header_is_doubted_though_nothing_changes() -> None:
    headers = {"Authorization": "$HOOK"}
    held = live_webhook(headers=headers)
    found = planned(project(), webhook(headers=headers), live=[live_project(), held])
    assert (found.changes, [finding.code for finding in found.warnings]) == ((), ["LS112"])


# ---- filters -----------------------------------------------------------------------------------


def condition(column: str = "id", operator: str = "equal", sort: str = "Number", value: Any = 1) -> dict[str, Any]:
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": sort, "value": value}


def with_condition(**parts: Any) -> Resource:
    return view(filters={"conjunction": "and", "items": [condition(**parts)]})


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a column misspelt": ({"column": "totl_annotations"}, 'did you mean "total_annotations"?'),
    "a field of the tasks": ({"column": "sentiment"}, "fields of tasks are written data.FIELD"),
    "another case": ({"column": "ID"}, 'no column is called "ID"'),
    "a range of one number": ({"operator": "in", "value": 5}, "id: in needs an object with min and max"),
    "a range without an end": ({"operator": "not_in", "value": {"min": 1}}, "id: not_in needs an object with min and"),
    "a range of times": ({"column": "created_at", "operator": "in", "sort": "Datetime", "value": "x"}, "min and max"),
    "a day": (
        {"column": "created_at", "operator": "less", "sort": "Datetime", "value": "2026-01-31"},
        "created_at: less needs a time of the form 2026-01-31T00:00:00.000Z",
    ),
    "a time without a fraction": (
        {"column": "created_at", "operator": "greater", "sort": "Datetime", "value": "2026-01-31T00:00:00Z"},
        "created_at: greater needs a time of the form",
    ),
    "a word for a Boolean": (
        {"column": "ground_truth", "sort": "Boolean", "value": "maybe"},
        "ground_truth: equal needs true or false",
    ),
    "a number for a Boolean": ({"column": "ground_truth", "sort": "Boolean", "value": 1}, "a Boolean is true or false"),
}
RIGHT: dict[str, dict[str, Any]] = {
    "a column": {},
    "a column, descending": {"column": "-id"},
    "a field of the tasks": {"column": "data.sentiment", "sort": "String", "value": "x"},
    "a range": {"operator": "in", "value": {"min": 1, "max": 2}},
    "a time": {"column": "created_at", "operator": "less", "sort": "Datetime", "value": "2026-01-31T00:00:00.000Z"},
    "microseconds": {"column": "created_at", "operator": "less", "sort": "Datetime", "value": "2026-01-31T00:00:00.123456Z"},
    "no time at all": {"column": "completed_at", "operator": "empty", "sort": "Datetime", "value": True},
    "a range of times": {
        "column": "created_at",
        "operator": "in",
        "sort": "Datetime",
        "value": {"min": "2026-01-31T00:00:00.000Z", "max": "2026-02-01T00:00:00.000Z"},
    },
    "a Boolean": {"column": "ground_truth", "sort": "Boolean", "value": False},
    "a YAML 1.1 boolean, which the server reads": {"column": "ground_truth", "sort": "Boolean", "value": "no"},
    "a Boolean as the Data Manager writes it": {"column": "ground_truth", "sort": "Boolean", "value": "true"},
}  # fmt: skip


@pytest.mark.parametrize(("parts", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_condition_that_keeps_a_tab_from_opening_is_doubted(parts: dict[str, Any], words: str) -> None:
    (said,) = doubts(with_condition(**parts))
    assert said.startswith("filters: ")
    assert words in said


@pytest.mark.parametrize("parts", RIGHT.values(), ids=RIGHT.keys())
def test_other_conditions_are_not(parts: dict[str, Any]) -> None:
    assert doubts(with_condition(**parts)) == []


@pytest.mark.parametrize(
    "inner", [{"child_filter": condition("idd")}, {"child_filters": [condition(), condition("idd")]}]
)
def test_second_conditions_are_looked_at_too(inner: dict[str, Any]) -> None:
    filters = {"conjunction": "and", "items": [{**condition(), **inner}]}
    assert [finding.message.partition(",")[0] for finding in registry()["view"].warn(view(filters=filters))] == [
        'filters: no column is called "idd"'
    ]


@pytest.mark.parametrize("column", sorted(KNOWN))
def test_every_known_column_is_fit_for_filters_and_orderings(column: str) -> None:
    parts = condition(column, "empty", "String", True)
    item = view(filters={"conjunction": "and", "items": [parts]}, ordering=[f"-tasks:{column}"])
    assert doubts(item) == []


@pytest.mark.parametrize("name", ["tasks:id", "-tasks:id", "tasks:-id", "tasks:data.size", "-tasks:data.a__b"])
def test_an_ordering_by_a_known_column_is_not_doubted(name: str) -> None:
    assert doubts(view(ordering=[name])) == []


@pytest.mark.parametrize("name", ["tasks:creatd_at", "-tasks:creatd_at", "creatd_at"])
def test_an_ordering_by_an_unknown_column_is(name: str) -> None:
    (said,) = doubts(view(ordering=[name]))
    assert said.startswith('ordering: no column is called "creatd_at"')
    assert said.endswith('did you mean "created_at"?')


@pytest.mark.parametrize("fields", [{}, {"filters": {"conjunction": "and", "items": []}}, {"ordering": []}], ids=str)
def test_a_tab_without_filters_is_not_doubted(fields: dict[str, Any]) -> None:
    assert doubts(view(**fields)) == []


# ---- examples ----------------------------------------------------------------------------------

MANIFESTS = sorted(path.parent for path in EXAMPLES.rglob("lsops.yaml"))


@pytest.mark.parametrize("folder", MANIFESTS, ids=lambda path: path.name)
def test_nothing_in_the_examples_is_doubted(folder: Path) -> None:
    desired = load(folder, Options()).desired
    assert desired.resources
    assert doubtful_values(desired) == ()
