"""Of many live resources those that are mostly as an entry: the same that are found by comparing each of them."""

from __future__ import annotations

import random

import pytest

from lsops.engine.planning.crowd import Crowd
from lsops.engine.planning.likeness import likeness
from lsops.model.resource import Resource
from tests.engine.scenes import project

HELD = {
    "label_config": ["<View/>", " <View/> ", "<View></View>", ""],
    "description": ["a", "a ", "", None],
    "color": ["#ffffff", "#FFFFFF", "#000000"],
    "maximum_annotations": [1, 2, True, "1"],
    "show_skip_button": [True, False, 1],
    "overlap_cohort_percentage": [100, 100.0, "100.00", 50],
    "control_weights": [{"a": {"overall": 1.0}}, {"a": {"overall": 1}}, {}, None],
}


def some_project(chance: random.Random, number: int) -> Resource:
    values = {name: chance.choice(held) for name, held in HELD.items() if chance.random() < 0.8}
    return project(f"Project {number}", **values)


@pytest.mark.parametrize("seed", range(10))
def test_it_finds_what_a_comparison_of_each_finds(seed):
    chance = random.Random(seed)
    rows = [(f"/projects/{number}", some_project(chance, number)) for number in range(30)]
    crowd = Crowd(rows)
    for number in range(30):
        item = some_project(chance, number)
        names = [name for name in item.values if name != "title"]
        measured = [(place, live, likeness(item, live, names)) for place, live in rows]
        assert list(crowd.mostly_as(item, names)) == [one for one in measured if one[2].equal * 2 > one[2].compared]
