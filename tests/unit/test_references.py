"""What values name by the keys of others: wherever in them the schema says `ref`."""

import pytest

from lsops.references import names_of, renamed_in, scope_of
from lsops.schema import field_of

PROJECT = {"type": "string", "x-lsops": {"ref": "project"}}
PLAIN = {"type": "string"}
SHAPES = [
    (PROJECT, " A ", "B"),
    ({"type": "array", "items": PROJECT}, ["A", "other"], ["B", "other"]),
    ({"type": "object", "additionalProperties": PROJECT}, {"A": "A"}, {"A": "B"}),
    ({"type": "object", "properties": {"project": PROJECT, "group": PLAIN}}, {"project": "A", "group": "A"},
     {"project": "B", "group": "A"}),
    ({"type": "array", "items": {"type": "object", "properties": {"project": PROJECT, "group": PLAIN}}},
     [{"group": "A"}, {"project": "A"}], [{"group": "A"}, {"project": "B"}]),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "value", "_"), SHAPES)
def test_every_place_that_names_another_is_found(spec, value, _):
    assert ("project", "A") in names_of(value, field_of("f", spec))


@pytest.mark.parametrize(("spec", "value", "expected"), SHAPES)
def test_a_new_name_stands_where_the_old_one_named_and_nowhere_else(spec, value, expected):
    field = field_of("f", spec)

    made = renamed_in({"f": value}, {"f": field}, lambda named: "B" if named == ("project", "A") else named[1])

    assert made == {"f": expected}


@pytest.mark.parametrize("spec", [PLAIN, {"type": "array", "items": PLAIN}, {"type": "object"}])
def test_a_field_without_a_ref_names_nobody(spec):
    field = field_of("f", spec)

    assert not field.names_others
    assert list(names_of(["A"], field)) == []
    assert renamed_in({"f": ["A"]}, {"f": field}, lambda _: "B") == {}


@pytest.mark.parametrize("value", [None, 3, {"deep": ["A"]}, [["A"]]])
def test_a_value_of_another_form_names_nobody_and_stays(value):
    field = field_of("f", {"type": "array", "items": PROJECT})

    assert list(names_of(value, field)) == []
    assert renamed_in({"f": value}, {"f": field}, lambda _: "B") == {}


def test_what_stands_in_a_project_is_named_in_that_project_alone():
    assert scope_of("/projects/A~1B/views/Mine", "webhook") == "/projects/A~1B"
    assert scope_of("/projects/A~1B/views/Mine", "workspace") == ""
