"""`/api/model-provider-connections/` of Enterprise (enterprise-api 8.1): nothing is ever asked of a provider.

Secrets are kept and never returned. Public documents say that there is one connection of some providers; whether a
second one is refused is a switch.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, defaults, read
from lsops.sandbox.fieldtypes import choice, flag, now, real, text
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table

PROVIDERS = ("OpenAI", "AzureOpenAI", "AzureAIFoundry", "VertexAI", "Gemini", "Anthropic", "Custom")
SEVERAL = ("AzureOpenAI", "AzureAIFoundry", "Custom")
TWINS = "model-provider-twins"
REFUSED, TAKEN = "refused", "taken"

_SECRETS = ("api_key", "auth_token", "google_application_credentials")
_FIELDS = {
    "provider": Field(choice(*PROVIDERS), default="OpenAI"),
    "scope": Field(choice("Organization", "User", "Model"), default="Organization"),
    "deployment_name": Field(text(longest=512), null=True),
    "endpoint": Field(text(longest=512), null=True),
    "google_project_id": Field(text(longest=255), null=True),
    "google_location": Field(text(longest=255), null=True),
    "budget_alert_threshold": Field(real, null=True),
    "cached_available_models": Field(text(longest=4096), null=True),
    "is_internal": Field(flag(null=True), default=False, null=True),
    **dict.fromkeys(_SECRETS, Field(text(), null=True)),
}
_KEPT: dict[str, Any] = {
    "budget_limit": None,
    "budget_last_reset_date": None,
    "budget_reset_period": None,
    "budget_total_spent": 0.0,
    "model_params": {},
}


def _listing(call: Call) -> Answer:
    rows = call.store.find("model_provider", "organization = ?", (call.organization,))
    return Answer([_show(row) for row in rows])


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False)
    row = {**defaults(_FIELDS), **_KEPT, **given, "organization": call.organization, "created_by": call.user["id"]}
    _refuse_twin(call, row)
    made = call.store.insert("model_provider", {**row, "created_at": now(), "updated_at": now()})
    return Answer(_show(made), 201)


def _refuse_twin(call: Call, row: Document) -> None:
    if row["provider"] in SEVERAL or row["is_internal"] or call.unknown(TWINS) == TAKEN:
        return
    others = call.store.find("model_provider", "organization = ?", (call.organization,))
    same = [one for one in others if not one["is_internal"] and one["id"] != row.get("id")]
    if any((one["provider"], one["scope"]) == (row["provider"], row["scope"]) for one in same):
        raise Invalid({"provider": ["A connection of this provider exists."]})


def _detail(call: Call, connection_id: int) -> Answer:
    return Answer(_show(connection(call, connection_id)))


def _change(call: Call, connection_id: int, *, partly: bool) -> Answer:
    changed = {**connection(call, connection_id), **read(_FIELDS, call.body, partial=partly), "updated_at": now()}
    _refuse_twin(call, changed)
    call.store.replace("model_provider", changed)
    return Answer(_show(changed))


def _delete(call: Call, connection_id: int) -> Answer:
    """Versions of prompts that use it have none afterwards."""
    call.store.delete("model_provider", connection(call, connection_id)["id"])
    for version in call.store.find("prompt_version", "model_provider_connection = ?", (connection_id,)):
        call.store.replace("prompt_version", {**version, "model_provider_connection": None})
    return Answer(status=204)


def _choices(_: Call) -> Answer:
    return Answer(list(PROVIDERS))


def connection(call: Call, connection_id: int) -> Document:
    """The connection, or 404."""
    row = call.found("model_provider", connection_id, "ModelProviderConnection")
    if row["organization"] != call.organization:
        raise Missing.of("ModelProviderConnection")
    return row


def _show(row: Document) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in _SECRETS}
    return {**shown, "created_by": {"id": row["created_by"]}}


RESOURCE = Resource(
    "model_providers",
    unknowns={TWINS: (REFUSED, TAKEN)},
    tables=(Table("model_provider", (Column("organization", references="organization"),)),),
    routes=(
        Route("/api/model-provider-connections/", {"GET": _listing, "POST": _create}, enterprise=True),
        Route("/api/model-provider-connections/provider-choices", {"GET": _choices}, enterprise=True),
        Route.of_one(
            "/api/model-provider-connections/<int:connection_id>/", _detail, _change, _delete, enterprise=True
        ),
    ),
)
