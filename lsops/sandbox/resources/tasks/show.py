"""Tasks as answers have them: alone, as a row of the Data Manager, and with all that belongs to them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lsops.sandbox.resource import Call
from lsops.sandbox.resources.annotations.rows import show_annotation
from lsops.sandbox.resources.drafts import drafts_of
from lsops.sandbox.resources.users import initials, show_briefly
from lsops.sandbox.store import Document
from lsops.sandbox.taskcheck import UNNAMED, named

_OWN = ("id", "data", "meta", "created_at", "updated_at", "is_labeled", "overlap", "inner_id", "project")
_NO_MODEL = {**dict.fromkeys(("cluster", "model", "model_run", "neighbors")), "mislabeling": 0.0}
_ENTERPRISE: dict[str, Any] = {
    **dict.fromkeys(("agreement", "agreement_selected", "allow_skip", "annotation_time", "precomputed_agreement")),
    **dict.fromkeys(("review_time", "reviewed_at", "submission")),
    **dict.fromkeys(("annotators_count", "comment_authors_count", "reviewers_count"), 0),
    **dict.fromkeys(("reviews_accepted", "reviews_rejected"), 0),
    **dict.fromkeys(("ground_truth", "reviewed"), False),
    "comments": "",
    "reviewers": [],
    "state": "CREATED",
}
_TALLY = """
    SELECT COUNT(CASE WHEN was_cancelled = 0 THEN 1 END), COUNT(CASE WHEN was_cancelled = 1 THEN 1 END)
    FROM annotation WHERE task = ?
"""


def show(call: Call, task: Document) -> dict[str, Any]:
    """A task and what is counted in it."""
    ((kept, cancelled),) = call.store.rows(_TALLY, (task["id"],))
    return {
        **{name: task[name] for name in _OWN},
        "data": named_data(call, task),
        "total_annotations": kept,
        "cancelled_annotations": cancelled,
        "total_predictions": call.store.count("prediction", "task = ?", (task["id"],)),
        "comment_count": task.get("comment_count", 0),
        "unresolved_comment_count": task.get("unresolved_comment_count", 0),
        "last_comment_updated_at": task.get("last_comment_updated_at"),
        "file_upload": None,
        "comment_authors": task.get("comment_authors", []),
        **(_ENTERPRISE if call.enterprise else {}),
    }


def named_data(call: Call, task: Document) -> Any:
    """The data of a task; what had no name in its file goes by that of the label config's first key."""
    data = task["data"]
    if not isinstance(data, dict) or UNNAMED not in data:
        return data
    return named(call.found("project", task["project"], "Project")["data_types"], data)


def show_simply(call: Call, task: Document) -> dict[str, Any]:
    """A task as a change answers and as a project lists it, with what was made of it."""
    return {
        **show(call, task),
        "file_upload": task.get("file_upload"),
        "updated_by": task["updated_by"],
        "annotations": [show_annotation(call, item) for item in call.store.find(*_of("annotation", task))],
        "predictions": [show_prediction(item) for item in call.store.find(*_of("prediction", task))],
    }


def show_row(call: Call, task: Document) -> dict[str, Any]:
    """A task as the Data Manager lists it, where nobody asked for more."""
    return {
        **show(call, task),
        "drafts": [],
        "annotators": [],
        "annotations_results": "",
        "predictions_results": "",
        "storage_filename": task.get("storage_filename"),
        "annotations_ids": "",
        "predictions_model_versions": "",
        "updated_by": [{"user_id": task["updated_by"]}] if task["updated_by"] else [],
    }


def show_fully(call: Call, task: Document, *, listed: bool = False) -> dict[str, Any]:
    """A task with its annotations, predictions and drafts; a list has ids of authors, and the results as one text."""
    here = call.store.find(*_of("annotation", task))
    predictions = call.store.find(*_of("prediction", task))
    drafts = drafts_of(call, task["id"])
    lead_times = [item["lead_time"] for item in here if item.get("lead_time") is not None]
    current = call.found("project", task["project"], "Project")["model_version"]
    scores = [
        item["score"]
        for item in predictions
        if item["score"] is not None and (current is None or item["model_version"] == current)
    ]
    authors = {} if listed else {item["id"]: {"completed_by": author(call, item)} for item in here}
    shown = [{**show_annotation(call, item), **authors.get(item["id"], {})} for item in here]
    return {
        **show_row(call, task),
        "file_upload": file_name(call, task),
        "annotators": sorted({item["completed_by"] for item in here if item["completed_by"]}),
        "annotations": shown,
        "annotations_ids": ",".join(str(item["id"]) for item in here),
        "annotations_results": _as_text(here) if listed else "",
        "predictions": [show_prediction(item) for item in predictions],
        "predictions_results": _as_text(predictions) if listed else "",
        "predictions_model_versions": ",".join(_versions(predictions)),
        "predictions_score": sum(scores) / len(scores) if scores else None,
        "completed_at": here[-1]["created_at"] if task["is_labeled"] and here else None,
        "avg_lead_time": sum(lead_times) / len(lead_times) if lead_times else None,
        "drafts": drafts,
        "draft_exists": bool(drafts),
    }


def show_prediction(prediction: Document) -> dict[str, Any]:
    """A prediction as lists and details show it."""
    return {
        "id": prediction["id"],
        "result": prediction["result"],
        "model_version": prediction["model_version"],
        "created_ago": "0\xa0minutes",
        "score": prediction["score"],
        **{
            name: prediction.get(name, usual) for name, usual in _NO_MODEL.items() if name not in ("model", "model_run")
        },
        "created_at": prediction["created_at"],
        "updated_at": prediction["updated_at"],
        "model": None,
        "model_run": None,
        "task": prediction["task"],
        "project": prediction["project"],
    }


def author(call: Call, annotation: Document) -> dict[str, Any] | None:
    """Who made an annotation, as the labelling screen needs it."""
    user = call.store.get("user", annotation["completed_by"] or 0)
    return {**(show_briefly(call, user["id"]) or {}), "initials": initials(user)} if user else None


def file_name(call: Call, task: Document) -> str | None:
    """The name of the uploaded file that the task came in."""
    upload = call.store.get("file_upload", task["file_upload"]) if task.get("file_upload") else None
    return upload["file"].rpartition("/")[2] if upload else None


def _of(table: str, task: Mapping[str, Any]) -> tuple[str, str, tuple[int]]:
    return table, "task = ?", (task["id"],)


def _as_text(items: Sequence[Document]) -> str:
    """The results as a cell of the table shows them: JSON without its quotation marks."""
    return " ".join(json.dumps(item["result"]).replace('"', "") for item in items)


def _versions(predictions: Sequence[Document]) -> list[str]:
    return sorted({str(item["model_version"]) for item in predictions if item["model_version"]})
