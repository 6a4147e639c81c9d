"""Overlays are RFC 7396, defaults lie beneath."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.errors import Source
from lsops.manifest.findings import Findings
from lsops.manifest.patch import Meter, PatchTooLarge, lay_beneath, merge_patch
from lsops.manifest.positions import Map
from lsops.manifest.reader import read_yaml

RFC_7396 = """
{"a":"b"}          | {"a":"c"}               | {"a":"c"}
{"a":"b"}          | {"b":"c"}               | {"a":"b","b":"c"}
{"a":"b"}          | {"a":null}              | {}
{"a":"b","b":"c"}  | {"a":null}              | {"b":"c"}
{"a":["b"]}        | {"a":"c"}               | {"a":"c"}
{"a":"c"}          | {"a":["b"]}             | {"a":["b"]}
{"a":{"b":"c"}}    | {"a":{"b":"d","c":null}} | {"a":{"b":"d"}}
{"a":[{"b":"c"}]}  | {"a":[1]}               | {"a":[1]}
["a","b"]          | ["c","d"]               | ["c","d"]
{"a":"b"}          | ["c"]                   | ["c"]
{"a":"foo"}        | "bar"                   | "bar"
{"e":null}         | {"a":1}                 | {"e":null,"a":1}
[1,2]              | {"a":"b","c":null}      | {"a":"b"}
{}                 | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
"""
"""The appendix of the RFC, but for the patch that is null itself: a file holds a map."""


def value_of(value, name="base.yaml"):
    """A JSON value with places."""
    return read_yaml(json.dumps({"value": value}), name, Findings())["value"]


@pytest.mark.parametrize("row", RFC_7396.strip().splitlines())
def test_the_appendix_of_the_rfc(row):
    target, patch, wanted = (json.loads(cell) for cell in row.split("|"))

    assert merge_patch(value_of(target), value_of(patch), {}) == wanted


scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.text("abc", max_size=2)
keys = st.text("abc", min_size=1, max_size=1)
trees = st.recursive(scalars, lambda inner: st.dictionaries(keys, inner, max_size=3) | st.lists(inner, max_size=2))
maps = st.dictionaries(keys, trees, max_size=3)


@given(maps, maps)
def test_a_patch_applied_twice_is_applied_once(target, patch):
    once = merge_patch(value_of(target), value_of(patch), {})

    assert merge_patch(once, value_of(patch), {}) == once


@given(maps, maps)
def test_nothing_is_changed_in_place(target, patch):
    left, right = value_of(target), value_of(patch)

    merge_patch(left, right, {})
    lay_beneath(left, right)
    assert (left, right) == (target, patch)


@given(maps, maps)
def test_every_key_of_a_result_has_a_place(target, patch):
    left, right = value_of(target), value_of(patch, "overlay.yaml")

    assert all(placed(result) for result in (merge_patch(left, right, {}), lay_beneath(left, right)))


def placed(value):
    if not isinstance(value, Map):
        return True
    return value.keys() == value.places.keys() and all(map(placed, value.values()))


@given(maps, maps)
def test_an_entry_wins_over_what_lies_beneath(entry, default):
    laid = lay_beneath(value_of(entry), value_of(default))

    assert laid.keys() == entry.keys() | default.keys()
    assert all(laid[key] == value for key, value in entry.items() if not isinstance(value, dict))


def test_what_an_overlay_sets_has_its_place_and_the_rest_keeps_its_own():
    base, overlay = value_of({"a": {"b": 1, "c": 2}}), value_of({"a": {"c": 3, "d": 4}}, "overlay.yaml")

    result = merge_patch(base, overlay, {})["a"]

    assert [result.key_source(key).file for key in "bcd"] == ["base.yaml", "overlay.yaml", "overlay.yaml"]


def test_a_default_keeps_its_place():
    laid = lay_beneath(value_of({"a": {"b": 1}}), value_of({"a": {"c": 2}}, "defaults.yaml"))

    assert laid["a"].value_source("c") == Source("defaults.yaml", 1, 23)


@given(maps, maps, maps)
def test_patches_that_share_what_they_copied_do_what_each_would_alone(target, first, second):
    base, left, right = value_of(target), value_of(first), value_of(second, "overlay.yaml")
    own = {}

    result = merge_patch(merge_patch(base, left, own), right, own)

    assert result == merge_patch(merge_patch(value_of(target), value_of(first), {}), value_of(second), {})
    assert (base, left, right) == (target, first, second)


def test_a_map_is_copied_once_for_all_patches():
    base, patch = value_of({"a": {str(n): n for n in range(50)}}), value_of({"a": {"x": 1}})
    own = {}

    merged = merge_patch(base, patch, own)
    later = [merge_patch(merged, patch, own) for _ in range(9)]

    assert all(result is merged for result in later)
    assert len(own) == 2


def test_defaults_that_multiply_with_the_entries_have_a_bound():
    default, meter = value_of({"a": [1, {"b": 2}], "c": 3}), Meter(left=20)

    for _ in range(3):
        meter.spend(default)

    with pytest.raises(PatchTooLarge):
        meter.spend(default)
