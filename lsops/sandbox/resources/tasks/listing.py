"""Lists of tasks: `/api/tasks/`, which a tab filters and orders, and those of a project."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import unquote

from lsops.sandbox.envelope import Bare, Crash, Invalid, Missing
from lsops.sandbox.fields import Bad
from lsops.sandbox.resource import Answer, Call
from lsops.sandbox.resources.projects import found, permitted
from lsops.sandbox.resources.tasks import conditions
from lsops.sandbox.resources.tasks.show import show_fully, show_row, show_simply
from lsops.sandbox.resources.views import opening
from lsops.sandbox.resources.views.data import filter_group
from lsops.sandbox.store import Document

_NO_PROJECT = {"detail": "Neither project nor view id specified"}
_NO_DIGITS = 'Incorrect value in key "{}" = "{}". It should be digit string.'
_MISMATCH = "Project and View mismatch"
_NO_SELECTION = 'selectedItems must be {}: {{"all": [true|false], "excluded | included": [...task_ids...]}}. Found{}'
_PAGE = 100
_OF_PROJECT = 50
_EVALUATED = dict.fromkeys(
    (
        *("annotators", "annotations_ids", "annotations_results", "predictions_results", "predictions_model_versions"),
        *("predictions_score", "avg_lead_time", "completed_at", "draft_exists", "file_upload"),
    )
)
"""What a list shows empty, or not at all, unless it is looked at."""
_TALLY = """
    SELECT COUNT(*),
           (SELECT COUNT(*) FROM annotation WHERE was_cancelled = 0 AND task IN (SELECT id FROM task WHERE {where})),
           (SELECT COUNT(*) FROM prediction WHERE task IN (SELECT id FROM task WHERE {where}))
    FROM task WHERE {where}
"""


def list_tasks(call: Call) -> Answer:
    """A page of the tasks that a tab, or a query of that form, lets through."""
    project = project_asked(call)
    view = view_asked(call, project)
    where, values = _chosen(project, view)
    ((total, annotations, predictions),) = call.store.rows(_TALLY.format(where=where), values * 3)
    size, number = _page(call, total)
    order = conditions.order(view["ordering"], view["data"])
    bounds = f"LIMIT {size} OFFSET {(number - 1) * size}"
    ids = [key for (key,) in call.store.rows(f"SELECT id FROM task WHERE {where} ORDER BY {order} {bounds}", values)]  # noqa: S608
    fully = call.query.get("fields") == "all"
    evaluated = conditions.named(view) & _EVALUATED.keys()
    tasks = [task for key in ids if (task := call.store.get("task", key))]
    return Answer(
        {
            "total_annotations": annotations,
            "total_predictions": predictions,
            "total": total,
            "tasks": [show_fully(call, task, listed=True) if fully else _show(call, task, evaluated) for task in tasks],
        }
    )


def _show(call: Call, task: Document, evaluated: AbstractSet[str]) -> Document:
    """A row; what filters and orders look at is made for it, all else is not."""
    row = show_row(call, task)
    if not evaluated:
        return row
    full = show_fully(call, task, listed=True)
    return {**row, **{name: full[name] for name in evaluated}}


def of_project(call: Call, project_id: int) -> Answer:
    """The tasks of a project, what was changed last first; a page without one is 404."""
    found(call, project_id)
    wish = call.query.get("page_size") or call.query.get("length") or str(_OF_PROJECT)
    total = call.store.count("task", "project = ?", (project_id,))
    bounds = "" if wish == "-1" else _bounds(call, wish, total)
    newest = "json_extract(doc, '$.updated_at') DESC"
    tasks = call.store.find("task", "project = ?", (project_id,), order=newest, limit=bounds)
    if not tasks:
        raise Missing("Not found.")
    return Answer([show_simply(call, task) for task in tasks])


def _bounds(call: Call, wish: str, total: int) -> str:
    """Where a page begins, by its number or by the number of its first task, which the server reads in its own way."""
    size = int(wish) if wish.isdecimal() else 0
    number = _asked(call, "page") or 1
    if "start" in call.query:
        start = _asked(call, "start")
        number = start // size + 1 if start > size > 0 else start + 1
    if not size or (number - 1) * size >= max(total, 1):
        raise Missing("Not found.")
    return f"LIMIT {size} OFFSET {(number - 1) * size}"


def project_asked(call: Call) -> Document:
    """The project that the query names, itself or through a view."""
    for name in ("view", "project"):
        if name in call.query and not call.query[name].removeprefix("-").isdecimal():
            raise Invalid({name: _NO_DIGITS.format(name, call.query[name])})
    view = call.found("view", _asked(call, "view"), "View") if _asked(call, "view") else None
    key = _asked(call, "project") or (view["project"] if view else 0)
    if not key:
        raise Bare(404, _NO_PROJECT)
    return permitted(call, key)


def view_asked(call: Call, project: Document, body: Any = None) -> Document:
    """The tab that decides what is meant: a stored one, or one of the query or the body; it can be opened."""
    key = _asked(call, "view") or (body or {}).get("view") or 0
    view = call.found("view", int(key), "View") if key else _made_up(call, body)
    if key and view["project"] != project["id"]:
        raise Crash(_MISMATCH)
    tasks = call.store.count("task", "project = ?", (project["id"],)) > 0
    opening.check(view, tasks=tasks, enterprise=call.enterprise)
    return view


def ids_chosen(call: Call, project: Document, view: Document) -> list[int]:
    """The ids of all tasks that the tab means, in its order."""
    where, values = _chosen(project, view)
    order = conditions.order(view["ordering"], view["data"])
    return [key for (key,) in call.store.rows(f"SELECT id FROM task WHERE {where} ORDER BY {order}", values)]  # noqa: S608


def _chosen(project: Document, view: Document) -> conditions.Condition:
    where, values = conditions.chosen(view)
    return f"project = ? AND {where}", [project["id"], *values]


def _made_up(call: Call, body: Any) -> Document:
    """What a query or a body says without a stored tab."""
    data = json.loads(unquote(call.query["query"])) if "query" in call.query else (body or {})
    if not isinstance(data, dict):
        raise Crash(f"'{type(data).__name__}' object has no attribute 'get'")
    try:
        filters = data.get("filters") and filter_group(_as_rows(data["filters"]))
    except Bad as bad:
        raise Crash(f"1 validation error for PrepareParams: {bad.error}") from bad
    return {
        "filters": filters or None,
        "ordering": data.get("ordering") or [],
        "data": data,
        "selected_items": _selected(data.get("selectedItems", {"all": True, "excluded": []})),
        "project": 0,
    }


def _as_rows(filters: Any) -> Any:
    """Filters under the names that the table of stored ones has."""
    if not isinstance(filters, dict):
        raise Crash("1 validation error for PrepareParams")
    rows = [{"column" if name == "filter" else name: item[name] for name in item} for item in filters.get("items", [])]
    return {"conjunction": filters.get("conjunction"), "filters": rows}


def _selected(given: Any) -> Any:
    if isinstance(given, str):
        try:
            return json.loads(given)
        except ValueError:
            raise Crash(_NO_SELECTION.format("JSON encoded string for dict", f": {given}")) from None
    if not isinstance(given, dict):
        raise Crash(_NO_SELECTION.format("dict", f" type: {type(given)} with value: {given}"))
    return given


def _page(call: Call, total: int) -> tuple[int, int]:
    size = _asked(call, "page_size") or _PAGE
    wish = call.query.get("page", "1")
    last = max(1, -(-total // size))
    number = last if wish == "last" else int(wish) if wish.isdecimal() else 0
    if not 1 <= number <= last:
        raise Missing("Invalid page.")
    return size, number


def _asked(call: Call, name: str) -> int:
    given = call.query.get(name, "")
    return int(given) if given.isdecimal() else 0
