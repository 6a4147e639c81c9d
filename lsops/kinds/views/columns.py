"""Columns of the Data Manager that filters and orderings name; this module holds no kind.

The server takes any name and any value: what it does not know shows when somebody opens the tab, which answers 500.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lsops.kinds.views.conditions import needs
from lsops.manifest.formats import misfit
from lsops.spelling import nearest

KNOWN = frozenset(
    """id inner_id ground_truth annotations_results annotations_ids predictions_score predictions_model_versions
    predictions_results file_upload storage_filename created_at updated_at updated_by annotators total_annotations
    total_predictions cancelled_annotations completed_at comments unresolved_comment_count comment_count avg_lead_time
    draft_exists lead_time state agreement agreement_selected reviewed reviewers reviews_accepted reviews_rejected
    annotations__completed_by updated_by__active_organization""".split()
)
"""Those of Community 1.23.2 and of the Enterprise description; every field of the tasks is `data.FIELD` besides."""

ENTERPRISE = frozenset(
    """agreement agreement_selected comments ground_truth lead_time reviewed reviewers reviews_accepted reviews_rejected
    state""".split()
)
"""Those of them that Community 1.23.2 does not know."""


def column_doubts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What of a tab's filters and ordering would keep it from opening, each with the field that holds it."""
    for name in values.get("ordering") or ():
        yield from (("ordering", text) for text in _unknown(name.lstrip("-").removeprefix("tasks:")))
    for condition in _conditions(values):
        yield from (("filters", text) for text in _of_condition(condition))


def foreign_columns(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The columns of a tab that Community does not have, each with the field that names it."""
    for field, name in _named(values):
        if name in ENTERPRISE:
            yield field, f'the column "{name}" exists on Enterprise only, and the tab does not open here'


def _named(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("ordering", name.lstrip("-").removeprefix("tasks:")) for name in values.get("ordering") or ())
    yield from (("filters", _column(condition).removeprefix("-")) for condition in _conditions(values))


def _conditions(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in (values.get("filters") or {}).get("items", ()):
        yield from (one for one in (item, item.get("child_filter"), *(item.get("child_filters") or ())) if one)


def _column(condition: Mapping[str, Any]) -> str:
    return str(condition.get("filter", "")).removeprefix("filter:tasks:")


def _of_condition(condition: Mapping[str, Any]) -> Iterator[str]:
    name = _column(condition)
    yield from _unknown(name) if name else ()
    value, kind, operator = condition.get("value"), str(condition.get("type")), str(condition.get("operator"))
    if wanted := needs(name.removeprefix("-"), operator, kind, value):
        yield f"{name}: {operator} needs {wanted}; with another value the tab does not open, or finds nothing"
    elif kind == "Boolean" and isinstance(value, (int, float)) and not isinstance(value, bool):
        yield f"{name}: a Boolean is true or false, and nothing is found with another value"
    elif operator == "regex" and misfit("regex", str(value)):
        yield f"{name}: the value is no regular expression, and nothing is found with it"


def _unknown(name: str) -> Iterator[str]:
    plain = name.removeprefix("-")
    if plain in KNOWN or plain.startswith("data."):
        return
    near = nearest(plain, KNOWN)
    hint = f'; did you mean "{near}"?' if near else "; fields of tasks are written data.FIELD"
    yield f'no column is called "{plain}", and the tab does not open with one that is unknown{hint}'
