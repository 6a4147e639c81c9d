"""The schema of a label config's annotations, held against what the official SDK makes and takes for the same config."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from label_studio_sdk.label_interface import LabelInterface

from lsops.labelconfig import answer_schema, result_schema
from lsops.preview.samples import sample_task
from tests.support.label_configs import CONFIGS, shipped_configs

# The SDK's own code uses what its pydantic deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20")

ALL = {**CONFIGS, **shipped_configs()}
NOT_MADE = {
    # Its sample of a Pairwise names only one of the two objects, and its own check then finds no object of that name.
    "a pair of texts, a table and a document",
    "a pair with a scale",
    "generative-ai/human-feedback-collection",
    "ranking-and-scoring/pairwise-classification",
}
"""Configs for which the SDK makes no sample annotation."""


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(result_schema(ALL[name]))


@cache
def interface(name: str) -> LabelInterface:
    return LabelInterface(ALL[name])


def complaints(name: str, result: list[Any]) -> list[str]:
    return [error.message for error in validator(name).iter_errors(result)]


@pytest.mark.parametrize("name", ALL)
def test_the_schema_accepts_the_sdks_sample_annotation(name: str) -> None:
    random.seed(name)
    sample = interface(name).generate_sample_annotation()
    assert (sample is None) == (name in NOT_MADE)
    result = [as_drawn(one) for one in json.loads(json.dumps(sample or {"result": []}))["result"]]
    assert complaints(name, result) == []


def as_drawn(result: dict[str, Any]) -> dict[str, Any]:
    """The SDK names a control of a repeater by its flag; the editor puts a number there, and no result has the flag."""
    names = {key: result[key].replace("{{i}}", "0").replace("{{idx}}", "0") for key in ("from_name", "to_name")}
    return {**result, **names}


@pytest.mark.parametrize("name", ALL)
def test_the_schema_accepts_the_regions_of_our_sample_task(name: str) -> None:
    assert complaints(name, sample_task(ALL[name])["annotations"][0]["result"]) == []


BOXES = "a classified region"
BOX = {
    "id": "a",
    "from_name": "r",
    "to_name": "i",
    "type": "rectanglelabels",
    "value": {"x": 1, "y": 2.5, "width": 3, "height": 4, "rotation": 0, "rectanglelabels": ["Car"]},
}
CHOICE = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["Yes"]}}
RATING = {"from_name": "r", "to_name": "t", "type": "rating", "value": {"rating": 3}}
NUMBER = {"from_name": "n", "to_name": "t", "type": "number", "value": {"number": 5}}
RATED = "a rating, a number and a date"
Change = Callable[[dict[str, Any]], object]

MUTATIONS: dict[str, tuple[str, dict[str, Any], Change]] = {
    "an unknown from_name": (BOXES, BOX, lambda one: one.update(from_name="nobody")),
    "an unknown to_name": (BOXES, BOX, lambda one: one.update(to_name="nothing")),
    "the type of another control": (BOXES, BOX, lambda one: one.update(type="choices")),
    "an unknown label": (BOXES, BOX, lambda one: one["value"].update(rectanglelabels=["Bus"])),
    "a place over 100": (BOXES, BOX, lambda one: one["value"].update(x=100.5)),
    "a place below 0": (BOXES, BOX, lambda one: one["value"].update(y=-1)),
    "a value without a key": (BOXES, BOX, lambda one: one["value"].pop("width")),
    "no value": (BOXES, BOX, lambda one: one.pop("value")),
    "an unknown key": (BOXES, BOX, lambda one: one.update(colour="red")),
    "an unknown key in the value": (BOXES, BOX, lambda one: one["value"].update(widht=3)),
    "a number as text": (BOXES, BOX, lambda one: one["value"].update(x="1")),
    "two choices for one": ("choices of one", CHOICE, lambda one: one["value"].update(choices=["Yes", "no"])),
    "a label by its value and not its alias": (
        "choices of one",
        CHOICE,
        lambda one: one["value"].update(choices=["No"]),
    ),
    "a choice outside of a list": ("choices of one", CHOICE, lambda one: one["value"].update(choices="Yes")),
    "a rating over the most": (RATED, RATING, lambda one: one["value"].update(rating=4)),
    "half a star": (RATED, RATING, lambda one: one["value"].update(rating=2.5)),
    "a number over the most": (RATED, NUMBER, lambda one: one["value"].update(number=10)),
}
SDK_TAKES = {
    "an unknown key": "its models of results leave other keys unread; the editor loses them",
    "an unknown key in the value": "its models of values leave other keys unread, so that a slip of a key passes",
    "a number as text": "pydantic makes a number of a text; the editor reckons with what stands there",
    "a place below 0": "its models have an upper bound only; a region out of the picture cannot be seen",
    "two choices for one": "`choice` is read for its own schema and not when a value is checked",
    "a number over the most": "`min` and `max` are read for its own schema and not when a value is checked",
}
"""Where the SDK's own check takes what the schema refuses, and why the schema does."""


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_schema_refuses_a_result_that_is_changed_in_one_thing(name: str) -> None:
    config, right, change = MUTATIONS[name]
    wrong = copy.deepcopy(right)
    change(wrong)
    assert complaints(config, [right]) == []
    assert complaints(config, [wrong]) != []


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_sdk_refuses_the_same_but_for_what_is_listed(name: str) -> None:
    config, right, change = MUTATIONS[name]
    wrong = copy.deepcopy(right)
    change(wrong)
    takes = interface(config).validate_region(wrong)
    assert takes == (name in SDK_TAKES)


COMPACT_DIFFERS = {
    "choices of many": "an answer is a list of labels in both; ours has no least number, for none may fit",
    "a classified region": "a picture may have several regions, so that ours is a list of values",
    "a taxonomy": "ours has the paths that there are; theirs any labels in any order",
}


@pytest.mark.parametrize("name", ALL)
def test_a_compact_schema_has_a_value_for_each_control_of_the_sdk(name: str) -> None:
    ours, theirs = answer_schema(ALL[name]), interface(name).to_json_schema()
    assert set(theirs["properties"]) == set(ours["properties"])
    assert ours["required"] == theirs["required"]


@pytest.mark.parametrize("name", [*COMPACT_DIFFERS, "choices of one", RATED])
def test_single_answers_are_described_as_the_sdk_describes_them(name: str) -> None:
    ours, theirs = answer_schema(ALL[name])["properties"], interface(name).to_json_schema()["properties"]
    same = [one for one in ours if _bare(ours[one]) == _bare(theirs[one])]
    assert (len(same) == len(ours)) == (name not in COMPACT_DIFFERS)


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in ("description", "format")}


@pytest.mark.parametrize("name", CONFIGS)
def test_what_is_printed_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(result_schema(ALL[name]))
    Draft202012Validator.check_schema(answer_schema(ALL[name]))
