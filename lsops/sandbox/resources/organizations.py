"""`/api/organizations/` and the list of its members, for reading (community-api 8, enterprise-api 5)."""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Forbidden, Missing
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.users import show_user
from lsops.sandbox.store import Column, Document, Table

_PAGES = Paging(size=20, endless=True)
_CLOSED = "Creating organizations over the API is disabled on this instance"
_BRIEF = ("id", "title", "contact_info", "created_at")
_BILLING = {
    "enforce_session_concurrency": False,
    "manual_role_management": True,
    "manual_workspace_management": True,
    "max_parallel_sessions": 0,
    "session_concurrency_window_seconds": 0,
}
_ENTERPRISE = {
    "billing": _BILLING,
    "custom_interfaces_enabled": False,
    "custom_scripts_enabled": False,
    "default_role": "AN",
    "email_notification_settings": {},
    "embed_domains": None,
    "embed_enabled": False,
    "embed_settings": None,
    "external_id": None,
    "interface_settings": None,
    "react_code_settings": {},
}
_NOT_COUNTED: dict[str, Any] = {
    "created_projects": None,
    "contributed_to_projects": None,
}


def _listing(call: Call) -> Answer:
    own = call.found("organization", call.organization, "Organization")
    return Answer([{name: own[name] for name in _BRIEF}])


def _create(_call: Call) -> Answer:
    raise Forbidden(_CLOSED)


def _detail(call: Call, organization_id: int) -> Answer:
    organization = _own(call, organization_id)
    if call.enterprise:
        basic = {name: organization[name] for name in (*_BRIEF, "token")}
        return Answer({**_ENTERPRISE, **basic})
    shown = (
        "id",
        "title",
        "token",
        "created_at",
        "updated_at",
        "contact_info",
        "created_by",
    )
    members = call.store.rows('SELECT "user" FROM membership WHERE organization = ?', (organization["id"],))
    return Answer(
        {
            **{name: organization[name] for name in shown},
            "users": [user for (user,) in members],
        }
    )


def _memberships(call: Call, organization_id: int) -> Answer:
    organization = _own(call, organization_id)

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        found = call.store.find(
            "membership",
            "organization = ?",
            (organization["id"], limit, offset),
            order='(SELECT json_extract(doc, \'$.username\') FROM "user" WHERE id = membership."user"), id',
            limit="LIMIT ? OFFSET ?",
        )
        return [_show_member(call, membership) for membership in found]

    count = call.store.count("membership", "organization = ?", (organization["id"],))
    return Answer(page(call, _PAGES, count=count, rows=rows))


def _membership(call: Call, organization_id: int, user_id: int) -> Answer:
    """Counters of one member; the role is in the list only."""
    _own(call, organization_id)
    found = call.store.find("membership", '"user" = ?', (user_id,))
    if not found:
        raise Missing.of("OrganizationMember")
    counts = {"contributed_projects_count": 0, "annotations_count": 0}
    basic = {name: found[0][name] for name in ("user", "organization", "created_at")}
    return Answer({**basic, **_contributions(call, user_id, counts), **_NOT_COUNTED})


def _contributions(call: Call, user: int, empty: dict[str, int]) -> dict[str, int]:
    ((projects, annotations),) = call.store.rows(
        "SELECT COUNT(DISTINCT project), COUNT(*) FROM annotation WHERE completed_by = ?",
        (user,),
    )
    return dict(zip(empty, (projects, annotations), strict=True))


def _own(call: Call, organization_id: int) -> Document:
    if organization_id != call.organization:
        raise Missing.of("Organization")
    return call.found("organization", organization_id, "Organization")


def _show_member(call: Call, member: Document) -> dict[str, Any]:
    user = {
        **show_user(call, call.found("user", member["user"], "User")),
        **_NOT_COUNTED,
    }
    shown = {
        "id": member["id"],
        "organization": member["organization"],
        "user": user,
        **_NOT_COUNTED,
    }
    if not call.enterprise:
        return shown
    for key in (
        "org_membership",
        "organization_membership",
        "active_organization_meta",
    ):
        user.pop(key)
    extra = {
        "role": member["role"],
        "role_source": "manual",
        "user_type": "standard",
        "tags": [],
        "flex": None,
    }
    return {**shown, **extra, "concurrency": None}


RESOURCE = Resource(
    "organizations",
    tables=(
        Table("organization"),
        Table(
            "membership",
            (
                Column("organization", references="organization"),
                Column("user", references="user"),
            ),
        ),
    ),
    routes=(
        Route("/api/organizations/", {"GET": _listing, "POST": _create}),
        Route("/api/organizations/<int:organization_id>", {"GET": _detail}),
        Route("/api/organizations/<int:organization_id>/memberships", {"GET": _memberships}),
        Route(
            "/api/organizations/<int:organization_id>/memberships/<int:user_id>/",
            {"GET": _membership},
        ),
    ),
)
