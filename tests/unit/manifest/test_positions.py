"""Maps and lists with places behave as plain ones otherwise."""

from __future__ import annotations

import copy
import pickle

import pytest

from lsops.errors import Source
from lsops.manifest.findings import Findings
from lsops.manifest.positions import Map, Seq
from lsops.manifest.reader import read_yaml


@pytest.fixture
def tree():
    return read_yaml("a: {b: [1, {c: 2}]}\nd: 3", "a.yaml", Findings())


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda tree: pickle.loads(pickle.dumps(tree))])
def test_a_copy_is_plain(tree, copied):
    result = copied(tree)

    assert result == tree
    assert type(result) is dict
    assert type(result["a"]["b"]) is list


def test_a_clone_has_places_of_its_own(tree):
    clone = tree.clone()
    clone.drop("a")
    clone.put("e", 1, tree.places["d"])

    assert (clone, list(clone.places)) == ({"d": 3, "e": 1}, ["d", "e"])
    assert tree.key_source("a") == Source("a.yaml", 1, 1)


def test_dropping_what_is_not_there_does_nothing(tree):
    tree.drop("none")

    assert list(tree) == ["a", "d"]


def test_a_part_keeps_its_places(tree):
    assert tree.only(["d"]).key_source("d") == Source("a.yaml", 2, 1)


def test_a_list_knows_its_items_and_nothing_beyond(tree):
    items = tree["a"]["b"]

    assert items.value_source(1) == items.key_source(1) == Source("a.yaml", 1, 12)
    assert items.value_source(2) is None
    assert Seq().value_source(0) is None
    assert Map().value_source("a") is None
