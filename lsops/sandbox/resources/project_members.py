"""`/api/projects/{id}/members/`: who works in a project (enterprise-api 7.2).

An explicit member was added to the project; an implicit one is an owner, an administrator, or a
member of the project's workspace. Only explicit ones can be removed. Unknown, and read strictly:
adding somebody twice is refused, and so is removing somebody who is no explicit member; a bulk call
keeps who is a member already. One wrong role in its `roles` refuses the whole call.
"""

# ruff: noqa: S608  # conditions are this module's own, a client's values are bound

from __future__ import annotations

import json
from typing import Any

from lsops.sandbox import bulk_selection
from lsops.sandbox.envelope import Forbidden, Invalid, Missing
from lsops.sandbox.fields import Bad
from lsops.sandbox.member_pages import cut
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.project_roles import check_role_of, role_row
from lsops.sandbox.resources.projects import found
from lsops.sandbox.resources.users import meta_of, show
from lsops.sandbox.store import Column, Document, Table

MANAGED = "project-members"
"""Whether people may be added and removed: an environment switch, which nothing shows (enterprise-api 12).

With which status it refuses is not known.
"""
ROLES = "project-bulk-roles"
"""What `roles` of a bulk call do to somebody who has a role there: set it, only raise it, or nothing."""
REMOVED = "project-role-removed"
"""What becomes of the role of somebody who is removed: it waits for them to come back, or goes, too."""
_PAGES = Paging(size=30, most=100)
_TWICE = "The fields project, user must make a unique set."
_ORDERS = ("email", "first_name", "last_name", "username", "last_activity", "date_joined")
_EXPLICIT = 'SELECT "user", 0 AS implicit FROM project_member WHERE project = :project'
_IMPLICIT = """
    UNION ALL SELECT "user", 1 FROM workspace_member WHERE workspace = :workspace
    UNION ALL SELECT "user", 1 FROM membership
        WHERE organization = :organization AND json_extract(doc, '$.role') IN ('OW', 'AD')
"""
_LISTED = """
    WITH listed(person, implicit) AS (SELECT "user", MIN(implicit) FROM ({sources}) GROUP BY "user"),
    shown AS (
        SELECT u.id AS id, u.doc AS doc, m.id AS membership, m.doc AS membership_doc, listed.implicit AS implicit,
            json_extract(m.doc, '$.role') AS organization_role, json_extract(r.doc, '$.role') AS project_role
        FROM listed CROSS JOIN membership m ON m."user" = listed.person CROSS JOIN "user" u ON u.id = listed.person
        LEFT JOIN project_role r ON r."user" = listed.person AND r.project = :project
        WHERE json_extract(m.doc, '$.deleted_at') IS NULL {conditions}
    )
"""
"""CROSS keeps the order of the joins: the few who are listed first, then each by an index."""
_TRUE = ("true", "1")


def _paginated(call: Call, project_id: int) -> Answer:
    listed, values = _listed(call, found(call, project_id))
    ((count,),) = call.store.rows(f"{listed} SELECT COUNT(*) FROM shown", values)
    order = _order(call.query.get("ordering", ""))

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        query = f"{listed} SELECT * FROM shown ORDER BY {order}, id LIMIT {int(limit)} OFFSET {int(offset)}"
        return _show_rows(call, call.store.rows(query, values))

    return Answer(page(call, cut(call, _PAGES), count=count, rows=rows))


def _listing(call: Call, project_id: int) -> Answer:
    """The old list: without annotators and without roles."""
    listed, values = _listed(call, found(call, project_id))
    shown = _show_rows(call, call.store.rows(f"{listed} SELECT * FROM shown ORDER BY id", values))
    wanted = bulk_selection.in_query(call, "user_ids")
    return Answer(
        [
            {name: value for name, value in user.items() if name not in _MEMBER_KEYS}
            for user in shown
            if user["org_membership"][0]["role"] != "AN" and (not wanted or user["id"] in wanted)
        ]
    )


def _listed(call: Call, project: Document) -> tuple[str, dict[str, Any]]:
    """The SQL of the members that the query asks for, and its values."""
    explicit_only = call.query.get("implicit", "true").lower() not in _TRUE
    conditions, values = _conditions(call)
    sql = _LISTED.format(sources=_EXPLICIT if explicit_only else _EXPLICIT + _IMPLICIT, conditions=conditions)
    keys = {"project": project["id"], "workspace": project["workspace"], "organization": call.organization}
    return sql, {**keys, **values}


def _conditions(call: Call) -> tuple[str, dict[str, Any]]:
    """What narrows the list; a project role comes before the organisation's."""
    query, parts, values = call.query, [], {}
    role = "COALESCE(json_extract(r.doc, '$.role'), json_extract(m.doc, '$.role'))"
    if query.get("no_annotators", "").lower() in _TRUE:
        parts.append(f"{role} != 'AN'")
    if query.get("ids"):
        parts.append("u.id IN (SELECT value FROM json_each(:ids))")
        values["ids"] = json.dumps(bulk_selection.in_query(call, "ids"))
    if query.get("role"):
        parts.append(f"{role} IN (SELECT value FROM json_each(:roles))")
        values["roles"] = json.dumps(query["role"].split(","))
    if query.get("search"):
        names = " || ' ' || ".join(f"json_extract(u.doc, '$.{name}')" for name in _ORDERS[:4])
        parts.append(f"instr(lower({names}), :search)")
        values["search"] = query["search"].lower()
    return "".join(f" AND {part}" for part in parts), values


def _order(wish: str) -> str:
    name = wish.removeprefix("-")
    direction = "DESC" if wish.startswith("-") else "ASC"
    if name == "role":
        return f"COALESCE(project_role, organization_role) {direction}"
    return f"json_extract(doc, '$.{name}') {direction}" if name in _ORDERS else f"id {direction}"


_MEMBER_KEYS = ("project_role", "project_role_source", "implicit_member", "tags", "user_type")


def _show_rows(call: Call, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    meta = meta_of(call)
    shown = []
    for key, body, membership, membership_body, implicit, _, role in rows:
        user = {**json.loads(body), "id": key}
        member = {**json.loads(membership_body), "id": membership}
        extra: tuple[Any, ...] = (role, "manual" if role else None, bool(implicit), [], "standard")
        shown.append({**show(call, user, member, meta), **dict(zip(_MEMBER_KEYS, extra, strict=True))})
    return shown


def _check_switch(call: Call) -> None:
    if call.unknown(MANAGED) == "elsewhere":
        raise Forbidden("Manual project member management is disabled.")


def _add(call: Call, project_id: int) -> Answer:
    _check_switch(call)
    project = found(call, project_id)["id"]
    user = bulk_selection.one_in_body(call, "user")
    if user in _members(call, project):
        raise Invalid([_TWICE])
    call.store.insert("project_member", {"project": project, "user": user})
    return Answer({"user": user}, 201)


def _remove(call: Call, project_id: int) -> Answer:
    _check_switch(call)
    project = found(call, project_id)["id"]
    user = bulk_selection.one_to_remove(call, ("user",))
    if user not in _members(call, project):
        raise Missing.of("ProjectMember")
    _drop(call, project, user)
    return Answer(status=204)


def _add_many(call: Call, project_id: int) -> Answer:
    _check_switch(call)
    project = found(call, project_id)["id"]
    everybody = bulk_selection.people(call, call.query.get("search", ""))
    meant = bulk_selection.in_body(call).of(everybody)
    roles = _roles(call, meant)
    known = _members(call, project)
    new = [user for user in meant if user not in known]
    for user in new:
        call.store.insert("project_member", {"project": project, "user": user})
    for user, role in roles.items():
        _set_role(call, project, user, role)
    return Answer({"assignments": len(new), "skipped_user_ids": []})


def _roles(call: Call, meant: list[int]) -> dict[int, str]:
    """The `roles` of a bulk body by user, of those that the call includes."""
    listed = call.body.get("roles") or []
    try:
        roles = {int(item["user_id"]): item["role"] for item in listed}
        kept = {user: role for user, role in roles.items() if user in meant}
        for user, role in kept.items():
            check_role_of(call, user, role)
    except (KeyError, TypeError, ValueError):
        raise Invalid({"roles": ["Each item needs a user_id and a role."]}) from None
    except Bad as bad:
        raise Invalid({"roles": bad.error}) from bad
    return kept


def _set_role(call: Call, project: int, user: int, role: str) -> None:
    row = role_row(call, project, user)
    answer = call.unknown(ROLES)
    if row and (answer == "keep" or (answer == "raise" and row["role"] == "RE")):
        return
    if row:
        call.store.replace("project_role", {**row, "role": role})
    else:
        call.store.insert("project_role", {"project": project, "user": user, "role": role})


def _remove_many(call: Call, project_id: int) -> Answer:
    _check_switch(call)
    project = found(call, project_id)["id"]
    gone = bulk_selection.to_remove(call).of(sorted(_members(call, project)))
    for user in gone:
        _drop(call, project, user)
    return Answer({"unassignments": len(gone)})


def _members(call: Call, project: int) -> set[int]:
    """The explicit members."""
    return {user for (user,) in call.store.rows('SELECT "user" FROM project_member WHERE project = ?', (project,))}


def _drop(call: Call, project: int, user: int) -> None:
    call.store.run('DELETE FROM project_member WHERE project = ? AND "user" = ?', (project, user))
    if call.unknown(REMOVED) == "goes":
        call.store.run('DELETE FROM project_role WHERE project = ? AND "user" = ?', (project, user))


_PATH = "/api/projects/<int:project_id>/members/"
RESOURCE = Resource(
    "project_members",
    unknowns={MANAGED: ("by hand", "elsewhere"), ROLES: ("set", "raise", "keep"), REMOVED: ("stays", "goes")},
    tables=(Table("project_member", (Column("project", references="project"), Column("user", references="user"))),),
    routes=(
        Route(_PATH, {"GET": _listing, "POST": _add, "DELETE": _remove}, enterprise=True),
        Route(f"{_PATH}bulk/", {"POST": _add_many, "DELETE": _remove_many}, enterprise=True),
        Route(f"{_PATH}paginated/", {"GET": _paginated}, enterprise=True),
    ),
)
