"""`/api/organizations/{id}/permissions`: what is not as by default (enterprise-api 5.8); no path ends with a slash.

Unknown, and switches: how keys look, whether the list has every permission or overrides only, whether a PUT makes an
override that is not there, and whether administrators may read it.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Field, read
from lsops.sandbox.fieldtypes import choice, several, text
from lsops.sandbox.people import ROLES
from lsops.sandbox.permissions import KEYS, OPTIONS, READERS, Option, called, override_of
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.organizations import own
from lsops.sandbox.store import Column, Document, Table

_LIST = "permission-list"
_PUT = "permission-put"
_TABLE = "organization_permission"
_FIELDS = {
    "permission": Field(text(longest=255, blank=False), required=True),
    "roles": Field(several(choice(*ROLES.values(), "VO")), default=[]),
}


def _options(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    return Answer([_told(call, option) for option in OPTIONS])


def _listing(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    known = {called(call, option): (number, option) for number, option in enumerate(OPTIONS, 1001)}
    held = {row["permission"]: row for row in call.store.find(_TABLE, "organization = ?", (organization_id,))}
    every = known if call.unknown(_LIST) == "all" else [key for key in known if key in held]
    blank = {"organization": organization_id}
    rows = (held.get(key) or {**blank, "id": known[key][0], "roles": list(known[key][1].default)} for key in every)
    return Answer([_show(call, row, known[key][1]) for key, row in zip(every, rows, strict=True)])


def _create(call: Call, organization_id: int) -> Answer:
    own(call, organization_id)
    given = {"roles": [], **read(_FIELDS, call.body, partial=False)}
    option = _option(call, given["permission"])
    _check(option, given["roles"])
    if override_of(call, given["permission"]) is not None:
        raise Invalid({"permission": ["organization permission with this permission already exists."]})
    return Answer(_show(call, call.store.insert(_TABLE, {**given, "organization": organization_id}), option))


def _detail(call: Call, organization_id: int, permission_key: str) -> Answer:
    own(call, organization_id)
    return Answer(_show(call, _held(call, permission_key), _option(call, permission_key)))


def _change(call: Call, organization_id: int, permission_key: str, *, partly: bool) -> Answer:
    own(call, organization_id)
    if not partly and call.unknown(_PUT) == "creates" and override_of(call, permission_key) is None:
        return _create(call, organization_id)
    override = _held(call, permission_key)
    given = read(_FIELDS, call.body, partial=partly)
    option = _option(call, permission_key)
    _check(option, given.get("roles", ()))
    changed = {**override, **given, "permission": permission_key}
    call.store.replace(_TABLE, changed)
    return Answer(_show(call, changed, option))


def _replace(call: Call, organization_id: int, permission_key: str) -> Answer:
    return _change(call, organization_id, permission_key, partly=False)


def _update(call: Call, organization_id: int, permission_key: str) -> Answer:
    return _change(call, organization_id, permission_key, partly=True)


def _remove(call: Call, organization_id: int, permission_key: str) -> Answer:
    own(call, organization_id)
    call.store.delete(_TABLE, _held(call, permission_key)["id"])
    return Answer(None, 204)


def _held(call: Call, key: str) -> Document:
    override = override_of(call, key)
    if override is None:
        raise Missing.of("OrganizationPermission")
    return override


def _option(call: Call, key: str) -> Option:
    found = next((option for option in OPTIONS if called(call, option) == key), None)
    if found is None:
        raise Invalid({"permission": [f'"{key}" is not a configurable permission.']})
    return found


def _check(option: Option, roles: Any) -> None:
    wrong = [role for role in roles if role not in option.options]
    if wrong:
        raise Invalid({"roles": [f"Roles not allowed: {', '.join(wrong)}."]})


def _told(call: Call, option: Option) -> dict[str, Any]:
    return {
        "permission": called(call, option),
        "label": option.label,
        "tooltip": f"{option.label}, with the interface and with the API.",
        "group": option.group,
        "default": list(option.default),
        "options": list(option.options),
    }


def _show(call: Call, override: Document, option: Option) -> dict[str, Any]:
    return {**{name: override[name] for name in ("id", "organization", "roles")}, **_told(call, option)}


_BASE = "/api/organizations/<int:organization_id>/permissions"

RESOURCE = Resource(
    "organization_permissions",
    tables=(Table(_TABLE, (Column("organization", references="organization"), Column("permission"))),),
    routes=(
        Route(_BASE, {"GET": _listing, "POST": _create}, enterprise=True),
        Route(f"{_BASE}/options", {"GET": _options}, enterprise=True),
        Route(
            f"{_BASE}/<string:permission_key>",
            {"GET": _detail, "PUT": _replace, "PATCH": _update, "DELETE": _remove},
            enterprise=True,
        ),
    ),
    unknowns={
        KEYS: ("dotted", "numbered"),
        _LIST: ("overrides", "all"),
        _PUT: ("updates", "creates"),
        READERS: ("owner", "administrators"),
    },
)
