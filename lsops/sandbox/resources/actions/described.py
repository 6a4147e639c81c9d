"""What the Data Manager lists as actions, and the forms that it shows for them, in the server's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsops.sandbox.resource import Call
from lsops.sandbox.store import Document

Form = Callable[[Call, Document], list[dict[str, Any]]]


def _described(name: str, title: str, order: int, permission: Any, text: str, **more: Any) -> dict[str, Any]:
    """An action; `titled` shows the title again in its dialog, `form` says that there is one to be asked for."""
    titled = {"title": title} if more.pop("titled", False) else {}
    form = {"form": None} if more.pop("form", False) else {}
    dialog = {**titled, "text": text, "type": "confirm", **form}
    return {"id": name, "title": title, "order": order, "permission": permission, **more, "dialog": dialog}


LISTED = [
    _described(
        "retrieve_tasks_predictions",
        "Retrieve Predictions",
        90,
        "predictions.any",
        "Send the selected tasks to all ML backends connected to the project.This operation might be abruptly "
        "interrupted due to a timeout. The recommended way to get predictions is to update tasks using the Label "
        "Studio API.Please confirm your action.",
        titled=True,
    ),
    _described(
        "predictions_to_annotations",
        "Create Annotations From Predictions",
        91,
        "tasks.change",
        "Create annotations from predictions using selected predictions set for each selected task. Your account will "
        "be assigned as an owner to those annotations. ",
        titled=True,
        form=True,
    ),
    _described(
        "remove_duplicates",
        "Remove Duplicated Tasks",
        95,
        ["projects.change", "tasks.delete"],
        "Confirm that you want to remove duplicated tasks with the same data fields. Duplicated tasks will be deleted "
        "and all annotations will be moved to the first task from duplicated tasks. Also Source Storage Links will be "
        "restored if at least one duplicated task has a storage link. Warning: Task assignments (enterprise only) "
        "won't be saved.",
        experimental=False,
    ),
    _described(
        "delete_tasks",
        "Delete Tasks",
        100,
        "tasks.delete",
        "You are going to delete the selected tasks. Please confirm your action.",
        reload=True,
    ),
    _described(
        "delete_tasks_annotations",
        "Delete Annotations",
        101,
        ["tasks.change", "annotations.delete"],
        "You are going to delete annotations from the selected tasks.\nYou can select specific annotators to delete "
        "annotations for.\nPlease confirm your action.",
        form=True,
    ),
    _described(
        "delete_tasks_predictions",
        "Delete Predictions",
        102,
        "predictions.any",
        "You are going to delete all predictions from the selected tasks. Please confirm your action.",
    ),
]


def _field(kind: str, name: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": label, **more}


def _form(*fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"columnCount": 1, "fields": list(fields)}]


def _annotators(call: Call, project: Document) -> list[dict[str, Any]]:
    sql = """
        SELECT DISTINCT u.id, u.doc ->> '$.first_name', u.doc ->> '$.last_name', u.email FROM "user" u
        WHERE u.id IN (SELECT completed_by FROM annotation WHERE project = ?1)
        OR u.id IN (SELECT json_extract(doc, '$.user') FROM draft WHERE project = ?1) ORDER BY u.id
    """
    rows = call.store.rows(sql, (project["id"],))
    names = [(key, " ".join(part for part in (first, last) if part) or email) for key, first, last, email in rows]
    options = [{"value": str(key), "label": name} for key, name in names]
    return _form(_field("select", "annotator", "Annotator", options=options, placeholder="All", searchable=True))


def _versions(call: Call, project: Document) -> list[dict[str, Any]]:
    sql = "SELECT model_version FROM prediction WHERE project = ? GROUP BY model_version ORDER BY MAX(id) DESC"
    known = [version for (version,) in call.store.rows(sql, (project["id"],))]
    first = project["model_version"]
    options = [first, *(version for version in known if version != first)] if first else known
    return _form(_field("select", "model_version", "Choose predictions", options=options, value=first))


def _labels(_call: Call, project: Document) -> list[dict[str, Any]]:
    controls = project["parsed_label_config"]
    names = list(dict.fromkeys(label for control in controls.values() for label in control["labels"]))
    return _form(
        _field("select", "control_tag", "Choose a label control tag", options=list(controls)),
        _field("select", "old_label_name", "Old label name", options=names),
        _field("input", "new_label_name", "New label name"),
    )


FORMS: dict[str, Form] = {
    "delete_tasks_annotations": _annotators,
    "predictions_to_annotations": _versions,
    "rename_labels": _labels,
}
