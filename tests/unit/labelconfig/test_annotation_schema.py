"""The schema of a label config's annotations accepts what Label Studio's own editor writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from lsops.labelconfig import result_schema
from tests.support.label_configs import CONFIGS

WRITTEN = json.loads((Path(__file__).parents[2] / "data/editor_results.json").read_text("utf-8"))
"""By config, what the editor of Label Studio 1.23.2 serialised after it had drawn an annotation with such results."""


@pytest.mark.parametrize("name", WRITTEN)
def test_what_the_editor_writes_fits(name: str) -> None:
    validator = Draft202012Validator(result_schema(CONFIGS[name]))
    assert [error.message for error in validator.iter_errors(WRITTEN[name])] == []


def test_the_editor_wrote_results_of_each_kind_that_community_draws() -> None:
    kinds = {one["type"] for results in WRITTEN.values() for one in results}
    assert len(kinds) >= 25
    assert {"pairwise", "ranker", "taxonomy", "relation", "videorectangle", "bitmasklabels"} <= kinds


def test_a_control_of_a_repeater_has_a_number_in_its_name() -> None:
    validator = Draft202012Validator(result_schema(CONFIGS["a repeater"]))
    box = {"type": "rectanglelabels", "value": {"x": 1, "y": 1, "width": 1, "height": 1, "rectanglelabels": ["A"]}}
    assert validator.is_valid([{**box, "from_name": "r12", "to_name": "p12"}])
    assert not validator.is_valid([{**box, "from_name": "r", "to_name": "p12"}])
