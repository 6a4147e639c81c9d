"""Short forms are written out wherever a kind's schema allows them."""

from __future__ import annotations

import pytest

from lsops.errors import Source
from lsops.manifest.findings import Findings
from lsops.manifest.reader import read_yaml
from lsops.manifest.shorthand import Shorthand
from lsops.schema import Field, KindSchema


def kind(collection, short=None, fields=()):
    document = {"x-lsops": {"short": short}} if short else {}
    name = collection.replace("/*/", "_")
    return KindSchema(name, collection, "name", False, 1, (), "", "", {"": dict(fields)}, {"": document})


KINDS = (
    kind("people", {"scalar": "role"}),
    kind("keys", {"scalar": "holders"}, {"holders": Field("holders", types=("array",))}),
    kind("rooms"),
    kind("rooms/*/guests", {"list": True}),
    kind("rooms/*/guests/*/pets", {"scalar": "species", "list": True}),
    kind("rooms/*/chairs"),
)


def children(collection):
    return {item.name: item for item in KINDS if item.parent_collection == collection}


CASES = {
    "a scalar": ("people: {ana: cook}", {"people": {"ana": {"role": "cook"}}}),
    "a number or false": ("people: {ana: 1, ben: false}", {"people": {"ana": {"role": 1}, "ben": {"role": False}}}),
    "null is not a short form": ("people: {ana: ~}", {"people": {"ana": None}}),
    "what is written out": ("people: {ana: {role: cook}}", {"people": {"ana": {"role": "cook"}}}),
    "the value of a field that is a list": ("keys: {front: [ana]}", {"keys": {"front": {"holders": ["ana"]}}}),
    "no list where the field is none": ("people: {ana: [cook]}", {"people": {"ana": ["cook"]}}),
    "a list": ("rooms: {hall: {guests: [ana, ben]}}", {"rooms": {"hall": {"guests": {"ana": {}, "ben": {}}}}}),
    "an empty list": ("rooms: {hall: {guests: []}}", {"rooms": {"hall": {"guests": {}}}}),
    "below a list's sibling": (
        "rooms: {hall: {guests: {ana: {pets: {rex: dog}}}}}",
        {"rooms": {"hall": {"guests": {"ana": {"pets": {"rex": {"species": "dog"}}}}}}},
    ),
    "a list where a scalar is short, too": (
        "rooms: {hall: {guests: {ana: {pets: [rex]}}}}",
        {"rooms": {"hall": {"guests": {"ana": {"pets": {"rex": {}}}}}}},
    ),
    "no list where none is allowed": ("people: [ana]", {"people": ["ana"]}),
    "no scalar where none is allowed": ("rooms: {hall: big}", {"rooms": {"hall": "big"}}),
    "in defaults": (
        "defaults: {people: cook, rooms: {guests: [ana]}, none: 1}",
        {"defaults": {"people": {"role": "cook"}, "rooms": {"guests": {"ana": {}}}, "none": 1}},
    ),
    "defaults of another shape": ("defaults: [people]", {"defaults": ["people"]}),
    "other keys": ("vars: {people: cook}", {"vars": {"people": "cook"}}),
}


@pytest.mark.parametrize(("written", "wanted"), CASES.values(), ids=CASES.keys())
def test_a_short_form_is_written_out(written, wanted):
    findings = Findings()

    assert Shorthand(children, findings).tree(read_yaml(written, "a.yaml", findings)) == wanted
    assert findings.errors == ()


def test_what_is_written_out_has_the_place_of_the_short_form():
    tree = read_yaml("people:\n  ana: cook\nrooms: {hall: {guests: [ben]}}", "a.yaml", Findings())

    result = Shorthand(children, Findings()).tree(tree)

    assert result["people"]["ana"].key_source("role") == Source("a.yaml", 2, 8)
    assert result["rooms"]["hall"]["guests"].key_source("ben") == Source("a.yaml", 3, 25)
    assert tree["people"] == {"ana": "cook"}


def test_a_tree_without_short_forms_is_the_same_tree():
    tree = read_yaml("rooms: {hall: {chairs: {a: {}}}, loft: {}}", "a.yaml", Findings())

    assert Shorthand(children, Findings()).tree(tree) is tree
