"""What the server lifts out of a view's `data` when it is written, and puts back when it is read (community-api 5).

Filters come as `{"conjunction", "items": [{"filter", "operator", "type", "value", "child_filter"}]}`, are checked as
rows of a table with other names, and are kept as they will be shown. Community knows one child of a filter. The API
description of Enterprise has a list of them, `child_filters`; whether it still takes the one is unknown, and here it
takes both and gives back what it took.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.fields import Bad, Convert, Field, Form, anything, attempt, read
from lsops.sandbox.fieldtypes import text
from lsops.sandbox.resource import Call
from lsops.sandbox.store import Document

_PREFIX = "filter:tasks:"
_ALLOWED = ("updated_by__active_organization", "annotations__completed_by")
_TRAVERSAL = (
    '"__" is not generally allowed in filters. Consider asking your administrator to add "{}" to '
    "DATA_MANAGER_FILTER_ALLOWLIST, but note that some filter expressions may pose a security risk"
)
_WORDS = Field(text(longest=1024, blank=False), required=True)
_NAMES = {"column": "filter", "operator": "operator", "type": "type", "value": "value"}
_CHILD, _CHILDREN = "child_filter", "child_filters"


def lifted(call: Call, body: Any) -> Document:
    """The body with `filter_group` and `ordering` beside `data` instead of inside it.

    Bodies of any other form crash the server, each in its own words.
    """
    if isinstance(body, Form) and "data" not in body:
        raise Crash("This QueryDict instance is immutable")
    data = _data_of(body)
    filters = data.pop("filters", {})
    conjunction = _get(filters, "conjunction")
    outside = {name: value for name, value in body.items() if name != "data"}
    group = {"filter_group": _group(call, conjunction, filters)} if conjunction else {}
    kept = {"data": data} if "data" in body else {}
    return {**group, **outside, **kept, "ordering": data.pop("ordering", {})}


def put_back(view: Document) -> dict[str, Any]:
    """`data` as an answer shows it: filters if any were ever set, the rest unless it is empty."""
    extra = {"selectedItems": view["selected_items"], "ordering": view["ordering"]}
    filters = {} if view["filters"] is None else {"filters": view["filters"]}
    return {**view["data"], **filters, **{name: value for name, value in extra.items() if value}}


def filter_group(value: Any) -> dict[str, Any]:
    """The filters as they are kept, or what is wrong with each of them."""
    given = _read(_GROUP, value)
    return {"conjunction": given["conjunction"], "items": given["filters"]}


def _data_of(body: Any) -> Document:
    data = _get(body, "data", {})
    if isinstance(data, list):
        raise Crash("pop expected at most 1 argument, got 2")
    if not isinstance(data, dict):
        raise Crash(f"'{type(data).__name__}' object has no attribute 'pop'")
    return dict(data)


def _get(value: Any, name: str, default: Any = None) -> Any:
    if not isinstance(value, dict):
        raise Crash(f"'{type(value).__name__}' object has no attribute 'get'")
    return value.get(name, default)


def _group(call: Call, conjunction: Any, filters: Document) -> Document:
    items = filters.get("items", [])
    if not isinstance(items, (list, dict, str)):
        raise Crash(f"'{type(items).__name__}' object is not iterable")
    return {"conjunction": conjunction, "filters": [_renamed(call, item) for item in items]}


def _renamed(call: Call, item: Any) -> Document:
    """A filter under the names of the table; what it lacks is empty, which is an error but for the value."""
    renamed = {ours: _get(item, theirs, {} if ours == "value" else "") for ours, theirs in _NAMES.items()}
    if item.get(_CHILD):
        renamed[_CHILD] = _renamed(call, item[_CHILD])
    if call.enterprise and isinstance(item.get(_CHILDREN), list):
        renamed[_CHILDREN] = [_renamed(call, child) for child in item[_CHILDREN]]
    return renamed


def _column(value: str) -> str:
    if not value.startswith(_PREFIX):
        raise Bad(f'Filter "{value}" should start with "{_PREFIX}"')
    check_traversal(value.removeprefix(_PREFIX).removeprefix("-"))
    return value


def check_traversal(name: str) -> None:
    """`Bad` for a column that leads into other tables."""
    if "__" in name and not name.startswith("data.") and name not in _ALLOWED:
        raise Bad(_TRAVERSAL.format(name))


def _filter(value: Any) -> dict[str, Any]:
    given = _read(_FILTER, value)
    shown = {theirs: given[ours] for ours, theirs in _NAMES.items()}
    return {**shown, **{name: given[name] for name in (_CHILD, _CHILDREN) if name in given}}


def _child(value: Any) -> dict[str, Any]:
    """A child has none of its own: one that is sent is checked and forgotten."""
    return {name: part for name, part in _filter(value).items() if name not in (_CHILD, _CHILDREN)}


def _read(fields: dict[str, Field], value: Any) -> Document:
    try:
        defaults = {name: field.default for name, field in fields.items() if name == "value"}
        return {**defaults, **read(fields, value, partial=False, checks={"column": _column})}
    except Invalid as invalid:
        raise Bad(invalid.errors) from invalid


def _each(convert: Convert) -> Convert:
    """A list; its error has a place for every item, empty for those that are right."""

    def convert_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Bad({"non_field_errors": [f'Expected a list of items but got type "{type(value).__name__}".']})
        tried = [attempt(convert, item) for item in value]
        if any(error for _, error in tried):
            raise Bad([error or {} for _, error in tried])
        return [kept for kept, _ in tried]

    return convert_all


_FILTER: dict[str, Field] = {
    "column": _WORDS,
    "operator": _WORDS,
    "type": _WORDS,
    "value": Field(anything, default={}, null=True),
    _CHILD: Field(_child),
    _CHILDREN: Field(_each(_child)),
}
_GROUP: dict[str, Field] = {"conjunction": _WORDS, "filters": Field(_each(_filter), required=True)}
