"""`/api/organizations/{id}/memberships`: who belongs to the organisation (community-api 8, enterprise-api 5.3).

Nobody is ever taken off the list: who was removed stays in it as "Deleted". A person who was invited
and has not accepted has the role NO on Community. Of Enterprise a few points are unknown (enterprise-api
11, points 6 and 13), and switches here; besides the caller's own role cannot be changed, and nobody is
made owner.
"""

# ruff: noqa: S608  # conditions are this module's own, a client's values are bound

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from lsops.sandbox.envelope import Bare, Forbidden, Invalid, Missing, WrongMethod
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import choice, now, number
from lsops.sandbox.member_pages import POINTS, of_organization
from lsops.sandbox.paging import page
from lsops.sandbox.people import ROLES, is_active
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.member_tags import tags_of_members
from lsops.sandbox.resources.organizations import own
from lsops.sandbox.resources.users import meta_of, show
from lsops.sandbox.store import Column, Document, Table

INVITED = "invited-role"
"""The role of somebody who has not accepted their invitation; or such people are not in the list."""
CHANGED = "invited-role-patch"
"""What a PATCH of such a role does."""
_FIELDS = {
    "user_id": Field(number(least=1), required=True),
    "role": Field(choice(*ROLES.values()), required=True),
}
_NOT_COUNTED: dict[str, Any] = {
    "created_projects": None,
    "contributed_to_projects": None,
}
_NOT_IN_ROWS = ("org_membership", "organization_membership", "active_organization_meta")
_SEARCHED = ("email", "username", "first_name", "last_name")
_JOINED = 'FROM membership m JOIN "user" u ON u.id = m."user" WHERE '
_ORDERS = {
    "id": "m.id",
    "role": "json_extract(m.doc, '$.role')",
    "created_at": "json_extract(m.doc, '$.created_at')",
    **{
        f"user__{name}": f"json_extract(u.doc, '$.{name}')"
        for name in ("id", *_SEARCHED, "last_activity", "date_joined")
    },
}
_USUAL_ORDER = "json_extract(u.doc, '$.username')"
_PENDING = "The invitation of this member has not been accepted."

_ACCEPTED = "COALESCE(json_extract(m.doc, '$.invite_activated'), 1)"

Condition = tuple[str, tuple[Any, ...]]


def _listing(call: Call, organization_id: int) -> Answer:
    where, arguments = _selection(call, _known(call, organization_id))
    ((count,),) = call.store.rows(f"SELECT COUNT(*) {_JOINED}{where}", arguments)  # no client's text
    order = _order(call.query.get("ordering", ""))

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.rows(
            f"SELECT m.id, m.doc, u.id, u.doc {_JOINED}{where} ORDER BY {order}, m.id LIMIT ? OFFSET ?",
            (*arguments, limit, offset),
        )
        pairs = (({**json.loads(m), "id": key}, {**json.loads(u), "id": user}) for key, m, user, u in found)
        meta, tags = meta_of(call), tags_of_members(call)
        return [_show_row(call, member, show(call, user, member, meta), tags) for member, user in pairs]

    return Answer(page(call, of_organization(call), count=count, rows=rows))


def _known(call: Call, organization_id: int) -> int:
    """The organisation whose list the caller sees: Community shows it to those who were removed, too."""
    belongs = '"user" = ? AND organization = ?'
    if call.homeless and call.store.count("membership", belongs, (call.user["id"], organization_id)):
        return organization_id
    return int(own(call, organization_id)["id"])


def _selection(call: Call, organization: int) -> Condition:
    parts: list[Condition] = [("m.organization = ?", (organization,))]
    if call.enterprise and call.unknown(INVITED) == "absent":
        parts.append((_ACCEPTED, ()))
    if call.enterprise:
        parts += [make(call.query[name]) for name, make in _FILTERS.items() if call.query.get(name)]
    return " AND ".join(part for part, _ in parts), tuple(value for _, values in parts for value in values)


def _matching(part: str) -> Condition:
    """A search looks for each word in names and e-mails."""
    columns = " || ' ' || ".join(f"json_extract(u.doc, '$.{name}')" for name in _SEARCHED)
    words = part.split()
    return " AND ".join([f"instr(lower({columns}), ?)"] * len(words)) or "1", tuple(word.lower() for word in words)


def _with_role(listed: str) -> Condition:
    codes = tuple(code.strip() for code in listed.split(","))
    return f"json_extract(m.doc, '$.role') IN ({','.join('?' * len(codes))})", codes


def _deleted(wish: str) -> Condition:
    return f"json_extract(m.doc, '$.deleted_at') IS {'NOT ' if wish.lower() in ('true', '1') else ''}NULL", ()


def _outside(table: str) -> Callable[[str], Condition]:
    """Who is no member of the project or workspace with an id."""

    def condition(key: str) -> Condition:
        return f'm."user" NOT IN (SELECT "user" FROM {table}_member WHERE {table} = ?)', (_as_id(key),)

    return condition


def _as_id(value: str) -> int:
    try:
        return int(float(value))
    except ValueError:
        raise Invalid({"exclude": ["Enter a number."]}) from None


_FILTERS: dict[str, Callable[[str], Condition]] = {
    "search": _matching,
    "role": _with_role,
    "is_deleted": _deleted,
    "exclude_project_id": _outside("project"),
    "exclude_workspace_id": _outside("workspace"),
}


def _order(wish: str) -> str:
    name = wish.removeprefix("-")
    return f"{_ORDERS[name]} {'DESC' if wish.startswith('-') else 'ASC'}" if name in _ORDERS else _USUAL_ORDER


def _change(call: Call, organization_id: int) -> Answer:
    """Set a role; Community has none. The owner's and the caller's stay; a provider that owns the roles allows none."""
    if not call.enterprise:
        raise WrongMethod.of("PATCH")
    organization = own(call, organization_id)
    given = read(_FIELDS, call.body, partial=False)
    membership = _member(call, given["user_id"])
    if not organization.get("manual_role_management", True):
        raise Forbidden
    if "OW" in (membership["role"], given["role"]):
        raise Forbidden
    if membership["user"] == call.user["id"]:
        raise WrongMethod("You cannot change your own role.")
    if not is_active(membership) and call.unknown(CHANGED) == "refused":
        raise Invalid({"user_id": [_PENDING]})
    changed = {**membership, "role": given["role"], "role_source": "api"}
    call.store.replace("membership", changed)
    user = call.found("user", membership["user"], "User")
    return Answer(_show_row(call, changed, show(call, user, changed, meta_of(call)), tags_of_members(call)))


def _detail(call: Call, organization_id: int, user_id: int) -> Answer:
    """Counters of one member; the role is in the list only."""
    own(call, organization_id)
    found = call.store.find("membership", '"user" = ?', (user_id,))
    if not found:
        raise Missing.of("OrganizationMember")
    counts = {"contributed_projects_count": 0, "annotations_count": 0}
    basic = {name: found[0][name] for name in ("user", "organization", "created_at")}
    return Answer({**basic, **_contributions(call, user_id, counts), **_NOT_COUNTED})


def _remove(call: Call, organization_id: int, user_id: int) -> Answer:
    """Remove a member, who loses the organisation, workspaces and projects, and keeps user and row."""
    organization = own(call, organization_id)
    if not call.enterprise and organization["created_by"] != call.user["id"]:
        raise Forbidden
    call.found("user", user_id, "User")
    membership = _member(call, user_id)
    if user_id == call.user["id"]:
        raise Bare(405, {"detail": "User cannot soft delete self"})
    if membership["role"] == "OW":
        raise Forbidden
    forget(call, membership)
    return Answer(status=204)


def forget(call: Call, membership: Document) -> None:
    """What removing a member and revoking an invitation have in common."""
    user = call.found("user", membership["user"], "User")
    call.store.replace("membership", {**membership, "deleted_at": now()})
    call.store.replace("user", {**user, "active_organization": None})
    call.store.run("DELETE FROM member_tag_assignment WHERE membership = ?", (membership["id"],))
    for table in ("workspace_member", "project_member", "project_role"):
        call.store.run(f'DELETE FROM {table} WHERE "user" = ?', (user["id"],))


def _member(call: Call, user: int) -> Document:
    """The membership, 404 for one that was removed or never was."""
    found = call.store.find("membership", '"user" = ? AND organization = ?', (user, call.organization))
    if not found or found[0].get("deleted_at"):
        raise Missing("Member not found")
    return found[0]


def _contributions(call: Call, user: int, empty: dict[str, int]) -> dict[str, int]:
    ((projects, annotations),) = call.store.rows(
        "SELECT COUNT(DISTINCT project), COUNT(*) FROM annotation WHERE completed_by = ?",
        (user,),
    )
    return dict(zip(empty, (projects, annotations), strict=True))


def _show_row(
    call: Call, member: Document, shown_user: dict[str, Any], tags: Mapping[int, list[dict[str, Any]]]
) -> dict[str, Any]:
    user = {**shown_user, **_NOT_COUNTED}
    shown = {
        "id": member["id"],
        "organization": member["organization"],
        "user": user,
        **_NOT_COUNTED,
    }
    if not call.enterprise:
        return shown
    for key in _NOT_IN_ROWS:
        user.pop(key)
    extra = {
        "role": _role(call, member),
        "role_source": member.get("role_source", "manual"),
        "user_type": "standard",
        "tags": tags.get(member["id"], []),
        "flex": None,
    }
    return {**shown, **extra, "concurrency": None}


def _role(call: Call, member: Document) -> Any:
    """Of somebody who was invited the role that they will have, where that is shown."""
    is_shown = not is_active(member) and member["role"] == "NO" and call.unknown(INVITED) == "invited"
    return member.get("invited_role", member["role"]) if is_shown else member["role"]


RESOURCE = Resource(
    "memberships",
    unknowns={
        **POINTS,
        INVITED: ("none", "invited", "absent"),
        CHANGED: ("refused", "set"),
    },
    tables=(
        Table(
            "membership",
            (
                Column("organization", references="organization"),
                Column("user", references="user"),
            ),
        ),
    ),
    routes=(
        Route(
            "/api/organizations/<int:organization_id>/memberships",
            {"GET": _listing, "PATCH": _change},
        ),
        Route(
            "/api/organizations/<int:organization_id>/memberships/<int:user_id>/",
            {"GET": _detail, "DELETE": _remove},
        ),
    ),
)
