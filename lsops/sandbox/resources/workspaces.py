"""`/api/workspaces/` of Enterprise (enterprise-api 6.3): read and written; members are in `workspace_members`.

Other people's personal workspaces are listed on request only (enterprise-api 1, point 19).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lsops.sandbox.access import ADMINISTRATORS, visible_workspaces
from lsops.sandbox.envelope import Conflict, Forbidden, Invalid, Missing, Refusal
from lsops.sandbox.fields import Field, defaults, read
from lsops.sandbox.fieldtypes import flag, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table
from lsops.sandbox.unique import ANSWERS, refuse_second

TITLE = "workspace-title"
"""Whether two workspaces may have one title."""
NOT_EMPTY = "workspace-delete"
"""With which status the delete of one that has projects is refused (enterprise-api 11, point 9)."""
_HAS_PROJECTS = "Workspace is not empty."
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
    made = {**defaults(_FIELDS), **given, **ours}
    refuse_second(call, TITLE, "workspace", made, ("title",))
    return Answer(_show(call, call.store.insert("workspace", made)), 201)


def _detail(call: Call, workspace_id: int) -> Answer:
    return Answer(_show(call, visible(call, workspace_id)))


def _change(call: Call, workspace_id: int) -> Answer:
    workspace = visible(call, workspace_id)
    given = read(_FIELDS, call.body, partial=True)
    changed = {**workspace, **given}
    refuse_second(call, TITLE, "workspace", changed, ("title",))
    call.store.replace("workspace", changed)
    return Answer(_show(call, changed))


def _remove(call: Call, workspace_id: int) -> Answer:
    """Only an empty one goes (enterprise-api 6.3)."""
    workspace = visible(call, workspace_id)
    if call.store.count("project", "workspace = ?", (workspace["id"],)):
        refusal = _REFUSALS[call.unknown(NOT_EMPTY)]
        raise refusal()
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


_REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    "400": partial(Invalid, [_HAS_PROJECTS]),
    "403": partial(Forbidden, _HAS_PROJECTS),
    "409": partial(Conflict, _HAS_PROJECTS),
}
RESOURCE = Resource(
    "workspaces",
    unknowns={TITLE: ANSWERS, NOT_EMPTY: tuple(_REFUSALS)},
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
