"""Conditions of a tab's filters that the server stores and that then keep the tab from opening: a permanent 500.

Measured on Community 1.23.2 by storing a tab per column, type, operator and value, and opening each. This module holds
no kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from math import isfinite
from typing import Any

NUMBERS = frozenset(
    """id inner_id total_annotations total_predictions cancelled_annotations comment_count unresolved_comment_count
    predictions_score avg_lead_time updated_by annotations_ids annotations__completed_by
    updated_by__active_organization""".split()
)
TIMES = frozenset(("created_at", "updated_at", "completed_at"))
TRUTHS = frozenset(("draft_exists",))
PEOPLE = frozenset(("annotators", "updated_by"))
"""Columns that `contains` compares with the id of a user."""
RESULTS = frozenset(("annotations_results", "predictions_results"))
VERSIONS = "predictions_model_versions"
IDS = "annotations_ids"

RANGES = frozenset(("in", "not_in"))
LISTS = frozenset(("in_list", "not_in_list"))
CONTAINS = frozenset(("contains", "not_contains"))
EQUALS = frozenset(("equal", "not_equal", "less_or_equal", "greater_or_equal"))
"""The server looks for `equal` in the operator's name."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z")
"""The one form of a time that the server reads where the type is `Datetime`."""
TIME = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)([T ]\d\d?:\d\d?(:\d\d?([.,]\d{1,6})?)?\s*(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII
)
"""The forms that it reads where the type is another one."""
WORDS = frozenset(("true", "yes", "on", "1", "false", "no", "not", "off", "0"))

A_NUMBER = "a number"
A_TIME = "a time such as 2026-01-31T00:00:00.000Z, with the type Datetime"
A_MOMENT = "a time of the form 2026-01-31T00:00:00.000Z"
A_TRUTH = "true or false"


def needs(column: str, operator: str, kind: str, value: Any) -> str:
    """What a condition's value would have to be for the tab to open; empty where it opens.

    `column` is without `filter:tasks:`, `kind` is the condition's type.
    """
    if isinstance(value, Mapping) and not _is_range(value):
        return "an object with min and max" if operator in RANGES else "a scalar, or a list"
    if operator in RANGES:
        return _of_range(column, kind, value)
    if operator in LISTS:
        return _of_list(column, kind, value)
    if operator == "empty":
        return _of_empty(column, value)
    if operator in CONTAINS or operator in EQUALS:
        special = _of_special(column, operator, value)
        if special is not None:
            return special
    return _of_one(column, operator, kind, value)


def _of_range(column: str, kind: str, value: Any) -> str:
    if not isinstance(value, Mapping):
        return "an object with min and max"
    wanted = (_cast(kind, end) or _fit(column, kind, end) for end in (value["min"], value["max"]))
    return next((f"{what} as min and max" for what in wanted if what), "")


def _of_list(column: str, kind: str, value: Any) -> str:
    """Members are not converted, whatever the type is; a field of the tasks is, to a number."""
    if not isinstance(value, list):
        return "a list"
    if kind == "Number" and column.startswith("data.") and not all(map(_is_number, value)):
        return f"a list, each {A_NUMBER}"
    return next((f"a list, each {what}" for one in value if (what := _fit(column, "", one))), "")


def _of_empty(column: str, value: Any) -> str:
    if isinstance(value, str):
        return "" if value.lower() in WORDS else A_TRUTH
    return A_TRUTH if column in (*PEOPLE, VERSIONS) and not isinstance(value, bool) else ""


def _of_special(column: str, operator: str, value: Any) -> str | None:
    """Columns that have a comparison of their own; None for those that do not."""
    contains = operator in CONTAINS
    if column in PEOPLE and contains:
        return "" if _is_whole(value) else "the id of a user, a number"
    if column == IDS:
        return "" if isinstance(value, str) else 'ids as text, such as "12, 15"'
    if column == VERSIONS and contains:
        return "" if isinstance(value, (list, str, Mapping)) else "a list of versions"
    if column in RESULTS and (contains or operator in ("equal", "not_equal")):
        return ""
    return None


def _of_one(column: str, operator: str, kind: str, value: Any) -> str:
    if operator == "regex":
        is_text = isinstance(value, str) and kind not in ("Number", "Boolean") and column != "updated_by"
        return _cast(kind, value) if is_text else "text, with the type String, and a column that is no user"
    if isinstance(value, Mapping) and (wanted := _of_range("", kind, value)):
        return wanted
    if not isinstance(value, Mapping) and (wanted := _cast(kind, value)):
        return wanted
    if operator in CONTAINS:
        return ""
    if column.startswith("data.") and (
        isinstance(value, Mapping) or (isinstance(value, list) and operator not in EQUALS)
    ):
        return "a scalar"
    return _fit(column, kind, value)


def _cast(kind: str, value: Any) -> str:
    """What the type makes of a value, before any column sees it."""
    if kind == "Number":
        return "" if _is_number(value, finite=False) else A_NUMBER
    if kind == "Datetime":
        return "" if isinstance(value, str) and MOMENT.fullmatch(value) else A_MOMENT
    if kind == "Boolean":
        return "" if not isinstance(value, str) or value.lower() in WORDS else A_TRUTH
    return ""


def _fit(column: str, kind: str, value: Any) -> str:
    """What a column can be compared with, once the type has made of the value what it does."""
    if column in NUMBERS:
        is_word = kind == "Boolean" and isinstance(value, str)
        return "" if kind != "Datetime" and (is_word or _is_number(value)) else A_NUMBER
    if column in TIMES:
        return "" if kind not in ("Number", "Boolean") and _is_time(value) else A_TIME
    if column in TRUTHS:
        is_word = kind == "Boolean" and isinstance(value, str)
        return "" if kind != "Datetime" and (is_word or value in (True, False)) else A_TRUTH
    return ""


def _is_range(value: Mapping[str, Any]) -> bool:
    ends = [value.get(name) for name in ("min", "max")]
    return all(isinstance(end, (int, float, str)) and not isinstance(end, bool) for end in ends)


def _is_number(value: Any, *, finite: bool = True) -> bool:
    if not isinstance(value, (int, float, str)):
        return False
    with suppress(ValueError, OverflowError):
        return isfinite(float(value)) or not finite
    return False


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"\s*[+-]?[0-9]+\s*", value) is not None
    return isinstance(value, (int, float))


def _is_time(value: Any) -> bool:
    found = TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return False
    with suppress(ValueError):
        return bool(date(*map(int, found.groups()[:3])))
    return False
