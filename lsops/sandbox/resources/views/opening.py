"""What happens when a view is opened: the server stores what it can never show, and answers 500 from then on.

Measured on Community (community-api 11). Every filter is converted for its type, then compared with its column; the
first one that cannot be fails the whole. What a filter or an order does to the tasks is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from lsops.sandbox.envelope import Crash, Invalid
from lsops.sandbox.fields import Bad
from lsops.sandbox.fieldtypes import moment
from lsops.sandbox.resources.views.data import check_traversal
from lsops.sandbox.store import Document

_PREFIX = "filter:tasks:"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_NUMBERS = {
    *("id", "inner_id", "overlap", "total_annotations", "cancelled_annotations", "total_predictions"),
    *("comment_count", "unresolved_comment_count", "predictions_score", "avg_lead_time"),
}
_DATES = {"created_at", "updated_at", "completed_at", "last_comment_updated_at"}
_FLAGS = {"is_labeled", "draft_exists", "allow_skip"}
_USERS = ("annotators", "updated_by")
_TEXTS = {
    *("file_upload", "storage_filename", "annotations_results", "predictions_results", "annotations_ids"),
    *("predictions_model_versions", *_USERS, "comment_authors", "meta", "project", "data"),
}
_WORDS = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False}
_BOUNDS = ("min", "max")
_PLAIN = ("contains", "not_contains")


def check(view: Document, *, tasks: bool, enterprise: bool) -> None:
    """Raise what the server answers if the view cannot be shown.

    `tasks`: whether there are any; an expression is tried on them only. Enterprise has columns that nobody has listed,
    so there none is unknown.
    """
    filters = view["filters"] or {"conjunction": "and", "items": []}
    _check_form(filters, view["ordering"])
    for item in _each(filters["items"]):
        name = item["filter"].removeprefix(_PREFIX).removeprefix("-")
        if not enterprise and name not in _USERS:
            _check_known(name)
        _check_filter(name, item["operator"], item["type"], item["value"], tasks=tasks)
    if view["ordering"]:
        _check_order(view["ordering"][0], enterprise=enterprise)
    _check_hidden(view["data"].get("hiddenColumns"))


def _each(items: list[Document]) -> Iterator[Document]:
    for item in items:
        yield item
        if item.get("child_filter"):
            yield item["child_filter"]


def _check_form(filters: Document, ordering: Any) -> None:
    right = filters["conjunction"] in ("and", "or")
    right = right and all(_is_value(item["value"]) for item in _each(filters["items"]))
    if ordering:
        right = right and isinstance(ordering, list) and all(isinstance(name, str) for name in ordering)
    if not right:
        raise Crash("1 validation error for PrepareParams")


def _is_value(value: Any) -> bool:
    if isinstance(value, dict):
        bounds = [value.get(name) for name in _BOUNDS]
        return all(isinstance(bound, (int, float, str)) and not isinstance(bound, bool) for bound in bounds)
    return isinstance(value, (int, float, str, list))


def _check_known(name: str) -> None:
    known = name in _NUMBERS | _DATES | _FLAGS | _TEXTS or name.startswith("data.")
    if not known:
        raise Crash(f"Cannot resolve keyword '{'current_state' if name == 'state' else name}' into field.")


def _check_filter(name: str, operator: str, kind: str, value: Any, *, tasks: bool) -> None:
    if name in _SPECIAL and (check := _SPECIAL[name].get(operator)):
        check(value)
    elif operator == "empty":
        _flag(value)
    elif operator in ("in_list", "not_in_list"):
        _check_list(name, value)
    elif operator == "regex":
        _check_expression(kind, value, tasks=tasks)
    else:
        _check_compared(name, operator, kind, value)


def _check_compared(name: str, operator: str, kind: str, value: Any) -> None:
    """Convert the value for the type that the filter names, and then for the column."""
    made = _converted(kind, value)
    if operator in ("in", "not_in"):
        if not isinstance(made, (dict, datetime)):
            raise Crash(f"'{type(made).__name__}' object has no attribute 'min'")
    elif operator not in _PLAIN:
        _check_column(name, kind, made)


def _converted(kind: str, value: Any) -> Any:
    convert = {"Number": _number, "Datetime": _time, "Boolean": _flag}.get(kind)
    if convert is None or (kind == "Boolean" and isinstance(value, dict)):
        return value
    if isinstance(value, dict):
        return {name: convert(value[name]) for name in _BOUNDS}
    return convert(value)


def _check_column(name: str, kind: str, value: Any) -> None:
    data = name.startswith("data.")
    if name in _NUMBERS or (data and kind == "Number"):
        if isinstance(value, (dict, list)):
            raise Crash(f"Field '{name}' expected a number but got {value!r}.")
        _number(value)
    elif name in _DATES and not isinstance(value, datetime):
        _date(value)
    elif name in _FLAGS and value not in (0, 1):
        raise Crash(f"['“{value}” value must be either True or False.']")
    elif data and isinstance(value, dict):
        raise Crash("Object of type FilterIn is not JSON serializable")


def _check_list(name: str, value: Any) -> None:
    """Any text is a list of its letters."""
    for item in _items(value):
        if name in _NUMBERS:
            _number(item)


def _check_expression(kind: str, value: Any, *, tasks: bool) -> None:
    """An expression that does not compile finds nothing, and one that is no text fails at the first task."""
    try:
        re.compile(str(value))
    except re.error:
        return
    made = _converted(kind, value)
    if tasks and not isinstance(made, str):
        raise Crash("user-defined function raised exception")


def _number(value: Any) -> float:
    try:
        return float(value)
    except (ValueError, TypeError) as error:
        raise Crash(str(error)) from error


def _time(value: Any) -> datetime:
    try:
        return datetime.strptime(value, _TIME)  # noqa: DTZ007  # as the server reads it
    except (ValueError, TypeError) as error:
        raise Crash(str(error)) from error


def _date(value: Any) -> None:
    if not isinstance(value, str):
        raise Crash("fromisoformat: argument must be str")
    try:
        moment(value)
    except Bad as bad:
        raise Crash(f"['“{value}” value has an invalid format.']") from bad


def _flag(value: Any) -> Any:
    """A text must be a word for yes or no; all else is left as it is."""
    if isinstance(value, str) and value.lower() not in _WORDS:
        raise Crash(f'Incorrect bool value "{value}". It should be one of [1, 0, true, false, yes, no]')
    return _WORDS[value.lower()] if isinstance(value, str) else value


def _items(value: Any) -> list[Any]:
    if isinstance(value, (int, float)):
        raise Crash(f"'{type(value).__name__}' object is not iterable")
    return list(value.items()) if isinstance(value, dict) else list(value)


def _check_user(value: Any) -> None:
    """Users are filtered by id; an e-mail is none."""
    try:
        int(value)
    except (ValueError, TypeError) as error:
        raise Crash(str(error)) from error


def _check_nothing(value: Any) -> None:
    if not isinstance(_flag(value), bool):
        raise Crash("The QuerySet value for an isnull lookup must be True or False.")


def _check_text(value: Any) -> None:
    if not isinstance(value, str):
        raise Crash(f"expected string or bytes-like object, got '{type(value).__name__}'")


def _check_order(wish: str, *, enterprise: bool) -> None:
    """The first of an order is the only one that counts."""
    name = wish.lstrip("-+").removeprefix("tasks:").removeprefix("-")
    try:
        check_traversal(name)
    except Bad as bad:
        raise Invalid(bad.error) from bad
    if not enterprise:
        _check_known(name)


def _check_hidden(columns: Any) -> None:
    """Both lists must be there, once there is anything."""
    try:
        _ = columns and set(columns["explore"]) & set(columns["labeling"])
    except (KeyError, TypeError) as error:
        raise Crash(str(error)) from error


def _check_never(_value: Any) -> None: ...


_Check = Callable[[Any], Any]
_EQUAL = ("equal", "not_equal")
_SPECIAL: dict[str, dict[str, _Check]] = {
    **{name: {**dict.fromkeys(_PLAIN, _check_user), "empty": _check_nothing} for name in _USERS},
    "predictions_model_versions": {**dict.fromkeys(_PLAIN, _items), "empty": _check_nothing},
    "annotations_ids": dict.fromkeys((*_PLAIN, *_EQUAL), _check_text),
    **{name: dict.fromkeys(_EQUAL, _check_never) for name in ("annotations_results", "predictions_results")},
}
