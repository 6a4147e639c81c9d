"""`/api/workspaces/` of Enterprise (enterprise-api 6.3): read and written; members are in `workspace_members`.

Other people's personal workspaces are listed on request only (enterprise-api 1, point 19).
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.access import ADMINISTRATORS, visible_workspaces
from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, defaults, read
from lsops.sandbox.fieldtypes import flag, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table

_FIELDS = {
    "title": Field(text(longest=1000, blank=False), required=True),
    "description": Field(text(), default="", null=True),
    "color": Field(text(longest=16), default="#FFFFFF", null=True),
    "is_personal": Field(flag(), default=False),
    "is_archived": Field(flag(), default=False),
}
_ORDERS = ("id", "title")
_TRUE = ("true", "1")


def _listing(call: Call) -> Answer:
    """Those that the caller sees; `is_personal` and `is_archived` narrow it, `ordering` sorts it."""
    where, arguments = _visible(call)
    for name in ("is_personal", "is_archived"):
        if name in call.query:
            where += f" AND json_extract(doc, '$.{name}') = ?"
            arguments = (*arguments, call.query[name].lower() in _TRUE)
    found = call.store.find("workspace", where, arguments, order=_order(call.query.get("ordering", "")))
    return Answer([_show(call, workspace) for workspace in found])


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False)
    ours = {"created_by": call.user["id"], "organization": call.organization}
    return Answer(_show(call, call.store.insert("workspace", {**defaults(_FIELDS), **given, **ours})), 201)


def _detail(call: Call, workspace_id: int) -> Answer:
    return Answer(_show(call, visible(call, workspace_id)))


def _change(call: Call, workspace_id: int) -> Answer:
    workspace = visible(call, workspace_id)
    given = read(_FIELDS, call.body, partial=True)
    changed = {**workspace, **given}
    call.store.replace("workspace", changed)
    return Answer(_show(call, changed))


def _remove(call: Call, workspace_id: int) -> Answer:
    """Only an empty one goes (enterprise-api 6.3); the status of the refusal is a guess (11, point 9)."""
    workspace = visible(call, workspace_id)
    if call.store.count("project", "workspace = ?", (workspace["id"],)):
        raise Invalid({"non_field_errors": ["Workspace is not empty."]})
    call.store.delete("workspace", workspace["id"])
    return Answer(None, 204)


def visible(call: Call, workspace_id: int) -> Document:
    """The workspace, or 404 for one that the caller may not see."""
    where, arguments = _visible(call)
    found = call.store.find("workspace", f"{where} AND id = ?", (*arguments, workspace_id))
    if not found:
        raise Missing.of("Workspace")
    return found[0]


def _visible(call: Call) -> tuple[str, tuple[int | None, ...]]:
    """An administrator's `include_all_workspaces` shows other people's personal workspaces, too."""
    everything = call.query.get("include_all_workspaces", "").lower() in _TRUE and call.role in ADMINISTRATORS
    where, arguments = ("1", ()) if everything else visible_workspaces(call)
    return f"organization = ? AND {where}", (call.organization, *arguments)


def personal(call: Call) -> Document:
    """Where the caller's projects go that name no workspace."""
    return call.store.find("workspace", "is_personal = 1 AND created_by = ?", (call.user["id"],))[0]


def _order(wish: str) -> str:
    name = wish.removeprefix("-")
    return f"{name} {'DESC' if wish.startswith('-') else 'ASC'}" if name in _ORDERS else "id"


def _show(call: Call, workspace: Document) -> dict[str, Any]:
    shown = {name: workspace[name] for name in ("id", *_FIELDS, "created_by")}
    projects = call.store.count("project", "workspace = ?", (workspace["id"],))
    return {
        **shown,
        "created_by_user": None,
        "membership": None,
        "projects_count": projects,
    }


RESOURCE = Resource(
    "workspaces",
    tables=(
        Table(
            "workspace",
            (
                Column("organization", references="organization"),
                Column("created_by"),
                Column("is_personal"),
                Column("title"),
            ),
        ),
    ),
    routes=(
        Route("/api/workspaces/", {"GET": _listing, "POST": _create}, enterprise=True),
        Route(
            "/api/workspaces/<int:workspace_id>/",
            {"GET": _detail, "PATCH": _change, "DELETE": _remove},
            enterprise=True,
        ),
    ),
)
