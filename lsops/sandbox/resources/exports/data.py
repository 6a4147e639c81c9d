"""What an export holds: tasks with all that belongs to them, one after another, as the server's export writes them.

Tasks are read in batches, so that an export of any size is never in memory as a whole.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.resource import Call
from lsops.sandbox.resources.annotation_history import show_history
from lsops.sandbox.resources.drafts import show_draft
from lsops.sandbox.resources.tasks import conditions
from lsops.sandbox.resources.tasks.show import file_name, named_data, show_prediction
from lsops.sandbox.store import Document

_BATCH = 500
_OF_TASK = "SELECT 1 FROM annotation WHERE annotation.task = task.id"
_REVIEWED = "EXISTS (SELECT 1 FROM review WHERE review.annotation = annotation.id)"
_TASK_FILTERS = {
    "skipped": f"EXISTS ({_OF_TASK} AND was_cancelled = 1)",
    "finished": "is_labeled = 1",
    "annotated": f"EXISTS ({_OF_TASK} AND was_cancelled = 0)",
    "reviewed": f"EXISTS ({_OF_TASK} AND {_REVIEWED})",
}
_ANNOTATION_FILTERS = {
    "usual": "(was_cancelled = 0 AND ground_truth = 0)",
    "ground_truth": "ground_truth = 1",
    "skipped": "was_cancelled = 1",
}
_COUNTED = "SELECT task, COALESCE(SUM(was_cancelled = 0), 0), COALESCE(SUM(was_cancelled), 0) FROM annotation"
_NAMESPACE = uuid.UUID(int=0x15)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an export takes and how it writes it; what is empty takes all, and writes ids."""

    tasks: Mapping[str, Any]
    annotations: Mapping[str, Any]
    written: Mapping[str, Any]

    def whole(self, name: str) -> bool:
        """Whether objects are written out where their ids would stand."""
        options = self.written.get(name)
        return isinstance(options, dict) and not options.get("only_id")


def exported(call: Call, project: Document, recipe: Recipe, ids: Sequence[int] = ()) -> Iterator[Document]:
    """The tasks that the recipe takes, in the order of their ids; of the named ones if there are any."""
    where, values = _tasks_taken(call, project, recipe.tasks)
    last = 0
    while batch := call.store.find("task", f"{where} AND id > ?", (*values, last), limit=f"LIMIT {_BATCH}"):
        last = batch[-1]["id"]
        chosen = [task for task in batch if not ids or task["id"] in ids]
        yield from _batch(call, chosen, recipe)


def as_json(tasks: Iterable[Document]) -> Iterator[bytes]:
    """A list of them, as the server writes it."""
    before = "["
    for task in tasks:
        yield (before + json.dumps(task, ensure_ascii=False)).encode()
        before = ", "
    yield b"[]" if before == "[" else b"]"


def _tasks_taken(call: Call, project: Document, wanted: Mapping[str, Any]) -> conditions.Condition:
    where, values = ["project = ?"], [project["id"]]
    view = call.store.get("view", wanted["view"]) if wanted.get("view") else None
    if view and view["project"] == project["id"]:
        shown, more = conditions.chosen(view)
        where.append(shown)
        values += more
    for name, condition in _TASK_FILTERS.items():
        if wanted.get(name):
            where.append(condition if wanted[name] == "only" else f"NOT ({condition})")
    return " AND ".join(where), values


def _batch(call: Call, tasks: Sequence[Document], recipe: Recipe) -> Iterator[Document]:
    inside = f"task IN ({','.join(str(task['id']) for task in tasks)})"
    wanted = [condition for name, condition in _ANNOTATION_FILTERS.items() if recipe.annotations.get(name)]
    some = f"({' OR '.join(wanted) or '1'})"
    if reviewed := recipe.annotations.get("reviewed"):
        some += f" AND {_REVIEWED}" if reviewed == "only" else f" AND NOT {_REVIEWED}"
    annotations = _by_task(call.store.find("annotation", f"{inside} AND {some}"))
    drafts = _by_task(call.store.find("draft", inside))
    predictions = _by_task(call.store.find("prediction", inside))
    counts = {key: numbers for key, *numbers in call.store.rows(f"{_COUNTED} WHERE {inside} GROUP BY task")}
    history = _history(call, tasks, recipe)
    for task in tasks:
        key = task["id"]
        if recipe.tasks.get("only_with_annotations") and not annotations[key]:
            continue
        yield {
            "id": key,
            "annotations": [_annotation(call, item, recipe) | history(item) for item in annotations[key]],
            **_file(call, task),
            "drafts": [show_draft(call, item) if recipe.whole("drafts") else item["id"] for item in drafts[key]],
            "predictions": [
                show_prediction(item) if recipe.whole("predictions") else item["id"] for item in predictions[key]
            ],
            **_rest(call, task, counts.get(key, (0, 0)), len(predictions[key])),
        }


def _history(call: Call, tasks: Sequence[Document], recipe: Recipe) -> Callable[[Document], dict[str, Any]]:
    """What each annotation has besides if its history is asked for; under which key Enterprise has it was not seen."""
    if not (call.enterprise and recipe.written.get("include_annotation_history")):
        return lambda _: {}
    inside = f"task_id IN ({','.join(str(task['id']) for task in tasks)})"
    entries = _by(call.store.find("annotation_history", inside), "annotation_id")
    return lambda annotation: {"history": [show_history(entry) for entry in entries[annotation["id"]]]}


def _by_task(items: Iterable[Document]) -> dict[int, list[Document]]:
    return _by(items, "task")


def _by(items: Iterable[Document], column: str) -> dict[int, list[Document]]:
    found: dict[int, list[Document]] = defaultdict(list)
    for item in items:
        found[item[column]].append(item)
    return found


def _file(call: Call, task: Document) -> dict[str, Any]:
    name = file_name(call, task)
    return {"file_upload": name} if name else {}


def _rest(call: Call, task: Document, counts: Sequence[int], predictions: int) -> dict[str, Any]:
    return {
        "data": named_data(call, task),
        **{name: task[name] for name in ("meta", "created_at", "updated_at")},
        "allow_skip": task.get("allow_skip", True),
        "inner_id": task["inner_id"],
        "total_annotations": counts[0],
        "cancelled_annotations": counts[1],
        "total_predictions": predictions,
        "comment_count": task.get("comment_count", 0),
        "unresolved_comment_count": task.get("unresolved_comment_count", 0),
        "last_comment_updated_at": task.get("last_comment_updated_at"),
        "project": task["project"],
        "updated_by": task["updated_by"],
        "comment_authors": task.get("comment_authors", []),
    }


def _annotation(call: Call, item: Document, recipe: Recipe) -> dict[str, Any]:
    by: Any = item["completed_by"]
    if recipe.whole("annotations__completed_by"):
        user = call.store.get("user", by or 0)
        by = {name: user[name] for name in ("id", "email", "first_name", "last_name")} if user else None
    return {
        "id": item["id"],
        "completed_by": by,
        **{name: item[name] for name in ("result", "was_cancelled", "ground_truth", "created_at", "updated_at")},
        **{name: item.get(name) for name in ("draft_created_at", "lead_time")},
        "prediction": item.get("prediction", {}),
        "result_count": 0 if item["imported"] else len({_id_of(region) for region in item["result"] or ()}),
        "unique_id": item.get("unique_id") or str(uuid.uuid5(_NAMESPACE, str(item["id"]))),
        **{name: item.get(name) for name in ("import_id", "last_action")},
        "bulk_created": item.get("bulk_created", False),
        **{name: item[name] for name in ("task", "project", "updated_by")},
        **{name: item.get(name) for name in ("parent_prediction", "parent_annotation", "last_created_by")},
    }


def _id_of(region: Any) -> Any:
    return region.get("id") if isinstance(region, dict) else None
