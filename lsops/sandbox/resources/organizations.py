"""`/api/organizations/`: the organisation, its settings and its defaults (community-api 8, enterprise-api 5.1, 5.2).

Enterprise takes settings by two calls that overlap, and shows less than it takes: `contact_info` is
in the list only, and four switches are in the answer to `set-default-role` only. Whether they are, and
what an empty body there does, is unknown (enterprise-api 11, point 4); here it changes nothing.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Forbidden, Missing
from lsops.sandbox.fields import Bad, Field, anything, read
from lsops.sandbox.fieldtypes import choice, email, flag, moment, now, text
from lsops.sandbox.people import ROLES
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Document, Table

_CLOSED = "Creating organizations over the API is disabled on this instance"
_BRIEF = ("id", "title", "contact_info", "created_at")
_COMMUNITY_KEYS = ("id", "title", "token", "created_at", "updated_at", "contact_info", "created_by")
_BILLING = {
    "enforce_session_concurrency": False,
    "max_parallel_sessions": 0,
    "session_concurrency_window_seconds": 0,
}


def _domains(value: Any) -> list[dict[str, str]]:
    """A list of objects of texts, such as `[{"domain": "example.com"}]`."""
    if not isinstance(value, list):
        raise Bad(f'Expected a list of items but got type "{type(value).__name__}".')
    domain = text(blank=False)
    for item in value:
        if not isinstance(item, dict):
            raise Bad(f'Expected a dictionary of items but got type "{type(item).__name__}".')
    return [{name: domain(part) for name, part in item.items()} for item in value]


_COMMUNITY = {
    "title": Field(text(longest=1000, blank=False), required=True),
    "token": Field(text(longest=256), null=True),
    "contact_info": Field(email, null=True),
}
_BOTH = {
    "custom_interfaces_enabled": Field(flag(), default=False),
    "email_notification_settings": Field(anything, default={}, null=True),
    "embed_enabled": Field(flag(), default=False),
    "embed_settings": Field(anything, null=True),
    "interface_settings": Field(anything, null=True),
    "react_code_settings": Field(anything, default={}, null=True),
}
_ENTERPRISE = {
    "contact_info": Field(email, null=True),
    "custom_scripts_enabled": Field(flag(null=True), default=False, null=True),
    "embed_domains": Field(_domains, null=True),
    "title": Field(text(blank=False), null=True),
    "token": Field(text(longest=256), null=True),
    **_BOTH,
}
_SWITCHES = (
    "annotator_reviewer_firewall_enabled_at",
    "custom_scripts_enabled_at",
    "label_stream_navigation_disabled_at",
    "read_only_quick_view_enabled_at",
)
_DEFAULTS = {
    **{name: Field(moment, null=True) for name in _SWITCHES},
    "default_role": Field(choice(*ROLES.values()), default="AN"),
    "embed_domains": Field(anything, null=True),
    "external_id": Field(text(), null=True),
    "extra_data_on_activity_logs": Field(flag(), default=False),
    **{name: Field(field.convert, default=field.default, null=True) for name, field in _BOTH.items()},
}
DEFAULTS_SHOWN = "defaults-shown"
"""What the answer to `set-default-role` has of it: all, what was sent, or nothing that no other answer shows."""
_HIDDEN = (*_SWITCHES, "extra_data_on_activity_logs")
_READABLE = ("default_role", "embed_domains", "external_id", *_BOTH)
_NEVER_NULL = ("email_notification_settings", "react_code_settings")


def own(call: Call, organization_id: int) -> Document:
    """The caller's organisation; any other does not exist, or on Community is not for them to see."""
    if call.enterprise and organization_id != call.organization:
        raise Missing.of("Organization")
    organization = call.found("organization", organization_id, "Organization")
    if organization_id != call.organization:
        raise Forbidden
    return organization


def _listing(call: Call) -> Answer:
    if call.homeless:
        return Answer([])
    mine = call.own_organization("id")
    return Answer([{name: mine[name] for name in _BRIEF}])


def _create(_call: Call) -> Answer:
    raise Forbidden(_CLOSED)


def _detail(call: Call, organization_id: int) -> Answer:
    return Answer(_show(call, own(call, organization_id)))


def _update(call: Call, organization_id: int) -> Answer:
    return _written(call, own(call, organization_id), partial=True)


def _replace(call: Call, organization_id: int) -> Answer:
    """Community alone has a PUT; what it lacks keeps its value, but for the title."""
    if call.enterprise:
        return _update(call, organization_id)
    return _written(call, own(call, organization_id), partial=False)


def _written(call: Call, organization: Document, *, partial: bool) -> Answer:
    given = read(_ENTERPRISE if call.enterprise else _COMMUNITY, call.body, partial=partial)
    if "custom_scripts_enabled" in given:
        given["custom_scripts_enabled_at"] = _switched(organization, on=bool(given.pop("custom_scripts_enabled")))
    changed = {**organization, **given, "updated_at": now()}
    call.store.replace("organization", changed)
    return Answer(_show(call, changed))


def _switched(organization: Document, *, on: bool) -> str | None:
    """A switch is the moment of its turning on."""
    return (organization.get("custom_scripts_enabled_at") or now()) if on else None


def _set_defaults(call: Call, organization_id: int) -> Answer:
    given = read(_DEFAULTS, call.body, partial=True)
    changed = {**own(call, organization_id), **given, "updated_at": now()}
    call.store.replace("organization", changed)
    unseen = {"all": (), "sent": set(_HIDDEN) - set(given), "none": _HIDDEN}[call.unknown(DEFAULTS_SHOWN)]
    shown = {name: changed.get(name, field.default) for name, field in _DEFAULTS.items() if name not in unseen}
    return Answer({**shown, "organization": organization_id})


def _show(call: Call, organization: Document) -> dict[str, Any]:
    if call.enterprise:
        return _show_enterprise(organization)
    members = call.store.rows('SELECT "user" FROM membership WHERE organization = ?', (organization["id"],))
    return {
        **{name: organization[name] for name in _COMMUNITY_KEYS},
        "users": [user for (user,) in members],
    }


def _show_enterprise(organization: Document) -> dict[str, Any]:
    shown = {name: organization.get(name, _DEFAULTS[name].default) for name in _READABLE}
    manual = ("manual_role_management", "manual_workspace_management")
    return {
        **{name: organization[name] for name in ("id", "title", "token", "created_at")},
        **shown,
        **{name: shown[name] or {} for name in _NEVER_NULL},
        "custom_scripts_enabled": bool(organization.get("custom_scripts_enabled_at")),
        "billing": {**_BILLING, **{name: organization.get(name, True) for name in manual}},
    }


RESOURCE = Resource(
    "organizations",
    unknowns={DEFAULTS_SHOWN: ("all", "sent", "none")},
    tables=(Table("organization"),),
    routes=(
        Route("/api/organizations/", {"GET": _listing, "POST": _create}),
        Route("/api/organizations/<int:organization_id>", {"GET": _detail, "PATCH": _update, "PUT": _replace}),
        Route(
            "/api/organizations/<int:organization_id>/set-default-role",
            {"PATCH": _set_defaults},
            enterprise=True,
        ),
    ),
)
