"""The schema for editors by itself: what it says of every field, and that it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import reduce
from typing import Any

import pytest

from lsops.kinds.views.columns import KNOWN
from lsops.render.editor_schema import manifest_schema
from lsops.schema import documents, kinds, settable

SCHEMA = manifest_schema()
VARIANTS = [(kind, variant) for kind, schema in kinds().items() for variant in schema.variants]


def resolved(spec: Any) -> dict[str, Any]:
    named = spec.get("$ref", "#").split("/")[1:]
    return reduce(lambda found, part: found[part], named, SCHEMA) if named else spec


def shown(kind: str, variant: str, name: str) -> dict[str, Any]:
    """What the schema has of a field."""
    place = ["entry", kinds()[kind].collection.replace("/*/", "."), *([variant] if variant else [])]
    entry = SCHEMA["definitions"][".".join(place)]
    shape = entry["anyOf"][-1] if "anyOf" in entry else entry
    return resolved(shape["properties"][name])


def described(spec: Any) -> Iterator[tuple[str, Any]]:
    """Every property below a schema that is not only asked for."""
    if isinstance(spec, list):
        for one in spec:
            yield from described(one)
    if isinstance(spec, dict):
        for word, value in spec.items():
            if word == "properties":
                yield from value.items()
            if word not in ("if", "not"):
                yield from described(value)


@pytest.mark.parametrize(("kind", "variant"), VARIANTS)
def test_every_field_says_what_it_is_its_default_and_its_editions(kind: str, variant: str) -> None:
    for name, field in settable(kinds()[kind].fields(variant)).items():
        told = shown(kind, variant, name)["description"]
        assert told.startswith(field.description)
        assert "Editions: " in told
        assert not field.has_default or f"Default: {json.dumps(field.default, ensure_ascii=False)}." in told
        assert all(release in told for release in field.since.values())


def test_every_property_that_is_offered_is_described() -> None:
    told = {name: spec for name, spec in SCHEMA["definitions"].items() if not name.startswith("needs.")}
    every = described([{"properties": SCHEMA["properties"]}, told])
    offered = [(name, resolved(spec)) for name, spec in every if isinstance(spec, dict)]
    assert len(offered) > 400
    assert {name for name, spec in offered if "description" not in spec} == {"type", "value"}  # told beside a condition


def test_every_reference_leads_to_a_definition_and_every_definition_is_used() -> None:
    text = json.dumps(SCHEMA)
    used = {part.partition('"')[0] for part in text.split('"#/definitions/')[1:]}
    assert used == set(SCHEMA["definitions"])


def test_no_word_is_left_that_only_lsops_knows() -> None:
    text = json.dumps(SCHEMA)
    assert not any(f'"{word}"' in text for word in ("x-lsops", "$defs", "dependentRequired", "writeOnly"))


def test_the_columns_that_are_offered_are_those_that_validate_knows() -> None:
    properties = documents()["view"]["properties"]
    condition = properties["filters"]["properties"]["items"]["items"]["properties"]
    offered = {name.removeprefix("filter:tasks:") for name in condition["filter"]["examples"]}
    sorted_by = {name.lstrip("-").removeprefix("tasks:") for name in properties["ordering"]["items"]["examples"]}
    assert offered == {*KNOWN, "data.FIELD"}
    assert sorted_by == {name for name in KNOWN if "__" not in name}


def test_what_is_loose_is_not_written_twice() -> None:
    assert len(json.dumps(SCHEMA, separators=(",", ":"))) < 200_000
