"""`/api/dm/views/`: the tabs of the Data Manager, free JSON with a title in it.

Facts: community-api 5, enterprise-api 7.8. What is lifted out of `data` and put back is in `data`. A view belongs to
whoever made it, and everybody who sees its project sees it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from lsops.sandbox.envelope import Crash, Missing
from lsops.sandbox.fields import Check, Field, anything, read
from lsops.sandbox.fieldtypes import check_key, number, several
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.projects import found as project_of
from lsops.sandbox.resources.projects.scope import chosen, narrowed, reference, visible
from lsops.sandbox.resources.views.data import filter_group, lifted, put_back
from lsops.sandbox.store import Column, Document, Table

_OBJECT = Field(anything, default={}, null=True)
_FIELDS = {
    "filter_group": Field(filter_group),
    "data": _OBJECT,
    "ordering": _OBJECT,
    "order": Field(number(), default=0, null=True),
    "selected_items": _OBJECT,
    "user": Field(reference(null=True), null=True),
    "project": Field(reference(), required=True),
}
_KEPT = ("data", "ordering", "order", "selected_items")
_ORDER = {
    "project": Field(number(), required=True),
    "ids": Field(several(number(), empty=False), required=True),
}
_UNLOCKED = {"is_locked": False, "locked_at": None, "locked_by": None}


def _listing(call: Call) -> Answer:
    found = call.store.find("view", *narrowed(call), order='"order", id')
    return Answer([_show(call, view) for view in found])


def _create(call: Call) -> Answer:
    """With filters the view goes to the end, whatever `order` says."""
    given = read(_FIELDS, lifted(call, call.body), partial=False, checks=_checks(call))
    view = {**{name: _FIELDS[name].default for name in _KEPT}, "filters": None, **given}
    if "filter_group" in view:
        order = call.store.count("view", "project = ?", (view["project"],))
        view = {**view, "filters": view.pop("filter_group"), "order": order}
    return Answer(_show(call, call.store.insert("view", {**view, "user": call.user["id"]})), 201)


def _detail(call: Call, view_id: str) -> Answer:
    return Answer(_show(call, _found(call, view_id)))


def _change(call: Call, view_id: str, *, partly: bool) -> Answer:
    """PATCH or PUT: `data` as a whole, filters and ordering if there are any, and nothing else."""
    view = _found(call, view_id)
    given = read(_FIELDS, lifted(call, call.body), partial=partly, checks=_checks(call))
    if "data" not in given:
        raise Crash("'data'")
    changed = {
        **view,
        "data": given["data"],
        "filters": given.get("filter_group", view["filters"]),
        "ordering": given["ordering"] or view["ordering"],
    }
    call.store.replace("view", changed)
    return Answer(_show(call, changed))


def _delete(call: Call, view_id: str) -> Answer:
    call.store.delete("view", _found(call, view_id)["id"])
    return Answer(status=204)


def _reorder(call: Call) -> Answer:
    """The position in `ids` becomes the order, the last one of an id that is there twice; strange ids are ignored."""
    given = read(_ORDER, call.body, partial=False)
    project = project_of(call, given["project"])["id"]
    places = {key: place for place, key in enumerate(given["ids"])}
    for view in call.store.find("view", "project = ?", (project,)):
        if view["id"] in places:
            call.store.replace("view", {**view, "order": places[view["id"]]})
    return Answer("", media="")


def _reset(call: Call) -> Answer:
    """Delete all views of a project, which the body names, or else the query."""
    body = call.body
    named = body if "project" in body else {"project": call.query.get("project")}
    project = read({"project": _FIELDS["project"]}, named, partial=False, checks=_checks(call))["project"]
    call.store.run("DELETE FROM view WHERE project = ?", (project,))
    return Answer(status=204)


def _checks(call: Call) -> dict[str, Check]:
    return {
        "project": partial(check_key, exists=partial(chosen, call)),
        "user": partial(check_key, exists=partial(call.store.get, "user")),
    }


def _found(call: Call, view_id: str) -> Document:
    """The view; the route takes any text, and what is no number is not found in other words."""
    try:
        view = call.found("view", int(view_id), "View")
    except ValueError:
        raise Missing("Not found.") from None
    if not visible(call, view["project"]):
        raise Missing.of("View")
    return view


def _show(call: Call, view: Document) -> dict[str, Any]:
    shown = {name: view[name] for name in ("id", "order", "user", "project")}
    return {**shown, "data": put_back(view), **(_UNLOCKED if call.enterprise else {})}


RESOURCE = Resource(
    "views",
    tables=(Table("view", (Column("project", references="project"), Column("order"))),),
    routes=(
        Route("/api/dm/views/", {"GET": _listing, "POST": _create}),
        Route("/api/dm/views/order/", {"POST": _reorder}),
        Route("/api/dm/views/reset/", {"DELETE": _reset}),
        Route.of_one("/api/dm/views/<view_id>/", _detail, _change, _delete),
    ),
)
