"""Projects with webhooks, views and ML backends, desired and live, and plans of them, as short as a test wants them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lsops.engine.planning import Request, plan
from lsops.errors import Finding, ManifestError
from lsops.kinds import registry
from lsops.model.address import below, join, parent
from lsops.model.desired import Desired
from lsops.model.live import Collection, Facts, Live
from lsops.model.plan import Change, Plan
from lsops.model.resource import Lifecycle, Resource

COMMUNITY = Facts("https://label.example.com", "community", "1.23.2", user_id=1)
ENTERPRISE = Facts("https://label.example.com", "enterprise", "2.37.0", "owner", user_id=1)
NAMES = {"workspace": {"Radiology": 1}}
CATS = "/projects/Cats"
HOOK = "https://hooks.example.com/ls"
MODEL = "http://ml.example.com:9090"
NO_RULES = Lifecycle()


# ---- desired -----------------------------------------------------------------------------------


def project(title: str = "Cats", *, rules: Lifecycle = NO_RULES, **values: Any) -> Resource:
    return Resource("project", join("projects", title), title, {"title": title, **values}, lifecycle=rules)


def webhook(url: str = HOOK, /, *, rules: Lifecycle = NO_RULES, above: str = CATS, **values: Any) -> Resource:
    return _child("webhook", url, values, rules, above)


def view(title: str = "To review", /, *, rules: Lifecycle = NO_RULES, above: str = CATS, **values: Any) -> Resource:
    return _child("view", title, values, rules, above)


def backend(
    title: str = "triage", url: str = MODEL, *, rules: Lifecycle = NO_RULES, above: str = CATS, **values: Any
) -> Resource:
    return _child("ml_backend", title, {"url": url, **values}, rules, above)


def _child(kind: str, key: str, values: dict[str, Any], rules: Lifecycle, above: str) -> Resource:
    address = below(above, registry()[kind].schema.name, key)
    return Resource(kind, address, key, {registry()[kind].schema.key: key, **values}, above, lifecycle=rules)


# ---- live --------------------------------------------------------------------------------------


def live_project(number: int = 7, title: str = "Cats", **fields: Any) -> Resource:
    row = {"id": number, "title": title, "model_version": "", "show_collab_predictions": True, **fields}
    return registry()["project"].from_row(row, NAMES, "/projects")


def live_webhook(number: int = 1, url: str = HOOK, *, above: str = CATS, **fields: Any) -> Resource:
    defaults = {"headers": {}, "actions": [], "send_for_all_actions": True, "send_payload": True, "is_active": True}
    return registry()["webhook"].from_row(
        {"id": number, "url": url, **defaults, **fields}, {}, below(above, "webhooks")
    )


def live_view(number: int = 1, title: str = "To review", *, user: int = 1, above: str = CATS, **data: Any) -> Resource:
    row = {"id": number, "user": user, "order": 0, "data": {"title": title, **data}}
    return registry()["view"].from_row(row, {}, below(above, "views"))


def live_backend(
    number: int = 1, title: str = "triage", url: str = MODEL, *, above: str = CATS, **fields: Any
) -> Resource:
    row = {"id": number, "title": title, "url": url, "auth_method": "NONE", "basic_auth_user": "", **fields}
    return registry()["ml_backend"].from_row(row, {}, below(above, "ml_backends"))


# ---- plans -------------------------------------------------------------------------------------


def declared(*desired: Resource, written: Iterable[str] = (), prune: tuple[str, ...] = ()) -> Desired:
    """A manifest that writes the collections of its resources, and those in `written`."""
    places = [*(parent(item.address) for item in desired), *written]
    return Desired(desired, dict.fromkeys(places), prune)


def server(*rows: Resource, read: Iterable[str] = (), failed: Iterable[str] = ()) -> Live:
    """A server that was asked for the collections of these rows and for those in `read`; others in `failed` failed."""
    found: dict[str, tuple[Resource, ...]] = dict.fromkeys(read, ())
    for row in rows:
        found[parent(row.address)] = (*found.get(parent(row.address), ()), row)
    kinds = {kind.schema.name: kind.name for kind in registry().values()}
    collections = {place: Collection(kinds[place.rpartition("/")[2]], held) for place, held in found.items()}
    error = Finding("LS703", "GET: 500")
    broken = {place: Collection(kinds[place.rpartition("/")[2]], error=error) for place in failed}
    return Live({**collections, **broken}, NAMES)


def made(desired: Desired, live: Live, facts: Facts = COMMUNITY, **request: Any) -> Plan:
    return plan(desired, live, facts, Request(**request))


def planned(*desired: Resource, live: Iterable[Resource] = (), prune: tuple[str, ...] = (), **more: Any) -> Plan:
    """The plan of a manifest of these resources against a server that holds these rows."""
    return made(declared(*desired, prune=prune), server(*live), **more)


def refused(*desired: Resource, live: Iterable[Resource] = (), facts: Facts = COMMUNITY) -> list[tuple[str, str]]:
    """Why there is no such plan, as code and message."""
    try:
        planned(*desired, live=live, facts=facts)
    except ManifestError as error:
        return [(finding.code, finding.message) for finding in error.findings]
    return []


def lines(found: Plan) -> list[str]:
    """What changes, as the shortest text."""
    return [f"{change.symbol} {change.address}" for change in found.changes]


def fields_of(change: Change) -> list[tuple[str, Any, Any]]:
    return [(item.path, item.before, item.after) for item in change.fields]
