"""The columns of the Data Manager: keys of the tasks' data, then what the server knows of every task."""

from __future__ import annotations

from typing import Any

from lsops.sandbox.labelconfig import data_types
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects.summary import counted
from lsops.sandbox.store import Document
from lsops.sandbox.taskcheck import UNNAMED

_SHOWN, _EVERYWHERE, _HIDDEN = (True, False), (True, True), (False, False)
_Row = tuple[str, str, str, str, tuple[bool, bool]]
_FIXED: tuple[_Row, ...] = (
    ("id", "ID", "Number", "Task ID", _SHOWN),
    ("inner_id", "Inner ID", "Number", "Internal task ID starting from 1 for the current project", _HIDDEN),
    ("completed_at", "Completed", "Datetime", "Last annotation date", _SHOWN),
    ("total_annotations", "Annotations", "Number", "Total annotations per task", _EVERYWHERE),
    ("cancelled_annotations", "Cancelled", "Number", "Total cancelled (skipped) annotations", _SHOWN),
    ("total_predictions", "Predictions", "Number", "Total predictions per task", _SHOWN),
    ("annotators", "Annotated by", "List", "All users who completed the task", _SHOWN),
    ("annotations_results", "Annotation results", "String", "Annotation results stacked over all annotations", _HIDDEN),
    ("annotations_ids", "Annotation IDs", "String", "Annotation IDs stacked over all annotations", _HIDDEN),
    ("predictions_score", "Prediction score", "Number", "Average prediction score over all task predictions", _HIDDEN),
    (
        "predictions_model_versions",
        "Prediction model versions",
        "List",
        "Model versions aggregated over all predictions",
        _HIDDEN,
    ),
    ("predictions_results", "Prediction results", "String", "Prediction results stacked over all predictions", _HIDDEN),
    ("file_upload", "Upload filename", "String", "Filename of uploaded file", _HIDDEN),
    ("storage_filename", "Storage filename", "String", "Filename from import storage", _HIDDEN),
    ("created_at", "Created at", "Datetime", "Task creation time", _HIDDEN),
    ("updated_at", "Updated at", "Datetime", "Task update time", _HIDDEN),
    ("updated_by", "Updated by", "List", "User who did the last task update", _HIDDEN),
    ("avg_lead_time", "Lead Time", "Time", "Average lead time over all annotations", _HIDDEN),
    ("draft_exists", "Drafts", "Boolean", "True if at least one draft exists for the task", _HIDDEN),
)
_TYPES = {
    "Image": "Image",
    **dict.fromkeys(("Audio", "AudioPlus"), "Audio"),
    "Video": "Video",
    "HyperText": "HyperText",
    **dict.fromkeys(("TimeSeries", "TimeSeriesChannel"), "TimeSeries"),
}


def columns_of(call: Call, project: Document) -> list[dict[str, Any]]:
    """All columns; the last one is the parent of those of the data."""
    keys = _keys(call, project)
    own = [_of_data(key, kind) for key, kind in keys.items()]
    schemas = {
        **_people(call, project),
        "predictions_model_versions": {"items": _versions(call, project), "multiple": True},
    }
    fixed = [_fixed(row, schemas.get(row[0])) for row in _FIXED]
    head = {"id": "data", "title": "data", "type": "List", "target": "tasks"}
    return [*own, *fixed, {**head, "children": list(keys), "project_defined": False}]


def _keys(call: Call, project: Document) -> dict[str, str]:
    """The keys of the label config, or while there are no tasks only these, and those that tasks have besides."""
    shown = {key: _TYPES.get(tag, "String") for key, tag in data_types(project["label_config"]).items()}
    known = counted(call.store, project["id"])["all_data_columns"]
    first = next(iter(shown), UNNAMED)
    return {
        **shown,
        **{key: "String" for key in known if key not in shown and (key != UNNAMED or not shown) and key != first},
    }


def _of_data(key: str, kind: str) -> dict[str, Any]:
    place = {"target": "tasks", "parent": "data", "visibility_defaults": _seen(_EVERYWHERE)}
    return {"id": key, "title": key if key != UNNAMED else "data", "type": kind, **place, "project_defined": True}


def _fixed(row: _Row, schema: dict[str, Any] | None) -> dict[str, Any]:
    name, title, kind, told, seen = row
    shape = {"schema": schema} if schema else {}
    place = {"id": name, "title": title, "type": kind, "help": told, "target": "tasks", **shape}
    return {**place, "visibility_defaults": _seen(seen), "project_defined": False}


def _people(call: Call, project: Document) -> dict[str, dict[str, Any]]:
    members = call.store.rows(
        'SELECT "user" FROM membership WHERE organization = ? ORDER BY id', (project["organization"],)
    )
    everybody = {"items": [key for (key,) in members]}
    return {"annotators": everybody, "updated_by": everybody}


def _versions(call: Call, project: Document) -> list[str]:
    sql = "SELECT model_version FROM prediction WHERE project = ? GROUP BY model_version ORDER BY MAX(id) DESC"
    return [version for (version,) in call.store.rows(sql, (project["id"],))]


def _seen(places: tuple[bool, bool]) -> dict[str, bool]:
    return {"explore": places[0], "labeling": places[1]}
