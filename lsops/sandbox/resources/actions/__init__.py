"""`/api/dm/actions/`: what the Data Manager does to a selection of tasks, and its columns.

Measured on Community: an action that is not listed (renaming labels, for one) can be asked for all the same; one that
does not exist is a crash.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Bare, Crash
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.actions.columns import columns_of
from lsops.sandbox.resources.actions.deleting import (
    delete_annotations,
    delete_predictions,
    delete_selected,
    remove_duplicates,
)
from lsops.sandbox.resources.actions.described import FORMS, LISTED
from lsops.sandbox.resources.actions.making import (
    add_data_field,
    copy_annotation,
    predictions_to_annotations,
    retrieve_predictions,
)
from lsops.sandbox.resources.actions.renaming import rename_labels
from lsops.sandbox.resources.labelling import next_task
from lsops.sandbox.resources.projects import permitted
from lsops.sandbox.resources.projects.view import show_created
from lsops.sandbox.resources.tasks.listing import ids_chosen, view_asked
from lsops.sandbox.store import Document

_ACTIONS = {
    "add_data_field": add_data_field,
    "delete_tasks": delete_selected,
    "delete_tasks_annotations": delete_annotations,
    "delete_tasks_predictions": delete_predictions,
    "next_task": next_task,
    "predictions_to_annotations": predictions_to_annotations,
    "propagate_annotations": copy_annotation,
    "remove_duplicates": remove_duplicates,
    "rename_labels": rename_labels,
    "retrieve_tasks_predictions": retrieve_predictions,
}
_MAY = dict.fromkeys(("can_delete_tasks", "can_manage_annotations", "can_manage_tasks"), True)


def _listing(call: Call) -> Answer:
    _project(call)
    return Answer(LISTED)


def _run(call: Call) -> Answer:
    project = _project(call)
    body = call.body
    view = view_asked(call, project, body if isinstance(body, dict) else {})
    name = call.query.get("id")
    if name is None:
        raise Bare(422, {"detail": 'No action id "None", use ?id=<action-id>'})
    if name not in _ACTIONS:
        raise Crash(f"Can't find '{name}' in registered actions")
    return Answer(_ACTIONS[name](call, project, ids_chosen(call, project, view)))


def _form(call: Call, action_id: str) -> Answer:
    project = _project(call)
    if action_id not in _ACTIONS:
        raise Crash(f"Can't find '{action_id}' in registered actions")
    form = FORMS.get(action_id)
    return Answer(form(call, project) if form else [])


def _columns(call: Call) -> Answer:
    return Answer({"columns": columns_of(call, permitted(call, _number(call, 1)))})


def _state(call: Call) -> Answer:
    project = permitted(call, _number(call, 1))
    counts = {
        "task_count": call.store.count("task", "project = ?", (project["id"],)),
        "annotation_count": call.store.count("annotation", "project = ?", (project["id"],)),
    }
    controls = {"config_has_control_tags": bool(project["parsed_label_config"])}
    shown: dict[str, Any] = show_created(call, project)
    return Answer({**shown, **_MAY, "source_syncing": False, "target_syncing": False, **counts, **controls})


def _project(call: Call) -> Document:
    return permitted(call, _number(call, 0))


def _number(call: Call, usual: int) -> int:
    given = call.query.get("project", "")
    return int(given) if given.isdecimal() else usual


RESOURCE = Resource(
    "actions",
    routes=(
        Route("/api/dm/actions/", {"GET": _listing, "POST": _run}),
        Route("/api/dm/actions/<action_id>/form/", {"GET": _form}),
        Route("/api/dm/columns/", {"GET": _columns}),
        Route("/api/dm/project/", {"GET": _state}),
    ),
)
