"""What filters and orders of a tab mean for tasks, as SQL (community-api 5, 11).

Only what can be shown comes here: `views.opening` has refused the rest. Values are always bound; of a name that a
client sent only what SQL cannot mistake is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

from lsops.sandbox.fieldtypes import stamp
from lsops.sandbox.store import Document

Condition = tuple[str, list[Any]]
_Special = Callable[[str, Any], "Condition | None"]

_PREFIX = "filter:tasks:"
_OF_TASK = "FROM annotation WHERE annotation.task = task.id"
_OF_MODEL = "FROM prediction WHERE prediction.task = task.id"
_CURRENT = (
    "(SELECT COALESCE(json_extract(project.doc, '$.model_version'), prediction.model_version) "
    "FROM project WHERE project.id = task.project)"
)
"""A score is that of the project's model version alone, where it has one; measured."""
_COLUMNS = {
    **{name: name for name in ("id", "inner_id", "is_labeled", "overlap", "project")},
    "total_annotations": f"(SELECT COUNT(*) {_OF_TASK} AND was_cancelled = 0)",
    "cancelled_annotations": f"(SELECT COUNT(*) {_OF_TASK} AND was_cancelled = 1)",
    "total_predictions": f"(SELECT COUNT(*) {_OF_MODEL})",
    "completed_at": (
        f"CASE WHEN is_labeled THEN (SELECT json_extract(doc, '$.created_at') {_OF_TASK} ORDER BY id DESC LIMIT 1) END"
    ),
    "predictions_score": f"(SELECT AVG(json_extract(doc, '$.score')) {_OF_MODEL} AND model_version = {_CURRENT})",
    "avg_lead_time": f"(SELECT AVG(json_extract(doc, '$.lead_time')) {_OF_TASK})",
    "draft_exists": "EXISTS (SELECT 1 FROM draft WHERE draft.task = task.id)",
    "annotations_ids": f"(SELECT group_concat(id) {_OF_TASK})",
    "annotations_results": f"(SELECT group_concat(json_extract(doc, '$.result')) {_OF_TASK})",
    "predictions_results": f"(SELECT group_concat(json_extract(doc, '$.result')) {_OF_MODEL})",
    "predictions_model_versions": f"(SELECT group_concat(DISTINCT model_version) {_OF_MODEL})",
    "annotators": f"(SELECT group_concat(DISTINCT completed_by) {_OF_TASK})",
    "file_upload": (
        "(SELECT json_extract(doc, '$.file') FROM file_upload WHERE id = json_extract(task.doc, '$.file_upload'))"
    ),
    **dict.fromkeys(("comment_count", "unresolved_comment_count"), "0"),
}
_COUNTED = ("total_annotations", "cancelled_annotations", "total_predictions")
_SIGNS = {"equal": "=", "less": "<", "greater": ">", "less_or_equal": "<=", "greater_or_equal": ">="}
_TRUE = ("1", "true", "yes")
_LOGIC = {"and": " AND ", "or": " OR "}


def chosen(view: Document) -> Condition:
    """The condition for the tasks that a tab shows: its filters, and of these its selection."""
    where, values = filtered(view["filters"])
    selected, more = selection(view.get("selected_items"))
    return f"({where}) AND ({selected})", [*values, *more]


def named(view: Document) -> set[str]:
    """The columns that the tab's filters and its order look at."""
    items = (view["filters"] or {}).get("items", [])
    filters = [item["filter"] for item in items] + [
        item["child_filter"]["filter"] for item in items if item.get("child_filter")
    ]
    orders = [wish.lstrip("-+").removeprefix("tasks:").removeprefix("-") for wish in (view["ordering"] or [])[:1]]
    return {name.removeprefix(_PREFIX) for name in filters} | set(orders)


def filtered(filters: Document | None) -> Condition:
    """The condition for all that the filters let through."""
    items = [_line(item) for item in (filters or {}).get("items", [])]
    if not items:
        return "1", []
    logic = _LOGIC[(filters or {})["conjunction"]]
    return logic.join(where for where, _ in items), [value for _, values in items for value in values]


def selection(selected: Any) -> Condition:
    """The condition for what is selected: everything but, or only, some ids."""
    if not isinstance(selected, dict):
        return "1", []
    included, excluded = selected.get("included") or [], selected.get("excluded") or []
    if selected.get("all") is False and included:
        return f"id IN ({_marks(included)})", list(included)
    if selected.get("all") is True and excluded:
        return f"id NOT IN ({_marks(excluded)})", list(excluded)
    return "1", []


def order(ordering: Any, data: Document) -> str:
    """The order of the tab's tasks; nothing comes last whichever way it goes."""
    if not ordering:
        return "id"
    wish = ordering[0]
    down = wish.startswith("-") or wish.lstrip("+").removeprefix("tasks:").startswith("-")
    plain = wish.lstrip("-+")
    column = _column(plain.removeprefix("tasks:").removeprefix("-"))
    if (data.get("columnsDisplayType") or {}).get(plain) == "Number":
        column = f"CAST({column} AS REAL)"
    return f"{column} IS NULL, {column} {'DESC' if down else 'ASC'}, id"


def _line(item: Document) -> Condition:
    parts = [_one(part) for part in (item, item.get("child_filter")) if part]
    where = " AND ".join(f"({one})" for one, _ in parts)
    return f"({where})", [value for _, values in parts for value in values]


def _one(item: Document) -> Condition:
    name = item["filter"].removeprefix(_PREFIX).removeprefix("-")
    operator, kind, value = item["operator"], item["type"], item["value"]
    if value is None or not item["filter"].startswith(_PREFIX):
        return "1", []
    special = _SPECIAL[name](operator, value) if name in _SPECIAL else None
    if special is not None:
        return special
    column = _column(name)
    if kind == "Number" and name.startswith("data."):
        column = f"CAST({column} AS REAL)"
    if operator == "empty":
        return _empty(name, column, kind, _truth(value)), []
    return _compared(column, operator, kind, value)


def _compared(column: str, operator: str, kind: str, value: Any) -> Condition:  # noqa: PLR0911  # a line per operator
    if operator in ("in", "not_in") and not isinstance(value, dict):
        return _unless(operator, "1"), []  # a single moment has bounds in Python: those of all time
    if operator in ("in", "not_in"):
        low, high = _made(kind, value["min"]), _made(kind, value["max"])
        return _unless(operator, f"{column} >= ? AND {column} <= ?"), [low, high]
    if operator in ("in_list", "not_in_list"):
        values = list(value)
        return _unless(operator, f"{column} IN ({_marks(values)})"), values
    if operator in ("contains", "not_contains"):
        return _unless(operator, f"{column} LIKE ? ESCAPE '\\'"), [_within(value)]
    if operator == "regex":
        return _matching(column, value)
    if operator == "not_equal":
        return f"COALESCE({column}, '') <> ?", [_made(kind, value)]
    if operator in _SIGNS:
        return f"{column} {_SIGNS[operator]} ?", [_made(kind, value)]
    return f"{column} = ?", [_made(kind, value)]


def _matching(column: str, value: Any) -> Condition:
    try:
        re.compile(str(value))
    except re.error:
        return "0", []
    return f"{column} REGEXP ?", [str(value)]


def _unless(operator: str, where: str) -> str:
    return f"NOT COALESCE(({where}), 0)" if operator.startswith("not_") else where


def _empty(name: str, column: str, kind: str, wanted: bool) -> str:
    if name in _COUNTED:
        return f"{column} {'=' if wanted else '<>'} 0"
    blank = f"({column} IS NULL OR {column} = '')" if kind in ("String", "Unknown") else f"({column} IS NULL)"
    return blank if wanted else f"NOT {blank}"


def _made(kind: str, value: Any) -> Any:
    """A value as the column has it."""
    if kind == "Number":
        return float(value)
    if kind == "Datetime":
        when = datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        return stamp(when)
    if kind == "Boolean":
        return int(_truth(value))
    return value if isinstance(value, (int, float, str)) else json.dumps(value)


def _truth(value: Any) -> bool:
    return value.lower() in _TRUE if isinstance(value, str) else bool(value)


def _users(column: str) -> _Special:
    def condition(operator: str, value: Any) -> Condition | None:
        if operator == "empty":
            return f"{'NOT ' if _truth(value) else ''}{column.replace('= ?', 'IS NOT NULL')}", []
        if operator in ("contains", "not_contains"):
            return _unless(operator, column), [int(value)]
        return None

    return condition


def _results(table: str) -> _Special:
    of_task = f"EXISTS (SELECT 1 FROM {table} WHERE {table}.task = task.id"  # noqa: S608  # no client's text
    text = "spaced_json(json_extract(doc, '$.result'))"

    def condition(operator: str, value: Any) -> Condition | None:
        if operator in ("contains", "not_contains"):
            return _unless(operator, f"{of_task} AND {text} LIKE ? ESCAPE '\\')"), [_within(value)]
        if operator == "empty":
            blank = f"(NOT {of_task}) OR {of_task} AND json_extract(doc, '$.result') = '[]'))"
            return blank if _truth(value) else f"NOT ({blank})", []
        try:
            exact = json.dumps(json.loads(value))
        except ValueError:
            return "0", []
        return _unless(operator, f"{of_task} AND {text} = ?)"), [exact]

    return condition


def _ids(operator: str, value: Any) -> Condition | None:
    """Annotations by id: a list in words, or a single number."""
    known = "EXISTS (SELECT 1 FROM annotation WHERE annotation.task = task.id AND annotation.id IN ({}))"
    if operator in ("contains", "not_contains"):
        wanted = [int(part) for part in re.split(",|;| ", value) if part.isdigit()]
        return _unless(operator, known.format(_marks(wanted))), list(wanted)
    if operator in ("equal", "not_equal"):
        return _unless(operator, known.format("?")), [int(value) if value.isdigit() else 0]
    return None


def _model_versions(operator: str, value: Any) -> Condition | None:
    known = "EXISTS (SELECT 1 FROM prediction WHERE prediction.task = task.id{})"
    if operator == "empty":
        return f"{'NOT ' if _truth(value) else ''}{known.format('')}", []
    if operator not in ("contains", "not_contains"):
        return None
    some = " OR ".join("model_version LIKE ? ESCAPE '\\'" for _ in value) or "0"
    return _unless(operator, known.format(f" AND ({some})")), [_within(one) for one in value]


_SPECIAL: dict[str, _Special] = {
    "annotators": _users("EXISTS (SELECT 1 FROM annotation WHERE annotation.task = task.id AND completed_by = ?)"),
    "updated_by": _users("(json_extract(task.doc, '$.updated_by') = ?)"),
    "annotations_results": _results("annotation"),
    "predictions_results": _results("prediction"),
    "annotations_ids": _ids,
    "predictions_model_versions": _model_versions,
}


def _column(name: str) -> str:
    """SQL for a column; a key of the data is quoted, so that it stays one."""
    if name in _COLUMNS:
        return _COLUMNS[name]
    path = f'$.data."{name.removeprefix("data.")}"' if name.startswith("data.") else f'$."{name}"'
    quoted = path.replace("'", "''")
    return f"json_extract(task.doc, '{quoted}')"


def _within(value: Any) -> str:
    text = re.sub(r"([\\%_])", r"\\\1", str(value))
    return f"%{text}%"


def _marks(values: Iterable[Any]) -> str:
    return ",".join("?" for _ in values)
