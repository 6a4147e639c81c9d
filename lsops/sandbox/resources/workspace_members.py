"""`/api/workspaces/{id}/memberships/`: who works in a workspace, and so in all its projects (enterprise-api 6.3).

Owners and administrators need no membership, and may have one. Unknown, and read strictly: adding
somebody twice is refused, and so is removing somebody who is no member; a bulk call keeps who is
one already and counts the others.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox import bulk_selection
from lsops.sandbox.envelope import Forbidden, Invalid, Missing
from lsops.sandbox.member_pages import cut
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.users import show_users
from lsops.sandbox.resources.workspaces import visible
from lsops.sandbox.store import Column, Document, Table

_PAGES = Paging(size=30, most=100)
_TWICE = "The fields user, workspace must make a unique set."


def _listing(call: Call, workspace_id: int) -> Answer:
    users = _users(call, visible(call, workspace_id)["id"])
    return Answer([{"user": user, "workspace": workspace_id} for user in show_users(call, users)])


def _paginated(call: Call, workspace_id: int) -> Answer:
    """Rows are users."""
    search = call.query.get("search", "").lower()
    wanted = bulk_selection.in_query(call, "ids")
    users = [
        user
        for user in _users(call, visible(call, workspace_id)["id"])
        if (not wanted or user["id"] in wanted)
        and search in f"{user['email']} {user['first_name']} {user['last_name']}".lower()
    ]

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        return show_users(call, users[offset : offset + limit])

    return Answer(page(call, cut(call, _PAGES), count=len(users), rows=rows))


def _add(call: Call, workspace_id: int) -> Answer:
    workspace = _managed(call, workspace_id)
    user = bulk_selection.one_in_body(call, "user")
    if user in _members(call, workspace["id"]):
        raise Invalid([_TWICE])
    call.store.insert("workspace_member", {"workspace": workspace["id"], "user": user})
    return Answer({"user": user, "workspace": workspace["id"]})


def _remove(call: Call, workspace_id: int) -> Answer:
    workspace = _managed(call, workspace_id)
    user = bulk_selection.one_to_remove(call, ("user_id", "user"))
    if user not in _members(call, workspace["id"]):
        raise Missing.of("WorkspaceMember")
    _drop(call, workspace["id"], user)
    return Answer(status=204)


def _add_many(call: Call, workspace_id: int) -> Answer:
    workspace = _managed(call, workspace_id)
    everybody = bulk_selection.people(call, call.query.get("search", ""))
    known = _members(call, workspace["id"])
    new = [user for user in bulk_selection.in_body(call).of(everybody) if user not in known]
    for user in new:
        call.store.insert("workspace_member", {"workspace": workspace["id"], "user": user})
    return Answer({"assignments": len(new)})


def _remove_many(call: Call, workspace_id: int) -> Answer:
    workspace = _managed(call, workspace_id)
    gone = bulk_selection.to_remove(call).of(sorted(_members(call, workspace["id"])))
    for user in gone:
        _drop(call, workspace["id"], user)
    return Answer({"unassignments": len(gone)})


def _managed(call: Call, workspace_id: int) -> Document:
    """The workspace, unless an identity provider says who is in it."""
    workspace = visible(call, workspace_id)
    organization = call.own_organization("id")
    if not organization.get("manual_workspace_management", True):
        raise Forbidden
    return workspace


def _members(call: Call, workspace: int) -> set[int]:
    return {
        user for (user,) in call.store.rows('SELECT "user" FROM workspace_member WHERE workspace = ?', (workspace,))
    }


def _users(call: Call, workspace: int) -> list[Document]:
    return call.store.find("user", 'id IN (SELECT "user" FROM workspace_member WHERE workspace = ?)', (workspace,))


def _drop(call: Call, workspace: int, user: int) -> None:
    call.store.run('DELETE FROM workspace_member WHERE workspace = ? AND "user" = ?', (workspace, user))


_PATH = "/api/workspaces/<int:workspace_id>/memberships/"
RESOURCE = Resource(
    "workspace_members",
    tables=(
        Table("workspace_member", (Column("workspace", references="workspace"), Column("user", references="user"))),
    ),
    routes=(
        Route(_PATH, {"GET": _listing, "POST": _add, "DELETE": _remove}, enterprise=True),
        Route(f"{_PATH}bulk/", {"POST": _add_many, "DELETE": _remove_many}, enterprise=True),
        Route(f"{_PATH}paginated/", {"GET": _paginated}, enterprise=True),
    ),
)
