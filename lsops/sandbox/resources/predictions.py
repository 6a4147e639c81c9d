"""`/api/predictions/`: what models say about tasks; and the import of many for tasks that are there."""

from __future__ import annotations

from functools import partial
from typing import Any

from lsops.sandbox import task_completion
from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, anything, attempt, defaults, read
from lsops.sandbox.fieldtypes import check_key, now, number, real, text
from lsops.sandbox.labelconfig import Parsed
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.resources.projects.scope import seen, visible
from lsops.sandbox.resources.tasks.show import show_prediction
from lsops.sandbox.store import Column, Document, Table

UNDEFINED = "undefined"
_FIELDS = {
    "result": Field(anything, required=True),
    "score": Field(real, null=True),
    "model_version": Field(text(), default="", null=True),
    "cluster": Field(number(), null=True),
    "neighbors": Field(anything, null=True),
    "mislabeling": Field(real, default=0.0),
    "task": Field(anything, required=True),
    "project": Field(anything, null=True),
}
_VERSIONS = """
    SELECT model_version, COUNT(*), MAX(json_extract(doc, '$.created_at')) AS latest
    FROM prediction WHERE project = ? GROUP BY model_version ORDER BY latest DESC
"""
_NO_CONTROL: tuple[str, dict[str, Any]] = ("", {"type": "Choices", "to_name": [""]})
_FILTERS = {"task": "task", "project": "project", "task__project": "project"}


def _listing(call: Call) -> Answer:
    shown, arguments = seen(call)
    where, values = [shown], list[Any](arguments)
    for name, column in _FILTERS.items():
        if wanted := call.query.get(name):
            _check_filter(call, name, wanted)
            where.append(f"{column} = ?")
            values.append(int(wanted))
    found = call.store.find("prediction", " AND ".join(where), values)
    return Answer([show_prediction(item) for item in found])


def _check_filter(call: Call, name: str, wanted: str) -> None:
    """A filter is a choice among what there is."""
    table = "task" if name == "task" else "project"
    if not wanted.isdecimal() or call.store.get(table, int(wanted)) is None:
        raise Invalid({name: ["Select a valid choice. That choice is not one of the available choices."]})


def _create(call: Call) -> Answer:
    given = _read(call, partly=False)
    task = call.found("task", given["task"], "Task")
    project = call.found("project", task["project"], "Project")
    made = add_prediction(call, task, {**given, "result": results(given["result"], project)})
    task_completion.touch(call.store, made["task"], call.user["id"])
    return Answer(show_prediction(made), 201)


def add_prediction(call: Call, task: Document, given: Document) -> Document:
    """A new prediction for a task."""
    stamps = {"created_at": now(), "updated_at": now()}
    place = {"task": task["id"], "project": task["project"]}
    return call.store.insert("prediction", {**defaults(_FIELDS), **given, **stamps, **place})


def _detail(call: Call, prediction_id: int) -> Answer:
    return Answer(show_prediction(_found(call, prediction_id)))


def _change(call: Call, prediction_id: int, *, partly: bool) -> Answer:
    before = _found(call, prediction_id)
    changed = {**before, **_read(call, partly=partly), "updated_at": now()}
    call.store.replace("prediction", changed)
    task_completion.touch(call.store, changed["task"], call.user["id"])
    return Answer(show_prediction(changed))


def _delete(call: Call, prediction_id: int) -> Answer:
    call.store.delete("prediction", _found(call, prediction_id)["id"])
    return Answer(status=204)


def _import(call: Call, project_id: int) -> Answer:
    """Predictions for tasks of a project, all or none."""
    project = project_of(call, project_id)
    items = list(call.body)
    made = [add_prediction(call, *one) for item in items if (one := _imported(call, project, item))]
    return Answer({"created": len(made)}, 201)


def _imported(call: Call, project: Document, item: Document) -> tuple[Document, Document] | None:
    """The task and what is said of it; one that does not fit the label config is left out without a word."""
    task = call.store.get("task", item["task"]) if isinstance(item.get("task"), int) else None
    if task is None or task["project"] != project["id"]:
        raise Invalid([_no_task(item, project)])
    if not fits(item.get("result"), project["parsed_label_config"]):
        return None
    score, _ = attempt(real, item.get("score"))
    version = item.get("model_version", UNDEFINED)
    return task, {"result": item["result"], "score": score, "model_version": version}


def _no_task(item: Document, project: Document) -> str:
    shown = f"{project['title']} (id={project['id']})"
    return (
        f'{item} contains invalid "task" field: corresponding task ID couldn\'t be retrieved from project {shown} tasks'
    )


def _versions(call: Call, project_id: int) -> Answer:
    """How many predictions there are of each model version; at length also since when."""
    project_of(call, project_id)
    rows = call.store.rows(_VERSIONS, (project_id,))
    if call.query.get("extended", "").lower() not in ("true", "1"):
        return Answer({version or "": count for version, count, _ in rows})
    static = [{"model_version": version, "count": count, "latest": latest} for version, count, latest in rows]
    return Answer({"static": static, "live": None})


def fits(result: Any, controls: Parsed) -> bool:
    """Whether a result is a list of regions, each of a control of the config and with labels that it has."""
    return isinstance(result, list) and all(isinstance(one, dict) and _is_region(one, controls) for one in result)


def _is_region(region: Document, controls: Parsed) -> bool:
    control = controls.get(region.get("from_name", ""))
    if control is None or region.get("to_name") not in control["to_name"]:
        return False
    kind, value = str(region.get("type", "")), region.get("value")
    if kind != control["type"].lower() or not isinstance(value, dict):
        return False
    labels = value.get(kind, [])
    known = control["labels"]
    return (
        not known or not isinstance(labels, list) or all(label in known for label in labels if isinstance(label, str))
    )


def results(given: Any, project: Document) -> Any:
    """A result as it is kept: a list as it is, and a single value as that of the project's first control."""
    if isinstance(given, list):
        return given
    name, control = next(iter(project["parsed_label_config"].items()), _NO_CONTROL)
    kind = control["type"].lower()
    value = given if isinstance(given, dict) else {kind: [str(given)]}
    return [{"from_name": name, "to_name": control["to_name"][0], "type": kind, "value": value}]


def _read(call: Call, *, partly: bool) -> Document:
    def in_table(table: str, key: Any) -> Any:
        return check_key(key, exists=lambda number: call.store.get(table, number))

    checks = {name: partial(in_table, name) for name in ("task", "project")}
    return read(_FIELDS, call.body, partial=partly, checks=checks)


def _found(call: Call, prediction_id: int) -> Document:
    prediction = call.found("prediction", prediction_id, "Prediction")
    if not visible(call, prediction["project"]):
        raise Missing.of("Prediction")
    return prediction


RESOURCE = Resource(
    "predictions",
    tables=(
        Table(
            "prediction",
            (
                Column("project", references="project", alike=10_000),
                Column("task", references="task"),
                Column("model_version", alike=10_000),
            ),
        ),
    ),
    routes=(
        Route("/api/predictions/", {"GET": _listing, "POST": _create}),
        Route.of_one("/api/predictions/<int:prediction_id>/", _detail, _change, _delete),
        Route("/api/projects/<int:project_id>/import/predictions", {"POST": _import}),
        Route("/api/projects/<int:project_id>/model-versions/", {"GET": _versions}),
    ),
)
