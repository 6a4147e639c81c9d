"""`/api/billing/info` of Enterprise: what the contract counts and allows (enterprise-api 5.11).

A limit of 0 is none, as in the examples of the API's description; `limit_contract` sets others. Which flags a server
shows is not described; `unsaid` is one that leaves a flag out.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.resource import Answer, Call, Resource, Route

ORGANIZATION = "organization-webhooks"
"""Webhooks of the organisation: `allowed`, `refused`, as a flag says; or refused, and that is `unsaid`."""
LIMIT = "limit:"
"""The notes that hold limits."""

_SEATS = ("OW", "AD", "MA", "RE", "AN")
_FLAGS = {
    "allow_activity_log": True,
    "allow_data_credentials": True,
    "allow_invite_people": True,
    "allow_sso": True,
    "allow_storage_proxy": True,
    "cloud_instance": False,
    "disable_members_page": False,
}


def _detail(call: Call) -> Answer:
    organization = call.own_organization("billing")
    manual = ("manual_role_management", "manual_workspace_management")
    checks = {name: _check(call, name, count) for name, count in _counts(call).items()}
    state = {"organization_is_active": True, "is_license_expired": bool(call.store.note(LIMIT + "expired"))}
    answer = call.unknown(ORGANIZATION)
    hooks = {} if answer == "unsaid" else {"allow_organization_webhooks": answer == "allowed"}
    flags = {**_FLAGS, **hooks, **{name: organization.get(name, True) for name in manual}}
    return Answer({"billing_checks": {**checks, **state}, "billing_flags": flags})


def _counts(call: Call) -> dict[str, int]:
    mine = (call.organization,)
    members = call.store.find("membership", "organization = ?", mine)
    return {
        "projects": call.store.count("project", "organization = ?", mine),
        "users": sum(row.get("role") in _SEATS for row in members),
        "import_storages": call.store.count("storage", "side = ?", ("import",)),
        "export_storages": call.store.count("storage", "side = ?", ("export",)),
    }


def _check(call: Call, name: str, count: int) -> dict[str, Any]:
    limit = int(call.store.note(LIMIT + name) or 0)
    return {"count": count, "limit": limit, "reached": 0 < limit <= count}


RESOURCE = Resource(
    "billing",
    routes=(Route("/api/billing/info", {"GET": _detail}, enterprise=True),),
)
