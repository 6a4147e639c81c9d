"""`/api/projects/{id}/metricparam/`: by which metric a project's annotations are compared (enterprise-api 7.5).

The threshold and the number of further annotators are the project's own, which it says as a fraction and this in
percent. Open: whether the server completes the parameters, and whether it takes any name of a metric.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad, Field, read
from lsops.sandbox.fieldtypes import number, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found
from lsops.sandbox.store import Column, Document, Table

NAMES = "metric-names"
_PARAMS, _PARTLY = "metric-params", "metric-partly"
_UNWRITTEN = {"metric_name": None, "metric_params": None}
_COMPLETED = {"iou_threshold": 0.5}
_KNOWN = ("exact_match", "iou", "edit_distance")


def _map(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Bad(f'Expected a dictionary of items but got type "{type(value).__name__}".')
    return value


_FIELDS = {
    "metric_name": Field(text(shortest=1, blank=False)),
    "additional_params": Field(_map, null=True),
    "agreement_threshold": Field(number(least=0, most=100)),
    "max_additional_annotators_assignable": Field(number(least=0)),
}


def _detail(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    return Answer(_show(project, _row(call, project)))


def _update(call: Call, project_id: int) -> Answer:
    project = found(call, project_id)
    given = read(_FIELDS, call.body, partial=True)
    if not given:
        return Answer(status=204)
    if call.unknown(NAMES) == "checked" and given.get("metric_name") not in (None, *_KNOWN):
        raise Invalid({"metric_name": [f'"{given["metric_name"]}" is not a valid choice.']})
    row = _written(call, _row(call, project), given)
    project = {**project, **_of_project(given)}
    call.store.replace("project", project)
    call.store.replace("metricparam", row)
    return Answer(_show(project, row))


def _written(call: Call, row: Document, given: Document) -> Document:
    """The row with what a body sets; what becomes of the key that it leaves out is open."""
    after = dict(row) if call.unknown(_PARTLY) == "kept" else {**row, **_UNWRITTEN}
    if "metric_name" in given:
        after["metric_name"] = given["metric_name"]
    if "additional_params" in given:
        params = given["additional_params"]
        is_completed = params is not None and call.unknown(_PARAMS) == "completed"
        after["metric_params"] = {**_COMPLETED, **params} if is_completed else params
    return after


def _of_project(given: Document) -> Document:
    own: Document = {}
    if "agreement_threshold" in given:
        own["agreement_threshold"] = f"{Decimal(given['agreement_threshold']) / 100:.2f}"
    if "max_additional_annotators_assignable" in given:
        own["max_additional_annotators_assignable"] = given["max_additional_annotators_assignable"]
    return own


def _row(call: Call, project: Document) -> Document:
    rows = call.store.find("metricparam", "project = ?", (project["id"],))
    return rows[0] if rows else call.store.insert("metricparam", {"project": project["id"], **_UNWRITTEN})


def _show(project: Document, row: Document) -> Document:
    share = project.get("agreement_threshold")
    return {
        "metric_name": row["metric_name"],
        "metric_params": row["metric_params"],
        "agreement_threshold": None if share is None else int(Decimal(str(share)) * 100),
        "max_additional_annotators_assignable": project.get("max_additional_annotators_assignable"),
        "allowed": True,
    }


RESOURCE = Resource(
    "metricparam",
    tables=(Table("metricparam", (Column("project", references="project"),)),),
    routes=(Route("/api/projects/<int:project_id>/metricparam/", {"GET": _detail, "POST": _update}, enterprise=True),),
    unknowns={
        _PARAMS: ("as sent", "completed"),
        NAMES: ("taken", "checked"),
        _PARTLY: ("kept", "reset"),
    },
)
