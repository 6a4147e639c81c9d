"""The named wordings of `x-lsops: {shown: …}`: values of a field as people say them, and not as JSON.

A value may come from any server: whatever has not the form that a wording expects has none, and is shown as JSON. Texts
are quoted as JSON writes them, and so is what is no plain word, so that no two values of one form read alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Wording = Callable[[Any], "tuple[str, ...] | None"]
"""A value as phrases, one after the other in a line or one per line; None where it has not the form."""

PLAIN = re.compile(r"-?[A-Za-z_][A-Za-z0-9_.-]*")
COLUMN = "filter:tasks:"
COMPARED: Mapping[str, str] = {
    "equal": "=",
    "not_equal": "≠",
    "less": "<",
    "greater": ">",
    "less_or_equal": "≤",
    "greater_or_equal": "≥",
    "in_list": "in",
    "not_in_list": "not in",
    "contains": "contains",
    "not_contains": "does not contain",
    "regex": "matches",
    "exists": "exists",
    "not_exists": "does not exist",
    "starts_with": "starts with",
    "ends_with": "ends with",
}
RANGES: Mapping[str, str] = {"in": "between", "not_in": "not between"}
UNITS = (("day", 1440), ("hour", 60), ("minute", 1))
KEYS = {"filter", "operator", "type", "value", "child_filter", "child_filters"}


RULE_KEYS = {"operator", "agreement_threshold", "sample_rate"}
"""What a rule about shares says; one key more names that of which the share is taken."""
LIMITS: Mapping[str, str] = {"lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "eq": "="}


class _UnknownForm(Exception):
    """A value has not the form that is known of it."""


def filter_phrases(value: Any) -> tuple[str, ...]:
    """A view's filters as a sentence, a phrase per condition: `total_annotations ≥ 2`, `and data.source = "ct"`."""
    items, conjunction = value["items"], value["conjunction"]
    if value.keys() != {"items", "conjunction"} or conjunction not in ("and", "or") or not isinstance(items, list):
        raise _UnknownForm
    phrases = [_condition(item) for item in items]
    return (*phrases[:1], *(f"{conjunction} {phrase}" for phrase in phrases[1:])) if phrases else ("all tasks",)


def _condition(item: Any) -> str:
    further = [item.get("child_filter"), *(item.get("child_filters") or ())]
    if item.keys() - KEYS:
        raise _UnknownForm
    phrases = [_comparison(item), *(_comparison(one) for one in further if one)]
    return phrases[0] if len(phrases) == 1 else f"({' and '.join(phrases)})"


def _comparison(item: Any) -> str:
    name, operator, value = item["filter"].removeprefix(COLUMN), item["operator"], item["value"]
    column = name if PLAIN.fullmatch(name) else _quoted(name)
    if operator == "empty" and isinstance(value, bool):
        return f"{column} is {'' if value else 'not '}empty"
    if operator in RANGES:
        if value.keys() != {"min", "max"}:
            raise _UnknownForm
        return f"{column} {RANGES[operator]} {_quoted(value['min'])} and {_quoted(value['max'])}"
    return f"{column} {COMPARED[operator]} {_quoted(value)}"


def days_and_hours(value: Any) -> tuple[str, ...]:
    """Minutes with their days and hours: `11520 (8 days)`; less than an hour as it is."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _UnknownForm
    if value < UNITS[1][1]:
        return (str(value),)
    left, parts = value, []
    for word, size in UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number} {word}" + ("" if number == 1 else "s"))
    return (f"{value} ({' '.join(parts)})",)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def rule_phrases(value: Any) -> tuple[str, ...]:
    """Rules about shares, a phrase each: `"choice" < 0.5: 100%;`, and of all that is left `others: 5%`."""
    *first, last = [_rule(rule) for rule in value] or ["no rules"]
    return (*(f"{phrase};" for phrase in first), last)


def _rule(rule: Any) -> str:
    others = sorted(rule.keys() - RULE_KEYS)
    if len(others) > 1 or "sample_rate" not in rule:
        raise _UnknownForm
    share = f"{format((_decimal(rule['sample_rate']) * 100).normalize(), 'f')}%"
    named, operator = rule.get(others[0]) if others else None, rule.get("operator")
    if operator is None:
        if named is not None or rule.get("agreement_threshold") is not None:
            raise _UnknownForm
        return f"others: {share}"
    what = "overall" if named is None else _quoted(named)
    bound = format(_decimal(rule["agreement_threshold"]).normalize(), "f")
    return f"{what} {LIMITS[operator]} {bound}: {share}"


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _UnknownForm
    found = Decimal(str(value))
    if not found.is_finite():
        raise _UnknownForm
    return found


WORDINGS: Mapping[str, Wording] = {"filters": filter_phrases, "minutes": days_and_hours, "rules": rule_phrases}


def worded(shown: str, value: Any) -> tuple[str, ...] | None:
    """A value under a named wording; None without a name, or where the value has not the form."""
    if shown not in WORDINGS:
        return None
    try:
        return WORDINGS[shown](value)
    except (_UnknownForm, ArithmeticError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
