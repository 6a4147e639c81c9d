"""`/api/projects/{id}/dimensions/`: what is compared for agreement (enterprise-api 7.7).

One is made for each control tag of the label config and goes with it; of those only the metric and whether they count
can be set, read strictly: anything else that differs is refused. Open: when they are made, what they are called, and
what a PATCH does to keys that it leaves out.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Bad, Field, defaults, read
from lsops.sandbox.fieldtypes import flag, now, number, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.metricparam import NAMES as METRIC_NAMES
from lsops.sandbox.resources.projects import found
from lsops.sandbox.store import Column, Document, Table

TABLE = "dimension"
_MADE, _NAMES, _PATCH = "dimensions-made", "dimension-names", "dimension-patch"
_ADJUSTABLE = ("metric_type", "metric_params", "is_active")
_LOOKS = 2
"""How often somebody looks until dimensions that are made later are there."""
_METRICS = {"exact_match": {}, "iou": {"iou_threshold": 0.5}}


def _map(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Bad(f'Expected a dictionary of items but got type "{type(value).__name__}".')
    return value


_FIELDS = {
    "name": Field(text(shortest=1, longest=255, blank=False), required=True),
    "description": Field(text(), default=""),
    "extraction_method": Field(text(shortest=1, longest=32, blank=False), default="control_tag"),
    "extraction_method_params": Field(_map, default={}),
    "metric_type": Field(text(shortest=1, longest=32, blank=False), default="exact_match"),
    "metric_params": Field(_map, default={}),
    "is_active": Field(flag(), default=True),
    "order": Field(number(least=0, most=2147483647), default=0),
}


def of_project(call: Call, project: Document) -> list[Document]:
    """The dimensions of a project, those of its label config included, unless they are made later."""
    tags = {name: tag["type"] for name, tag in (project["parsed_label_config"] or {}).items()}
    held = {row["control_tag"]: row["id"] for row in _rows(call, project)}
    for tag in held.keys() - tags.keys() - {None}:
        call.store.delete(TABLE, held[tag])
    if not _is_too_early(call, project):
        for order, (tag, kind) in enumerate(tags.items()):
            if tag not in held:
                name = tag if call.unknown(_NAMES) == "as the control tag" else f"{tag} ({kind})"
                _make(call, project, name, tag, order)
    return _rows(call, project)


def _rows(call: Call, project: Document) -> list[Document]:
    return call.store.find(TABLE, "project = ?", (project["id"],), order="json_extract(doc, '$.order'), id")


def _is_too_early(call: Call, project: Document) -> bool:
    """Whether the server has not come to it yet, which some looks at the project mend."""
    if call.unknown(_MADE) == "at once":
        return False
    name = f"dimensions of {project['id']}"
    looks = int(call.store.note(name) or 0) + 1
    call.store.set_note(name, str(looks))
    return looks <= _LOOKS


def _make(call: Call, project: Document, name: str, tag: str, order: int) -> None:
    made = {**defaults(_FIELDS), "name": name, "control_tag": tag, "order": order}
    _insert(call, project, made, is_own=False)


def _insert(call: Call, project: Document, given: Document, *, is_own: bool) -> Document:
    stamps = {"project": project["id"], "created_at": now(), "updated_at": now(), "created_by": call.user["id"]}
    return call.store.insert(TABLE, {"control_tag": None, **given, **stamps, "is_user_defined": is_own})


def _check_metric(call: Call, given: Document) -> None:
    name = given.get("metric_type")
    if name is not None and name not in _METRICS and call.unknown(METRIC_NAMES) == "checked":
        raise Invalid({"metric_type": [f'"{name}" is not a valid choice.']})


def _listing(call: Call, project_id: int) -> Answer:
    return Answer([_show(row, listed=True) for row in of_project(call, found(call, project_id))])


def _create(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    given = {**defaults(_FIELDS), **read(_FIELDS, call.body, partial=False)}
    _check_metric(call, given)
    _refuse_second(call, project, given["name"])
    return Answer(_show(_insert(call, project, given, is_own=True)), 201)


def _refuse_second(call: Call, project: Document, name: str, but: int = 0) -> None:
    if any(row["name"] == name and row["id"] != but for row in of_project(call, project)):
        raise Invalid({"name": ["A dimension of this name exists in the project."]})


def _detail(call: Call, project_id: int, number_: int) -> Answer:
    return Answer(_show(_found(call, project_id, number_)))


def _change(call: Call, project_id: int, number_: int, *, partly: bool) -> Answer:
    row = _found(call, project_id, number_)
    given = read(_FIELDS, call.body, partial=partly)
    _check_metric(call, given)
    if row["control_tag"] is not None:
        fixed = {name for name in given if name not in _ADJUSTABLE and given[name] != row[name]}
        if fixed:
            raise Invalid({name: ["The label config decides this."] for name in sorted(fixed)})
    _refuse_second(call, found(call, project_id), {**row, **given}["name"], number_)
    kept = {} if partly and call.unknown(_PATCH) == "kept" else _reset(row)
    changed = {**row, **kept, **given, "updated_at": now()}
    call.store.replace(TABLE, changed)
    return Answer(_show(changed))


def _reset(row: Document) -> Document:
    names = _FIELDS.keys() - {"name"} if row["control_tag"] is None else set(_ADJUSTABLE)
    return {name: value for name, value in defaults(_FIELDS).items() if name in names}


def _delete(call: Call, project_id: int, number_: int) -> Answer:
    row = _found(call, project_id, number_)
    if row["control_tag"] is not None:
        raise Invalid(["A dimension of the label config cannot be deleted."])
    call.store.delete(TABLE, row["id"])
    return Answer(status=204)


def _found(call: Call, project_id: int, number_: int) -> Document:
    project = found(call, project_id)
    row = next((row for row in of_project(call, project) if row["id"] == number_), None)
    if row is None:
        raise Missing.of("Dimension")
    return row


def _show(row: Document, *, listed: bool = False) -> Document:
    hidden = {"created_by"} if listed else set()
    shown = {name: value for name, value in row.items() if name not in hidden}
    return {**shown, "allowed_metrics_with_params": _METRICS, "is_categorical": True, "values_enum": None}


_PATH = "/api/projects/<int:project_id>/dimensions/"
_ONE = Route.of_one(f"{_PATH}<int:number_>/", _detail, _change, _delete)
RESOURCE = Resource(
    "dimensions",
    tables=(Table(TABLE, (Column("project", references="project"),)),),
    routes=(
        Route(_PATH, {"GET": _listing, "POST": _create}, enterprise=True),
        Route(_ONE.path, _ONE.methods, enterprise=True),
    ),
    unknowns={
        _MADE: ("at once", "later"),
        _NAMES: ("as the control tag", "with its type"),
        _PATCH: ("kept", "reset"),
    },
)
