"""What the prescreen accepts, jsonschema accepts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lsops import schema
from lsops.manifest.prescreen import WORDS, compiled
from lsops.validation import validator as validator_of
from lsops.validation import with_anchors

SPECS = {
    "type": {"type": "integer"}, "types": {"type": ["string", "null"]}, "number": {"type": "number"},
    "object": {"type": "object"}, "array": {"type": ["array", "boolean"]}, "enum": {"enum": ["a", 1, None, True]},
    "enum of 0": {"enum": [0, 1.5]}, "const": {"const": 1}, "minimum": {"minimum": 1}, "maximum": {"maximum": 1},
    "minLength": {"minLength": 1}, "maxLength": {"maxLength": 1}, "pattern": {"pattern": "^a"},
    "items": {"items": {"type": "integer"}}, "minItems": {"minItems": 1}, "maxItems": {"maxItems": 1},
    "required": {"required": ["a"]}, "propertyNames": {"propertyNames": {"pattern": "^a"}},
    "properties": {"properties": {"a": {"type": "integer"}, "b": {"readOnly": True}}, "additionalProperties": False},
    "properties alone": {"properties": {"a": {"type": "integer"}}},
    "others": {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
    "others alone": {"additionalProperties": {"type": "string"}}, "nothing": {}, "all": {"type": "integer", "minimum": 0, "maximum": 2},
    "unknown": {"not": {"type": "integer"}}, "allOf": {"allOf": [{"type": "integer"}, {"minimum": 1}]},
    "if": {"if": {"properties": {"a": {"const": "b"}}, "required": ["a"]}, "then": {"required": ["b"]}},
    "if not exact": {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
    "not": {"not": {"required": ["a"]}}, "two": {"type": "string", "maxLength": 1},
}  # fmt: skip

scalars = st.none() | st.booleans() | st.integers(-2, 3) | st.floats(-2, 3) | st.sampled_from(["", "a", "b", "ab"])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
@given(value=values)
def test_what_is_accepted_is_valid(spec, value):
    known = {name: sub for name, sub in spec.get("properties", {}).items() if not sub.get("readOnly")}
    writable = {**spec, "properties": known} if known else spec

    if compiled(spec)(value):
        assert Draft202012Validator(writable).is_valid(value)


def test_every_word_is_tried():
    assert set(WORDS) <= {word for spec in SPECS.values() for word in spec}


ACCEPTED = {
    "type": 1, "types": None, "number": 0.5, "object": {}, "array": True, "enum": True, "const": 1, "minimum": 1, "maximum": 1,
    "minLength": "a", "maxLength": "a", "pattern": "ab", "items": [1], "minItems": [1], "maxItems": [1], "required": {"a": 1},
    "propertyNames": {"ab": 1}, "properties": {"a": 1}, "others": {"a": 1, "c": "x"}, "all": 1, "two": "a",
    "allOf": 1, "if": {"a": "b", "b": 1}, "not": {"b": 1},
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), ACCEPTED.items())
def test_what_is_right_is_accepted(name, value):
    assert compiled(SPECS[name])(value)


def entries():
    for kind in schema.kinds().values():
        for variant, document in kind.documents.items():
            yield pytest.param(kind, variant, document, id=f"{kind.kind}.{variant}")


fields = (
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "#1F77B4", "0.5", "x" * 300, "<View/>"])
)


@pytest.mark.parametrize(("kind", "variant", "document"), list(entries()))
@given(data=st.data())
def test_on_every_schema_what_is_accepted_is_valid(kind, variant, document, data):
    entry = data.draw(st.dictionaries(st.sampled_from(sorted(document["properties"])), fields, max_size=4))

    if compiled(document)(entry):
        assert validator_of(kind.kind, variant).is_valid(json.loads(json.dumps(entry)))


ANCHORED = {
    "#1F77B4": {"pattern": "^#[0-9A-F]{6}$"}, "a$": {"pattern": r"^a\$"}, "a": {"pattern": "^(a|b)$", "type": "string"},
    "b": {"items": {"pattern": "^b$"}, "anyOf": [{"pattern": "b$"}]},
}  # fmt: skip


@pytest.mark.parametrize(("value", "spec"), ANCHORED.items())
def test_the_end_of_a_pattern_is_the_end_of_the_text(value, spec):
    ends_in_a_dollar = spec.get("pattern", "").endswith(r"\$")
    validator = Draft202012Validator(with_anchors(spec))

    assert validator.is_valid(value)
    assert validator.is_valid(f"{value}\n") == ends_in_a_dollar
    if "anyOf" not in spec:
        assert compiled(spec)(value)
        assert compiled(spec)(f"{value}\n") == ends_in_a_dollar


def test_no_field_with_a_pattern_takes_a_line_feed_at_its_end():
    item = validator_of("project")

    assert item.is_valid({"color": "#1F77B4"})
    assert not item.is_valid({"color": "#1F77B4\n"})
    assert not compiled(schema.kinds()["project"].documents[""])({"color": "#1F77B4\n"})
