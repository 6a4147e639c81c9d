"""`/api/labels/`: labels that a project has beside those of its config, such as those of a dynamic taxonomy.

Facts: community-api 7, and measured. A label belongs to the organisation and is linked to projects; its title exists
once. To POST one that is there links it, and says what was sent instead of what was kept.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Crash, Errors, Invalid
from lsops.sandbox.fields import Field, anything, read
from lsops.sandbox.fieldtypes import check_key, flag, now, text
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.label_links import add_link, links_of, show_link
from lsops.sandbox.store import Column, Document, Table

_SEVERAL_PROJECTS = "Creating labels for different projects in one request not allowed"
_TWICE = "UNIQUE constraint failed: labels_manager_label.title, labels_manager_label.organization_id"
_TAKEN = "The fields title, organization must make a unique set."
_PAGES = Paging(100, fixed=True)
_OWN = {
    "value": Field(anything, required=True),
    "title": Field(text(longest=2048, blank=False), required=True),
    "description": Field(text(), null=True),
    "approved": Field(flag(), default=False),
    "approved_by": Field(anything, null=True),
}
_NEW = {
    "project": Field(anything, required=True),
    "from_name": Field(text(blank=False), required=True),
    **_OWN,
}
_WHOLE = {
    **_OWN,
    "created_by": Field(anything, required=True),
    "organization": Field(anything, required=True),
}
_TABLES = {"project": "project", "approved_by": "user", "created_by": "user", "organization": "organization"}


def _listing(call: Call) -> Answer:
    where, given = "organization = ?", (call.organization,)
    count = call.store.count("label", where, given)

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find("label", where, given, limit=f"LIMIT {limit} OFFSET {offset}")
        return [_show(call, label) for label in found]

    return Answer(page(call, _PAGES, count=count, rows=rows))


def _create(call: Call) -> Answer:
    """Several labels of one project at once."""
    body = call.body
    if not isinstance(body, list):
        raise Invalid([f'Expected a list of items but got type "{type(body).__name__}".'])
    items = _items(call, body)
    if len({item["project"] for item in items}) > 1:
        raise Invalid([_SEVERAL_PROJECTS])
    if not items:
        raise Crash("list index out of range")
    before = {item["title"]: _titled(call, item["title"]) for item in items}
    fresh = [item["title"] for item in items if before[item["title"]] is None]
    if len(fresh) > len(set(fresh)):
        raise Crash(_TWICE)
    return Answer([_linked(call, item, before[item["title"]]) for item in items], 201)


def _items(call: Call, body: list[Any]) -> list[Document]:
    """The items as they are stored; what is wrong with each stands at its place."""
    tried = [_item(call, one) for one in body]
    wrong = [errors for _, errors in tried]
    if any(wrong):
        raise Invalid({"non_field_errors": wrong})
    return [item for item, _ in tried]


def _item(call: Call, given: Any) -> tuple[Document, Errors]:
    """An item as it is stored, and what is wrong with it: one of them is empty."""
    try:
        return _read(call, _NEW, given, partial=False), {}
    except Invalid as invalid:
        return {}, invalid.errors


def _read(call: Call, fields: dict[str, Field], body: Any, *, partial: bool) -> Document:
    def check(table: str) -> Any:
        return lambda key: check_key(key, exists=lambda number: call.store.get(table, number))

    return read(fields, body, partial=partial, checks={name: check(table) for name, table in _TABLES.items()})


def _linked(call: Call, item: Document, label: Document | None) -> dict[str, Any]:
    """A label, made if there is none of its title, and linked if it is not yet."""
    if label is None:
        ours = {"organization": call.organization, "created_by": call.user["id"]}
        usual = {"description": None, "approved": False, "approved_by": None, "created_at": now(), "updated_at": now()}
        own = {name: item[name] for name in _OWN if name in item}
        label = call.store.insert("label", {**usual, **own, **ours})
    add_link(call, item["project"], label["id"], item["from_name"])
    shown = {name: value for name, value in _show(call, label).items() if name != "links"}
    return {**shown, "project": item["project"], "from_name": item["from_name"]}


def _titled(call: Call, title: str) -> Document | None:
    found = call.store.find("label", "organization = ? AND title = ?", (call.organization, title))
    return next(iter(found), None)


def _detail(call: Call, label_id: int) -> Answer:
    return Answer(_show(call, _found(call, label_id)))


def _change(call: Call, label_id: int, *, partly: bool) -> Answer:
    label = _found(call, label_id)
    given = _read(call, _WHOLE, call.body, partial=partly)
    other = _titled(call, {**label, **given}["title"])
    if other and other["id"] != label["id"]:
        raise Invalid([_TAKEN])
    changed = {**label, **given, "updated_at": now()}
    call.store.replace("label", changed)
    return Answer(_show(call, changed))


def _remove(call: Call, label_id: int) -> Answer:
    """Its links go with it."""
    call.store.delete("label", _found(call, label_id)["id"])
    return Answer(status=204)


def _found(call: Call, label_id: int) -> Document:
    return call.found("label", label_id, "Label")


def _show(call: Call, label: Document) -> dict[str, Any]:
    links = links_of(call, label["id"])
    expanded = "links" in call.query.get("expand", "").split(",")
    return {
        **label,
        "links": [show_link(link) if expanded else link["id"] for link in links],
        "projects": [link["project"] for link in links],
    }


def _rename(call: Call) -> Answer:
    """Put one value for another in the annotations of a project, or of all: whole values of regions are compared."""
    fields = {**dict.fromkeys(("old_label", "new_label"), Field(anything, required=True)), "project": Field(anything)}
    given = _read(call, fields, call.body, partial=False)
    project = given.get("project")
    where, values = ("project = ?", (project,)) if project else ("1", ())
    changed = 0
    for annotation in call.store.find("annotation", where, values):
        regions = [region for region in annotation["result"] or () if _has(region, given["old_label"])]
        for region in regions:
            region["value"][region["type"]] = given["new_label"]
        if regions:
            call.store.replace("annotation", annotation)
        changed += len(regions)
    return Answer({"annotations_updated": changed})


def _has(region: Document, value: Any) -> bool:
    found = region["value"].get(region["type"]) if region.get("type") is not None else None
    return found is not None and found == value


RESOURCE = Resource(
    "labels",
    tables=(Table("label", (Column("organization", references="organization"), Column("title"))),),
    routes=(
        Route("/api/labels/", {"GET": _listing, "POST": _create}),
        Route("/api/labels/bulk", {"POST": _rename}),
        Route.of_one("/api/labels/<int:label_id>/", _detail, _change, _remove),
    ),
)
