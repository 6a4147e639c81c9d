"""Webhooks, views and ML backends: values that each of_server field goes through, those of their cases.

An entry per field, named after it, so that one apply takes a step with all fields of a collection, and one field's
failure is that field's alone. `base` is a URL below which everything answers: of a sandbox any, of a real server that
of an ML backend.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.schema import Field, by_collection, of_server
from tests.support.kind_cases import files, read

COLLECTIONS = ("webhooks", "views", "ml_backends")
APART = {
    "webhooks": frozenset({"url"}),
    "views": frozenset({"title"}),
    "ml_backends": frozenset({"title", "basic_auth_pass"}),
}
"""Fields with tests of their own: the keys, which are renamed, and a secret."""

PASSWORD = "${env:ML_PASSWORD}"
BY_ID = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 5}
BY_TEXT = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "a"}

KINDS = {"webhooks": "webhook", "views": "view", "ml_backends": "ml_backend"}


def _said(collection: str) -> dict[str, Any]:
    """What the cases of `tests/kinds` say of each field."""
    fields = read(files()[KINDS[collection]])["fields"]
    return {name: said for name, said in fields.items() if name not in APART[collection]}


_TOGETHER = {"webhooks": {"send_for_all_actions": False}, "ml_backends": {"auto_update": False}}
"""Where one entry has all fields and another than its first or second value would contradict them."""


def fields_of(collection: str) -> Mapping[str, Field]:
    """What the schema says can be set."""
    return of_server(by_collection()[f"projects/*/{collection}"].fields())


def values_of(collection: str, base: str) -> dict[str, tuple[Any, ...]]:
    """By field, the values that it goes through."""
    return {
        name: tuple(
            value.replace("{models}", base) if isinstance(value, str) else value
            for value in (said["created"], *said.get("changed", ()))
        )
        for name, said in _said(collection).items()
    }


def value_at(collection: str, field: str, step: int, base: str) -> Any:
    """The value of a field at a step; the last one stays."""
    values = values_of(collection, base)[field]
    return values[min(step, len(values) - 1)]


def name_of(collection: str, field: str, base: str) -> str:
    """The key of the entry for one field."""
    return f"{base}/{field}" if collection == "webhooks" else field


def entries(collection: str, step: int, base: str) -> dict[str, dict[str, Any]]:
    """An entry per field, each with that field's value at a step and what the field cannot be without."""
    place = {"url": f"{base}/other"} if collection == "ml_backends" else {}
    return {
        name_of(collection, field, base): {
            **place,
            **_said(collection)[field].get("with", {}),
            field: value_at(collection, field, step, base),
        }
        for field in values_of(collection, base)
    }


def everything(collection: str, step: int, base: str) -> dict[str, Any]:
    """One entry with every field, at the first step or the second."""
    password = {"basic_auth_pass": PASSWORD, "auth_method": "BASIC_AUTH"} if collection == "ml_backends" else {}
    values = {field: value_at(collection, field, step, base) for field in values_of(collection, base)}
    return {**values, **password, **_TOGETHER.get(collection, {})}


def holds(collection: str, field: str, value: Any, row: Mapping[str, Any]) -> bool:
    """Whether a row of the server has a declared value: of an object that merges, all that is declared of it."""
    held = _held(collection, row, field)
    if fields_of(collection)[field].merge_deep:
        return _lies_in(value, held)
    return bool(held == _kept(field, value))


def _held(collection: str, row: Mapping[str, Any], field: str) -> Any:
    """What a row says of a field; a view leaves out what is empty."""
    if collection != "views":
        return row[field]
    return row["data"] if field == "data" else row["data"].get(field, [] if field == "ordering" else None)


def _kept(field: str, value: Any) -> Any:
    if field == "actions":
        return sorted(value)
    return value.strip() if field == "description" and isinstance(value, str) else value


def _lies_in(value: Any, held: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(held, Mapping):
        return all(name in held and _lies_in(inner, held[name]) for name, inner in value.items())
    return bool(value == held)
