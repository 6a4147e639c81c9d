"""Predictions that come as values of a task's data, under the names of the controls that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lsops.sandbox.resource import Call
from lsops.sandbox.store import Document


def with_predictions(call: Call, project: Document, items: list[Any]) -> list[Any]:
    """The tasks, where the query names keys of their data that hold predictions."""
    names = [name for text in call.lists.get("preannotated_from_fields", ()) for name in text.split(",") if name]
    return [_predicted(project, item, names) for item in items] if names else items


def _predicted(project: Document, item: Document, names: Sequence[str]) -> Document:
    data = item.get("data", item)
    controls = project["parsed_label_config"]
    results = [
        _region(controls.get(name), name, data[name]) for name in names if name in data and data[name] is not None
    ]
    predictions = [{"result": [region], "score": 1.0, "model_version": "preannotated"} for region in results]
    file = {"file_upload_id": item["file_upload_id"]} if "file_upload_id" in item else {}
    return {"data": data, "predictions": predictions, **file}


def _region(control: Document | None, name: str, value: Any) -> Document:
    kind = control["type"].lower() if control else "choices"
    key = "text" if kind == "textarea" else kind
    single = kind in ("rating", "number", "datetime")
    held = value if isinstance(value, dict) else {key: value if single or isinstance(value, list) else [value]}
    target = control["to_name"][0] if control else "text"
    return {"from_name": name, "to_name": target, "type": kind, "value": held}
