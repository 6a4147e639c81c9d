"""`/api/webhooks/`: URLs that are called when something happens in a project.

Facts: community-api 4, enterprise-api 7.9. The fields are in `fields`, the events in `actions`. The sandbox calls
nobody. Webhooks of the organisation cannot be made on Community; whether an Enterprise can is a matter of its contract,
which a flag of `/api/billing/info` shows (enterprise-api 11, point 8, 12), and a switch here.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Check, defaults, read
from lsops.sandbox.fieldtypes import check_key, now
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.billing import ORGANIZATION
from lsops.sandbox.resources.projects.scope import chosen, narrowed, visible
from lsops.sandbox.resources.webhooks.actions import known, of_organizations
from lsops.sandbox.resources.webhooks.fields import changeable, check_target, is_url, settable
from lsops.sandbox.store import Column, Document, Table

_ORGANIZATION_ONLY = "Project webhook can't contain organization-only action."
_SHOWN = (
    *("id", "organization", "project", "url", "send_payload", "send_for_all_actions", "headers", "is_active"),
    *("actions", "created_at", "updated_at"),
)


def _listing(call: Call) -> Answer:
    """All that the caller sees; `?project=null` asks for those of the organisation."""
    if call.query.get("project") == "null":
        return Answer([_show(call, webhook) for webhook in _of_organization(call)])
    found = call.store.find("webhook", *narrowed(call))
    more = [] if call.query.get("project") else _of_organization(call)
    return Answer([_show(call, webhook) for webhook in sorted([*found, *more], key=lambda one: one["id"])])


def _of_organization(call: Call) -> list[Document]:
    """Those of no project; Community has none."""
    where = "project IS NULL AND json_extract(doc, '$.organization') = ?"
    return call.store.find("webhook", where, (call.organization,)) if call.enterprise else []


def _create(call: Call) -> Answer:
    checks: dict[str, Check] = {"project": partial(check_key, exists=partial(chosen, call)), "url": check_target}
    given = read(settable(call), call.body, partial=False, checks=checks)
    if given.get("project") and of_organizations(given.get("actions", [])):
        raise Invalid([_ORGANIZATION_ONLY])
    is_allowed = call.enterprise and call.unknown(ORGANIZATION) == "allowed"
    if not given.get("project") and not is_allowed:
        raise Missing("Project not found.")
    call.own_organization("id")
    if not given.get("project"):
        return Answer(_show(call, _insert(call, {**given, "project": None})), 201)
    if not visible(call, given["project"]):
        raise Missing("Project not found.")
    return Answer(_show(call, _insert(call, given)), 201)


def _detail(call: Call, webhook_id: int) -> Answer:
    return Answer(_show(call, _found(call, webhook_id)))


def _change(call: Call, webhook_id: int, *, partly: bool) -> Answer:
    """PATCH or PUT: what is omitted stays, but for the actions, which go; the project never changes."""
    webhook = _found(call, webhook_id)
    given = read(changeable(call), call.body, partial=partly, checks={"url": check_target})
    changed = {**webhook, **_settled({"actions": [], **given}), "updated_at": now()}
    call.store.replace("webhook", changed)
    return Answer(_show(call, changed))


def _delete(call: Call, webhook_id: int) -> Answer:
    call.store.delete("webhook", _found(call, webhook_id)["id"])
    return Answer(status=204)


def _catalogue(call: Call) -> Answer:
    """The events; any word but "true" asks for those of projects."""
    wish = call.query.get("organization-only")
    asked = (action for action in known(call) if wish is None or action.organization_only == (wish == "true"))
    return Answer({action.code: action.show() for action in asked})


def accompany(call: Call, project: int, url: str) -> None:
    """Add the webhook that an ML backend brings along: none if it is there already, or its URL is none."""
    if is_url(url) and not exists(call, project, url):
        _insert(call, {"project": project, "url": url})


def exists(call: Call, project: int, url: str) -> bool:
    """Whether the project has a webhook with this very URL."""
    return bool(call.store.count("webhook", "project = ? AND json_extract(doc, '$.url') = ?", (project, url)))


def _insert(call: Call, given: Document) -> Document:
    times = {"created_at": now(), "updated_at": now()}
    ours = {"organization": call.organization, **times}
    return call.store.insert("webhook", {**defaults(settable(call)), **_settled(given), **ours})


def _settled(given: Document) -> Document:
    """The actions are a set; the server's database gives them back sorted."""
    return {**given, "actions": sorted(set(given["actions"]))} if "actions" in given else given


def _found(call: Call, webhook_id: int) -> Document:
    webhook = call.found("webhook", webhook_id, "Webhook")
    is_mine = webhook["project"] is None and webhook["organization"] == call.organization
    if not is_mine and not visible(call, webhook["project"]):
        raise Missing.of("Webhook")
    return webhook


def _show(call: Call, webhook: Document) -> dict[str, Any]:
    shown = {name: webhook[name] for name in _SHOWN}
    return {**shown, "consecutive_failures": webhook.get("consecutive_failures", 0)} if call.enterprise else shown


RESOURCE = Resource(
    "webhooks",
    unknowns={ORGANIZATION: ("allowed", "refused", "unsaid")},
    tables=(Table("webhook", (Column("project", references="project"),)),),
    routes=(
        Route("/api/webhooks/", {"GET": _listing, "POST": _create}),
        Route("/api/webhooks/info/", {"GET": _catalogue}, public=True),
        Route.of_one("/api/webhooks/<int:webhook_id>/", _detail, _change, _delete),
    ),
)
