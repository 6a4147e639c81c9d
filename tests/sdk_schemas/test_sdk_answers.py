"""The SDK reads back every field that a manifest may declare: of each kind with cases, as the type of its answers."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pydantic
import pytest

from tests.sdk_schemas.test_sdk_schemas import EXCEPTIONS
from tests.support.kind_cases import Cases, cases_of, files, read
from tests.support.sdk_requests import Method, methods_for
from tests.support.wire import Sent

ALL = [cases for path in files().values() for cases in cases_of(read(path), "enterprise")]


def rows_in(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    """The models of an answer: itself, those of its list, or those of the list in its page."""
    if inspect.isclass(annotation) and issubclass(annotation, pydantic.BaseModel):
        pages = annotation.model_fields.get("results")
        yield from rows_in(pages.annotation) if pages is not None else [annotation]
    for inner in typing.get_args(annotation):
        yield from rows_in(inner)


def names_in(model: type[pydantic.BaseModel], depth: int = 2) -> Iterator[str]:
    """The keys of a model, and of the models inside of it: a member's e-mail is that of the user."""
    for name, one in model.model_fields.items():
        yield one.alias or name
        if depth:
            yield from (key for inner in rows_in(one.annotation) for key in names_in(inner, depth - 1))


def answers(method: Method) -> list[type[pydantic.BaseModel]]:
    owner = getattr(import_module(method.module), method.owner)
    return list(rows_in(inspect.signature(getattr(owner, method.name), eval_str=True).return_annotation))


def readers(cases: Cases) -> list[type[pydantic.BaseModel]]:
    """What the SDK makes of the answers in which the cases look for their fields."""
    paths = {cases.said["read"]["path"], *(said["read"]["path"] for said in cases.declared.values() if "read" in said)}
    plain = [re.sub(r"\{\w+\}", "1", path.replace("{type}", cases.variant)).partition("?")[0] for path in paths]
    return [model for path in plain for method in methods_for(Sent("GET", path, None)) for model in answers(method)]


def key_in(path: str) -> str:
    """The first key of a path such as `user.email` or `0.operator`."""
    return next((part for part in path.split(".") if not part.isdigit()), path)


@pytest.mark.parametrize("cases", ALL, ids=str)
def test_every_declared_field_is_one_of_the_sdks_answer(cases):
    models = readers(cases)
    assert models, "the SDK reads nothing there"
    known = {name for model in models for name in names_in(model)}
    shown = {name: said for name, said in cases.declared.items() if not cases.fields[name].write_only}
    places = {name: key_in(said.get("shown_at", name)) for name, said in shown.items()}
    lacking = {name for name, place in places.items() if {place, place.replace("_", "")}.isdisjoint(known)}
    assert lacking == set(EXCEPTIONS.get(cases.schema.kind, {}).get("not_read", {}))
