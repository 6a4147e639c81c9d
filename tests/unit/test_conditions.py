"""What is said of a filter's condition is what a real server does with it: measured, see `tests/data/conditions.txt`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsops.kinds.views.conditions import LISTS, needs

DAY = "2026-01-31T00:00:00.000Z"
VALUES: dict[str, Any] = {
    "int": 3,
    "float": 1.5,
    "numtext": "3",
    "text": "abc",
    "empty": "",
    "bool": True,
    "truetext": "true",
    "moment": DAY,
    "date": "2026-01-31",
    "list_int": [1],
    "list_text": ["abc"],
    "list_empty": [],
    "list_dict": [{"a": 1}],
    "range_int": {"min": 1, "max": 2},
    "range_text": {"min": "a", "max": "b"},
    "range_moment": {"min": DAY, "max": "2026-02-28T00:00:00.000Z"},
    "object": {"value": 1},
    "badregex": "(",
    "nan": "nan",
}
MEASURED = [
    row.split(": ", 1)
    for row in (Path(__file__).parents[1] / "data" / "conditions.txt").read_text("utf-8").splitlines()
    if not row.startswith("#")
]


@pytest.mark.parametrize(("shape", "found"), MEASURED, ids=[shape for shape, _ in MEASURED])
def test_whatever_keeps_a_tab_from_opening_is_said(shape: str, found: str) -> None:
    column, kind, operator = shape.split()
    shut = found.partition("|")[2].split()
    assert [name for name in shut if not needs(column, operator, kind, VALUES[name])] == []


@pytest.mark.parametrize(("shape", "found"), MEASURED, ids=[shape for shape, _ in MEASURED])
def test_of_what_opens_only_what_finds_nothing_sensible_is_said(shape: str, found: str) -> None:
    """A list that is a text is compared letter by letter; a pattern and a range are no numbers."""
    column, kind, operator = shape.split()
    opens = [name for name in found.partition("|")[0].split() if needs(column, operator, kind, VALUES[name])]
    if operator in LISTS:
        assert not [name for name in opens if name.startswith("list")]
    elif operator != "regex":
        assert not [name for name in opens if not name.startswith("range") and operator not in ("in", "not_in")]


SHAPES = {
    "an object for a number": ("total_annotations", "greater", "Number", {"value": 1}, "a scalar"),
    "a scalar for a list": ("id", "in_list", "Number", 5, "a list"),
    "an e-mail for a user": ("annotators", "contains", "List", "ana@example.com", "the id of a user"),
    "a number for versions": ("predictions_model_versions", "contains", "List", 1, "a list of versions"),
    "a year for a time": ("created_at", "less", "String", "2026", "a time such as"),
    "a pattern for a number": ("id", "regex", "Number", 3, "text, with the type String"),
    "a day that is none": ("created_at", "less", "String", "2026-02-30", "a time such as"),
    "an id that is no text": ("annotations_ids", "contains", "Number", 12, "ids as text"),
    "half a range": ("id", "in", "Number", {"min": 1}, "an object with min and max"),
    "texts in a list of numbers": ("id", "in_list", "List", ["a"], "a list, each a number"),
}


@pytest.mark.parametrize(("column", "operator", "kind", "value", "wanted"), SHAPES.values(), ids=SHAPES.keys())
def test_it_is_said_what_would_do(column: str, operator: str, kind: str, value: Any, wanted: str) -> None:
    assert needs(column, operator, kind, value).startswith(wanted)
