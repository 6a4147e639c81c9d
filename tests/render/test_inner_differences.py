"""What differs inside of a long value: each place by its own name, whichever side comes from a manifest."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from lsops.difference import inner_differences
from lsops.manifest import Options, load
from lsops.model.plan import Change, FieldChange, Plan
from lsops.model.resource import UNSET
from tests.render.test_renderers import FACTS
from tests.support.forms import plan_as

ROOT = Path(__file__).parents[2]
MANIFEST = """
version: 1
projects:
  Cats:
    views:
      To review:
        filters:
          conjunction: and
          items:
            - {filter: "filter:tasks:id", operator: equal, type: Number, value: 5}
            - {filter: "filter:tasks:data.text", operator: contains, type: String, value: a}
"""
DECLARED: dict[str, Any] = {
    "conjunction": "and",
    "items": [
        {"filter": "filter:tasks:id", "operator": "equal", "type": "Number", "value": 5},
        {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "a"},
    ],
}


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """The filters as a manifest holds them: its maps and lists know where they stand."""
    (tmp_path / "lsops.yaml").write_text(MANIFEST, "utf-8")
    (tab,) = load(tmp_path, Options()).desired.of("view")
    filters = tab.values["filters"]
    assert filters == DECLARED
    assert dict not in (type(filters), type(filters["items"][0]))
    return filters


def held(path: tuple[Any, ...] = (), value: Any = None) -> dict[str, Any]:
    """The declared filters with another value at a place; with an UNSET one without that."""
    result: Any = deepcopy(DECLARED)
    inner = result
    for part in path[:-1]:
        inner = inner[part]
    if value is UNSET:
        del inner[path[-1]]
    elif path:
        inner[path[-1]] = value
    return dict(result)


DIFFERENCES: dict[str, tuple[dict[str, Any], list[tuple[str, Any, Any]]]] = {
    "nothing": (held(), []),
    "an operator": (held(("items", 0, "operator"), "greater"), [("/items/0/operator", "greater", "equal")]),
    "a value of another type": (held(("items", 0, "value"), "5"), [("/items/0/value", "5", 5)]),
    "the conjunction": (held(("conjunction",), "or"), [("/conjunction", "or", "and")]),
    "a condition more": (held(("items", 1), UNSET), [("/items/1", UNSET, DECLARED["items"][1])]),
    "a key less": (held(("items", 0, "child_filter"), {"a": 1}), [("/items/0/child_filter", {"a": 1}, UNSET)]),
}


@pytest.mark.parametrize(("before", "found"), DIFFERENCES.values(), ids=DIFFERENCES.keys())
def test_each_difference_has_the_path_of_its_own_place(
    written: Any, before: dict[str, Any], found: list[tuple[str, Any, Any]]
) -> None:
    assert list(inner_differences(before, written)) == found
    assert list(inner_differences(written, before)) == [(path, new, old) for path, old, new in found]


def test_a_slash_in_a_key_is_no_step() -> None:
    assert list(inner_differences({"a/b": {"c~d": 1}}, {"a/b": {"c~d": 2}})) == [("/a~1b/c~0d", 1, 2)]


BEFORE = {"a": 1, "b": 2, "c": {"x": 1, "y": [1, 2]}, "l": list(range(12)), "10": 1, "9": 1}
AFTER = {"b": 3, "d": 4, "c": {"x": 2, "z": [1]}, "l": [*range(1, 11), 0, 12]}


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_inner_differences_stand_in_one_order_whatever_the_process(seed: str) -> None:
    code = f"from lsops.difference import inner_differences\nprint([path for path, _, _ in inner_differences({BEFORE}, {AFTER})])"
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    assert ast.literal_eval(ran.stdout) == [path for path, _, _ in inner_differences(BEFORE, AFTER)]


def test_places_in_a_list_stand_in_the_order_of_their_numbers() -> None:
    found = [
        path for path, _, _ in inner_differences({"l": list(range(12))}, {"l": [number + 1 for number in range(12)]})
    ]
    assert found == sorted(found, key=lambda path: int(path.rpartition("/")[2]))


def test_a_plan_names_the_field_with_the_place() -> None:
    before, after = ([{"name": "x" * 50, "id": number}] for number in (1, 2))
    plan = Plan(FACTS, (Change("/x/y", "x", "update", fields=(FieldChange("/steps", before, after),)),))
    assert "|     steps/0/id: 1 -> 2\n" in plan_as("text", plan)
    assert "- `steps/0/id`: `1` → `2`\n" in plan_as("markdown", plan)
    assert "\n|     : " not in plan_as("text", plan)
