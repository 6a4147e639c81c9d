"""Columns of the Data Manager that filters and orderings name; this module holds no kind.

The server takes any name and any value: what it does not know shows when somebody opens the tab, which answers 500.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lsops.spelling import nearest

KNOWN = frozenset(
    """id inner_id ground_truth annotations_results annotations_ids predictions_score predictions_model_versions
    predictions_results file_upload storage_filename created_at updated_at updated_by annotators total_annotations
    total_predictions cancelled_annotations completed_at comments unresolved_comment_count comment_count avg_lead_time
    draft_exists lead_time state agreement agreement_selected reviewed reviewers reviews_accepted reviews_rejected
    annotations__completed_by updated_by__active_organization""".split()
)
"""Those of Community 1.23.2 and of the Enterprise description; every field of the tasks is `data.FIELD` besides."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z")
"""The one form of a time that the server reads in a filter."""

RANGES = ("in", "not_in")


def doubts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What of a tab's filters and ordering would keep it from opening, each with the field that holds it."""
    for name in values.get("ordering") or ():
        yield from (("ordering", text) for text in _unknown(name.lstrip("-").removeprefix("tasks:")))
    for item in (values.get("filters") or {}).get("items", ()):
        for condition in (item, item.get("child_filter"), *(item.get("child_filters") or ())):
            yield from (("filters", text) for text in _of_condition(condition or {}))


def _of_condition(condition: Mapping[str, Any]) -> Iterator[str]:
    name = str(condition.get("filter", "")).removeprefix("filter:tasks:")
    yield from _unknown(name) if name else ()
    value, kind, operator = condition.get("value"), condition.get("type"), condition.get("operator")
    if operator in RANGES and not (isinstance(value, Mapping) and {"min", "max"} <= value.keys()):
        yield f"{name}: {operator} needs an object with min and max, and the tab does not open without"
    elif kind == "Datetime" and operator not in ("empty", *RANGES) and not _is_moment(value):
        yield f"{name}: a time has the form 2026-01-31T00:00:00.000Z, and the tab does not open with another"
    elif kind == "Boolean" and not isinstance(value, bool) and value not in ("true", "false"):
        yield f"{name}: a Boolean is true or false, and nothing is found with another value"


def _unknown(name: str) -> Iterator[str]:
    plain = name.removeprefix("-")
    if plain in KNOWN or plain.startswith("data."):
        return
    near = nearest(plain, KNOWN)
    hint = f'; did you mean "{near}"?' if near else "; fields of tasks are written data.FIELD"
    yield f'no column is called "{plain}", and the tab does not open with one that is unknown{hint}'


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and MOMENT.fullmatch(value) is not None
