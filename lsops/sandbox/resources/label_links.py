"""`/api/label_links/`: which labels of the organisation a project has, and for which control (community-api 7)."""

from __future__ import annotations

import json
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Field, anything, read
from lsops.sandbox.fieldtypes import check_key, text
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table

_PAGES = Paging(100, fixed=True)
_FIELDS = {
    "from_name": Field(text(longest=2048, blank=False), required=True),
    "project": Field(anything, required=True),
    "label": Field(anything, required=True),
}
_TAKEN = "The fields project, label must make a unique set."
_NO_CHOICE = "Select a valid choice. That choice is not one of the available choices."
_HOLDS = "instr(lower(spaced_json(json_extract(doc, '$.result'))), lower(?)) > 0"


def _listing(call: Call) -> Answer:
    where, given = _wanted(call)
    count = call.store.count("label_link", where, given)

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find("label_link", where, given, limit=f"LIMIT {limit} OFFSET {offset}")
        return [_show(call, link) for link in found]

    return Answer(page(call, _PAGES, count=count, rows=rows))


def _wanted(call: Call) -> tuple[str, tuple[Any, ...]]:
    project = call.query.get("project")
    where, given = 'label IN (SELECT id FROM "label" WHERE organization = ?)', (call.organization,)
    if not project:
        return where, given
    if not project.isdecimal() or call.store.get("project", int(project)) is None:
        raise Invalid({"project": [_NO_CHOICE]})
    return f"{where} AND project = ?", (*given, int(project))


def _create(call: Call) -> Answer:
    given = _read(call, partial=False)
    _check_unique(call, given, None)
    return Answer(show_link(call.store.insert("label_link", given)), 201)


def _read(call: Call, *, partial: bool) -> Document:
    def check(table: str) -> Any:
        return lambda key: check_key(key, exists=lambda number: call.store.get(table, number))

    return read(_FIELDS, call.body, partial=partial, checks={name: check(name) for name in ("project", "label")})


def _check_unique(call: Call, link: Document, own: int | None) -> None:
    others = call.store.find("label_link", "project = ? AND label = ?", (link["project"], link["label"]))
    if any(other["id"] != own for other in others):
        raise Invalid([_TAKEN])


def _detail(call: Call, link_id: int) -> Answer:
    return Answer(_show(call, _found(call, link_id)))


def _change(call: Call, link_id: int, *, partly: bool) -> Answer:
    link = _found(call, link_id)
    changed = {**link, **_read(call, partial=partly)}
    _check_unique(call, changed, link["id"])
    call.store.replace("label_link", changed)
    return Answer(_show(call, changed))


def _remove(call: Call, link_id: int) -> Answer:
    """The label stays, also without any link."""
    call.store.delete("label_link", _found(call, link_id)["id"])
    return Answer(status=204)


def _found(call: Call, link_id: int) -> Document:
    return call.found("label_link", link_id, "LabelLink")


def _show(call: Call, link: Document) -> dict[str, Any]:
    """A link as GET and PATCH show it: with the number of annotations that hold the label's value as text."""
    label = call.found("label", link["label"], "Label")
    value = json.dumps(label["value"])
    count = call.store.count("annotation", f"project = ? AND {_HOLDS}", (link["project"], value))
    expanded = {"label": label} if "label" in call.query.get("expand", "").split(",") else {}
    return {**show_link(link), "annotations_count": count, **expanded}


def show_link(link: Document) -> dict[str, Any]:
    """A link as a POST and an expanded label show it."""
    return {name: link[name] for name in ("id", *_FIELDS)}


def links_of(call: Call, label_id: int) -> list[Document]:
    """The links of a label."""
    return call.store.find("label_link", "label = ?", (label_id,))


def add_link(call: Call, project_id: int, label_id: int, from_name: str) -> None:
    """Link a label to a project, unless it is: then its control stays what it was."""
    if not call.store.count("label_link", "project = ? AND label = ?", (project_id, label_id)):
        call.store.insert("label_link", {"project": project_id, "label": label_id, "from_name": from_name})


RESOURCE = Resource(
    "label_links",
    tables=(Table("label_link", (Column("project", references="project"), Column("label", references="label"))),),
    routes=(
        Route("/api/label_links/", {"GET": _listing, "POST": _create}),
        Route.of_one("/api/label_links/<int:link_id>/", _detail, _change, _remove),
    ),
)
