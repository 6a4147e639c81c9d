"""`/api/workspaces/` of Enterprise (enterprise-api 6.3): read and written; members come elsewhere.

Other people's personal workspaces are not listed, as before 2026 (enterprise-api 1, point 19).
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, read
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
_VISIBLE = "organization = ? AND (is_personal = 0 OR created_by = ?)"
_ORDERS = ("id", "title")


def _listing(call: Call) -> Answer:
    """Every shared workspace and the caller's own; `is_personal` narrows it, `ordering` sorts it."""
    where, arguments = _VISIBLE, [call.organization, call.user["id"]]
    if "is_personal" in call.query:
        where += " AND is_personal = ?"
        arguments.append(call.query["is_personal"].lower() in ("true", "1"))
    found = call.store.find("workspace", where, arguments, order=_order(call.query.get("ordering", "")))
    return Answer([_show(call, workspace) for workspace in found])


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False)
    defaults = {name: field.default for name, field in _FIELDS.items()}
    ours = {"created_by": call.user["id"], "organization": call.organization}
    return Answer(_show(call, call.store.insert("workspace", {**defaults, **given, **ours})), 201)


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
    arguments = (call.organization, call.user["id"], workspace_id)
    found = call.store.find("workspace", f"{_VISIBLE} AND id = ?", arguments)
    if not found:
        raise Missing.of("Workspace")
    return found[0]


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
