"""`/api/billing/info` of Enterprise: what the contract allows, as far as something here depends on it.

Facts: enterprise-api 5.11. Which flags a server shows is not described; `unsaid` is one that leaves a flag out.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.resource import Answer, Call, Resource, Route

ORGANIZATION = "organization-webhooks"
"""Webhooks of the organisation: `allowed`, `refused`, as a flag says; or refused, and that is `unsaid`."""


def _info(call: Call) -> Answer:
    organization = call.own_organization("id")
    manual = ("manual_role_management", "manual_workspace_management")
    flags: dict[str, Any] = {name: organization.get(name, True) for name in manual}
    answer = call.unknown(ORGANIZATION)
    if answer != "unsaid":
        flags["allow_organization_webhooks"] = answer == "allowed"
    return Answer({"billing_flags": flags, "billing_checks": {}, "organization_is_active": True})


RESOURCE = Resource("billing", routes=(Route("/api/billing/info", {"GET": _info}, enterprise=True),))
