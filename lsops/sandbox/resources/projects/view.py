"""How a project is shown: the keys of each answer, in the server's order.

Community shows the same keys everywhere; on Enterprise the answer to a POST, a row of a list and a
detail differ (enterprise-api 7.1, 10).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.resource import Call
from lsops.sandbox.resources.projects.counters import COUNTERS, Counts, counters, queues
from lsops.sandbox.resources.projects.fields import BASE, ENTERPRISE
from lsops.sandbox.resources.users import PERMISSIONS, show_briefly
from lsops.sandbox.store import Document

SHOWN_MEMBERS = "project-members-shown"
"""As what the members of a project stand in it (enterprise-api 11, point 10)."""
_QUEUE = ("queue_total", "queue_done")
_BASE_ORDER = """
    id title description label_config expert_instruction show_instruction show_skip_button enable_empty_annotation
    show_annotation_history organization color maximum_annotations is_published model_version is_draft created_by
    created_at min_annotations_to_start_training start_training_on_annotation_update show_collab_predictions
    num_tasks_with_annotations task_number useful_annotation_number ground_truth_number skipped_annotations_number
    total_annotations_number total_predictions_number sampling show_ground_truth_first annotator_evaluation_enabled
    show_overlap_first overlap_cohort_percentage task_data_login task_data_password control_weights parsed_label_config
    evaluate_predictions_automatically config_has_control_tags skip_queue reveal_preannotations_interactively pinned_at
    finished_task_number queue_total queue_done config_suitable_for_bulk_annotation state
    """.split()
_ENTERPRISE_ONLY = tuple(name for name in ENTERPRISE if name not in BASE)
_CREATED = tuple(name for name in _ENTERPRISE_ONLY if ENTERPRISE[name].create)
_HIDDEN = tuple(name for name in ENTERPRISE if not ENTERPRISE[name].listed)
_EMPTY: dict[str, Any] = {
    "prompts": [],
    **dict.fromkeys(("members_count", "rejected", "review_total_tasks", "reviewed_number", "reviewer_queue_total"), 0),
    **dict.fromkeys(("duplication_done", "is_dimensions_enabled"), False),
    **dict.fromkeys(("allow_stream", "ready"), True),
    "duplication_status": "",
}


@dataclass(frozen=True, slots=True)
class _Around:
    """What projects show of other objects, looked up once for all of them."""

    authors: Mapping[int | None, dict[str, Any] | None]
    workspaces: Mapping[int, str]


def show_created(call: Call, project: Document) -> dict[str, Any]:
    """The answer to a POST: its counters are null; on Enterprise what a POST does not take is not shown."""
    shown = _base(call, project, _around(call, [project])) | dict.fromkeys(COUNTERS) | dict.fromkeys(_QUEUE, 0)
    if call.enterprise:
        shown |= {name: project[name] for name in _CREATED}
    return _picked(call, shown)


def show_project(call: Call, project: Document, counted: Counts | None = None) -> dict[str, Any]:
    """One project in full, with the counters given or those of now."""
    shown = _complete(call, [project], counted)[0]
    return {**shown, "permissions": PERMISSIONS} if call.enterprise else shown


def show_rows(call: Call, projects: Sequence[Document]) -> list[dict[str, Any]]:
    """Projects as a list shows them: on Enterprise without credentials, with shortened texts."""
    rows = _complete(call, projects, None)
    shared = _blueprints(call) if call.enterprise else {}
    return [_as_row(row, shared.get(row["id"], [])) for row in rows] if call.enterprise else rows


def _blueprints(call: Call) -> dict[int, list[dict[str, Any]]]:
    """What projects are shared as, by their ids: there is no other list of them (enterprise-api 8.4)."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in call.store.find("blueprint") if call.store.has("blueprint") else ():
        shown = {name: one[name] for name in ("id", "title", "description", "share_id", "short_url", "created_at")}
        found.setdefault(one["project"], []).append({**shown, "task_count": 0})
    return found


def _complete(call: Call, projects: Sequence[Document], counted: Counts | None) -> list[dict[str, Any]]:
    counted = counted or counters(call.store, [project["id"] for project in projects])
    queued = _queues(call, projects)
    around = _around(call, projects)
    members = _members(call, projects) if call.enterprise else {}
    shown = []
    for project in projects:
        numbers = {**counted[project["id"]], **queued.get(project["id"], {})}
        complete = {**_base(call, project, around), **numbers}
        if call.enterprise:
            complete |= _enterprise(project, around, complete) | members.get(project["id"], {})
        shown.append(_picked(call, complete))
    return shown


def _members(call: Call, projects: Sequence[Document]) -> dict[int, dict[str, Any]]:
    """What each project shows of its members; nothing where the server shows none."""
    answer = call.unknown(SHOWN_MEMBERS)
    if answer == "absent" or not call.store.has("project_member"):
        return {}
    found: dict[int, dict[str, Any]] = {project["id"]: {"members": []} for project in projects}
    for one in call.store.find(
        "project_member", "project IN (SELECT value FROM json_each(?))", (json.dumps([*found]),)
    ):
        shown = one["user"] if answer == "ids" else {"user": one["user"], "project": one["project"]}
        found[one["project"]]["members"].append(shown)
    return found


def _queues(call: Call, projects: Sequence[Document]) -> Counts:
    """The queues; `include` spares Community from counting them."""
    wanted = _wanted(call)
    if wanted is not None and wanted.isdisjoint(_QUEUE) and not call.enterprise:
        return {}
    return queues(call.store, projects, call.user["id"])


def _around(call: Call, projects: Sequence[Document]) -> _Around:
    authors = {key: show_briefly(call, key) for key in {project["created_by"] for project in projects}}
    titles = call.store.rows("SELECT id, title FROM workspace") if call.enterprise else []
    return _Around(authors, dict(titles))


def _base(call: Call, project: Document, around: _Around) -> dict[str, Any]:
    return {
        "id": project["id"],
        **{name: project[name] for name in BASE},
        "created_by": around.authors[project["created_by"]],
        "created_at": project["created_at"],
        "start_training_on_annotation_update": bool(project["min_annotations_to_start_training"]),
        "parsed_label_config": project["parsed_label_config"],
        "config_has_control_tags": bool(project["parsed_label_config"]),
        "config_suitable_for_bulk_annotation": project["config_suitable_for_bulk_annotation"],
        "state": "CREATED" if call.enterprise else None,
    }


def _enterprise(project: Document, around: _Around, shown: dict[str, Any]) -> dict[str, Any]:
    """What Enterprise adds; nested settings have ids, and one read-only key that follows another."""
    key = project["id"]
    requeue = project["review_settings"]["requeue_rejected_tasks_mode"] == "requeue"
    return {
        **{name: project.get(name, ENTERPRISE[name].default) for name in _ENTERPRISE_ONLY},
        **_EMPTY,
        "review_settings": {
            **project["review_settings"],
            "id": key,
            "project": key,
            "requeue_rejected_tasks_to_annotator": requeue,
        },
        "assignment_settings": {**project["assignment_settings"], "id": key, "project": key},
        "workspace_title": around.workspaces.get(project["workspace"]),
        "data_types": project["data_types"],
        "queue_left": shown["queue_total"] - shown["queue_done"],
    }


def _as_row(shown: dict[str, Any], blueprints: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **{name: value for name, value in shown.items() if name not in _HIDDEN},
        "blueprints": blueprints,
        "description_short": (shown["description"] or "")[:250],
        "internal_description_short": None,
    }


def _wanted(call: Call) -> set[str] | None:
    return set(call.query["include"].split(",")) if "include" in call.query else None


def _picked(call: Call, shown: dict[str, Any]) -> dict[str, Any]:
    """Community: `include` and `omit` pick keys. Enterprise: `include` picks counters, the others are null."""
    wanted = _wanted(call)
    if call.enterprise:
        if wanted is not None:
            shown.update({name: None for name in COUNTERS if name not in wanted})
        return shown
    unwanted = call.query.get("omit", "").split(",")
    names = (name for name in _BASE_ORDER if wanted is None or name in wanted)
    return {name: shown.get(name) for name in names if name not in unwanted}
