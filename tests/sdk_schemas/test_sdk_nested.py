"""The fields inside of fields against the SDK's nested request models: their names, and the words of enumerations."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import pydantic
import pytest

from lsops.schema import Field, kinds
from tests.sdk_schemas.test_sdk_schemas import CLIENT, EXCEPTIONS

METHODS = {
    "project": (CLIENT.projects.create, CLIENT.projects.update),
    "organization": (CLIENT.organizations.update, CLIENT.organizations.update_default_role),
    "webhook": (CLIENT.webhooks.create,),
    "ml_backend": (CLIENT.ml.create,),
}


def models_in(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    """The models that a parameter's type names, outside of lists and maps."""
    if inspect.isclass(annotation) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    elif typing.get_origin(annotation) is typing.Union:
        yield from (model for inner in typing.get_args(annotation) for model in models_in(inner))


def words_in(annotation: Any) -> set[str]:
    if typing.get_origin(annotation) is typing.Literal:
        return set(typing.get_args(annotation))
    return set().union(*(words_in(inner) for inner in typing.get_args(annotation)))


def nested(
    fields: Mapping[str, Field], annotations: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, Field, Any]]:
    """Each field that has fields, with the model that the SDK has for it."""
    for name, annotation in annotations.items():
        for model in models_in(annotation):
            field = fields.get(name)
            if field is not None and field.properties:
                yield f"{path}{name}", field, model
                inner = {key: one.annotation for key, one in model.model_fields.items()}
                yield from nested(field.properties, inner, f"{path}{name}.")


def cases() -> Iterator[Any]:
    for kind, methods in METHODS.items():
        for method in methods:
            annotations = {
                name: one.annotation for name, one in inspect.signature(method, eval_str=True).parameters.items()
            }
            for path, field, model in nested(kinds()[kind].fields(), annotations):
                yield pytest.param(kind, path, field, model, id=f"{kind}-{method.__name__}-{path}")


CASES = list(cases())


def test_the_settings_of_a_project_are_among_them():
    paths = {case.values[1] for case in CASES}
    assert {"review_settings", "assignment_settings", "dm_column_defaults", "dm_column_defaults.explore"} <= paths


@pytest.mark.parametrize(("kind", "path", "field", "model"), CASES)
def test_a_nested_object_has_the_keys_of_the_sdk(kind, path, field, model):
    ours = {name for name, one in field.properties.items() if not one.read_only}
    excused = EXCEPTIONS[kind].get("nested", {}).get(path, {})
    assert set(model.model_fields) - ours == set(excused.get("only_sdk", ()))
    assert ours - set(model.model_fields) == set(excused.get("only_schema", ()))


@pytest.mark.parametrize(("kind", "path", "field", "model"), CASES)
def test_the_words_of_a_nested_field_are_those_of_the_sdk(kind, path, field, model):
    told = {name: one.raw.get("enum") or one.raw.get("items", {}).get("enum") for name, one in field.properties.items()}
    ours = {name: {word for word in words if word} for name, words in told.items() if words}
    assert ours == {name: words for name, one in model.model_fields.items() if (words := words_in(one.annotation))}
