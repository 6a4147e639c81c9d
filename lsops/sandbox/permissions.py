"""What an organisation lets which roles do, and whether a caller may (enterprise-api 5.8 and 12).

No public document prints the keys, the defaults or the texts: those here are MADE UP after Community's dotted names.
What stands in `guards` is refused to roles without the permission, for restrictions bind the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lsops.sandbox.envelope import Forbidden
from lsops.sandbox.resource import Call
from lsops.sandbox.store import Document

KEYS: Final = "permission-keys"
READERS: Final = "permission-readers"
_ORGANIZATION = "/api/organizations/<int:organization_id>"
_PERMISSIONS = f"{_ORGANIZATION}/permissions"
_STAFF = ("OW", "AD", "MA")
_WRITES = ("POST", "PUT", "PATCH", "DELETE")

Guards = tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One permission that can be configured. A guarded path that ends with `*` is the beginning of one."""

    key: str
    label: str
    default: tuple[str, ...]
    options: tuple[str, ...]
    group: str
    guards: Guards = ()


OPTIONS = (
    Option("organizations.invite", "Invite people", ("OW", "AD"), _STAFF, "Organization"),
    Option(
        "organizations.change",
        "Change the settings of the organization",
        ("OW", "AD"),
        ("OW", "AD"),
        "Organization",
        ((("PATCH",), _ORGANIZATION), (("PATCH",), f"{_ORGANIZATION}/set-default-role")),
    ),
    Option(
        "organizations.permissions",
        "Change permissions",
        ("OW",),
        ("OW", "AD"),
        "Organization",
        ((("GET", *_WRITES), f"{_PERMISSIONS}*"),),
    ),
    Option("users.token.any", "Use access tokens", (*_STAFF, "RE", "AN"), (*_STAFF, "RE", "AN"), "Organization"),
    Option("projects.create", "Create projects", _STAFF, _STAFF, "Projects", ((("POST",), "/api/projects/"),)),
    Option(
        "projects.delete",
        "Delete projects",
        _STAFF,
        (*_STAFF, "RE"),
        "Projects",
        ((("DELETE",), "/api/projects/<int:project_id>/"),),
    ),
    Option("projects.reset_cache", "Reset the cache of projects", _STAFF, _STAFF, "Projects"),
    Option("storages.change", "Change storages", _STAFF, _STAFF, "Projects", ((_WRITES, "/api/storages/*"),)),
    Option("webhooks.change", "Change webhooks", _STAFF, _STAFF, "Projects", ((_WRITES, "/api/webhooks/*"),)),
    Option("views.reset", "Reset views", _STAFF, _STAFF, "Projects", ((("DELETE",), "/api/dm/views/reset/"),)),
    Option("tasks.delete", "Delete tasks", _STAFF, (*_STAFF, "RE", "AN"), "Tasks"),
    Option("annotations.delete", "Delete annotations", (*_STAFF, "RE"), (*_STAFF, "RE", "AN"), "Tasks"),
)


def called(call: Call, option: Option) -> str:
    """The key of a permission, whose form nobody outside knows."""
    return option.key if call.unknown(KEYS) == "dotted" else f"p{OPTIONS.index(option) + 1:02}"


def override_of(call: Call, key: str) -> Document | None:
    """What the organisation says of a permission, where that is not the default."""
    condition = "organization = ? AND permission = ?"
    return next(iter(call.store.find("organization_permission", condition, (call.organization, key))), None)


def check_permission(call: Call, method: str, path: str) -> None:
    """Raise `Forbidden` unless the caller's role has every permission that guards the method on the route."""
    for option in OPTIONS:
        if any(method in methods and _is_below(path, place) for methods, place in option.guards):
            is_read = method == "GET" and call.unknown(READERS) == "administrators"
            override = None if is_read else override_of(call, called(call, option))
            allowed = ("OW", "AD") if is_read else option.default if override is None else override["roles"]
            if call.role not in allowed:
                raise Forbidden


def _is_below(path: str, place: str) -> bool:
    return path.startswith(place[:-1]) if place.endswith("*") else path == place
