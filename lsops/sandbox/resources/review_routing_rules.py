"""`/api/projects/{id}/review-routing-rules/`: which tasks are reviewed, by their agreement (enterprise-api 7.7)."""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import choice, decimal, now, number
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.dimensions import of_project
from lsops.sandbox.resources.projects import found
from lsops.sandbox.store import Column, Document, Table

TABLE = "review_routing_rule"
_SHARE = decimal(digits=5, places=4)
_FIELDS = {
    "agreement_threshold": Field(_SHARE, null=True, required=True),
    "dimension": Field(number(), null=True, required=True),
    "operator": Field(choice("lt", "lte", "gt", "gte", "eq"), null=True, required=True),
    "sample_rate": Field(_SHARE, required=True),
}


def _listing(call: Call, project_id: int) -> Answer:
    return Answer([_show(row) for row in _rows(call, found(call, project_id))])


def _rows(call: Call, project: Document) -> list[Document]:
    return call.store.find(TABLE, "project = ?", (project["id"],), order="json_extract(doc, '$.order'), id")


def _replace(call: Call, project_id: int) -> Answer:
    """Rules with an id are updated, those without are made, those left out are deleted; their order is the list's."""
    project = found(call, project_id)
    rules = call.body.get("rules") if isinstance(call.body, dict) else None
    if not isinstance(rules, list):
        raise Invalid({"rules": ["This field is required."]})
    before = {row["id"]: row for row in _rows(call, project)}
    wanted = [_checked(call, project, rule, before) for rule in rules]
    kept = {rule["id"] for rule in rules if "id" in rule}
    for key in before.keys() - kept:
        call.store.delete(TABLE, key)
    for order, (rule, given) in enumerate(zip(rules, wanted, strict=True)):
        row = {"created_at": now(), **before.get(rule.get("id"), {}), **given}
        row |= {"project": project["id"], "order": order, "updated_at": now()}
        if "id" in row:
            call.store.replace(TABLE, row)
        else:
            call.store.insert(TABLE, row)
    return Answer([_show(row) for row in _rows(call, project)])


def _checked(call: Call, project: Document, rule: Any, before: dict[int, Document]) -> Document:
    given = read(_FIELDS, rule, partial=False)
    own = {row["id"] for row in of_project(call, project)}
    if given["dimension"] is not None and given["dimension"] not in own:
        raise Invalid({"dimension": [f'Invalid pk "{given["dimension"]}" - object does not exist.']})
    if "id" in rule and rule["id"] not in before:
        raise Invalid({"id": ["The project has no such rule."]})
    if given["operator"] is not None and given["agreement_threshold"] is None:
        raise Invalid({"agreement_threshold": ["This field is required when operator is set."]})
    return given


def _show(row: Document) -> Document:
    return {name: value for name, value in row.items() if name != "project"}


_PATH = "/api/projects/<int:project_id>/review-routing-rules/"
RESOURCE = Resource(
    "review_routing_rules",
    tables=(Table(TABLE, (Column("project", references="project"), Column("dimension", references="dimension"))),),
    routes=(
        Route(_PATH, {"GET": _listing}, enterprise=True),
        Route(f"{_PATH}bulk/", {"POST": _replace}, enterprise=True),
    ),
)
