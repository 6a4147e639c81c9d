"""The organisation, its owner and its members: what a fresh sandbox begins with.

Roles are the server's two-letter codes (enterprise-api 3); Community stores them without a use.
"""

from __future__ import annotations

import secrets

from lsops.errors import LsopsError
from lsops.sandbox.fieldtypes import now
from lsops.sandbox.resource import ENTERPRISE
from lsops.sandbox.store import Document, Store

OWNER = "owner@example.com"
ROLES = {
    "owner": "OW",
    "administrator": "AD",
    "manager": "MA",
    "reviewer": "RE",
    "annotator": "AN",
    "not_activated": "NO",
    "deactivated": "DI",
}


def found(store: Store, edition: str) -> None:
    """Make the organisation and its owner, unless the file has them."""
    if store.count("organization"):
        return
    organization = store.insert(
        "organization",
        {
            "title": "Label Studio",
            "token": secrets.token_urlsafe(30),
            "created_at": now(),
            "updated_at": now(),
            "contact_info": None,
            "created_by": None,
            "api_tokens_enabled": True,
            "legacy_api_tokens_enabled": True,
        },
    )
    founder = admit(store, edition, OWNER, "OW")
    store.replace("organization", {**organization, "created_by": founder["id"]})


def owner(store: Store) -> Document:
    """Who founded the organisation."""
    return store.find("user", order="id", limit="LIMIT 1")[0]


def role_code(role: str) -> str:
    """The two-letter code of a role given as a word or as a code."""
    code = ROLES.get(role.lower(), role.upper())
    if code not in ROLES.values():
        raise LsopsError.of(f'unknown role "{role}"', code="LS605", hint=f"one of {', '.join(ROLES)}")
    return code


def admit(store: Store, edition: str, email: str, role: str) -> Document:
    """A new active user in the organisation; on Enterprise each has a personal workspace."""
    organization = store.find("organization", limit="LIMIT 1")[0]
    user = store.insert("user", _person(email, organization["id"]))
    membership = {
        "organization": organization["id"],
        "user": user["id"],
        "role": role,
        "created_at": now(),
    }
    store.insert("membership", membership)
    if edition == ENTERPRISE:
        store.insert("workspace", _sandbox(user, organization["id"]))
    return user


def set_role(store: Store, user: Document, role: str) -> None:
    """Give a member another role."""
    for membership in store.find("membership", '"user" = ?', (user["id"],)):
        store.replace("membership", {**membership, "role": role})


def role_of(store: Store, user: Document) -> str:
    """The two-letter code of the user's role in the organisation."""
    memberships = store.find("membership", '"user" = ?', (user["id"],))
    return str(memberships[0]["role"]) if memberships else ""


def token_of(store: Store, user: Document, token: str | None = None) -> str:
    """The user's legacy token; `token` sets it, otherwise it is made on first use."""
    kept = token or user.get("token") or secrets.token_hex(20)
    if kept != user.get("token"):
        store.replace("user", {**user, "token": kept})
    return str(kept)


def _person(email: str, organization: int) -> Document:
    return {
        "first_name": "",
        "last_name": "",
        "username": "",
        "email": email,
        "last_activity": now(),
        "custom_hotkeys": {},
        "phone": "",
        "active_organization": organization,
        "allow_newsletters": None,
        "date_joined": now(),
    }


def _sandbox(user: Document, organization: int) -> Document:
    """A personal workspace: where projects go that name none (enterprise-api 1, point 19)."""
    return {
        "title": f"{user['email']}'s Sandbox",
        "description": "",
        "color": "#FFFFFF",
        "is_personal": True,
        "is_archived": False,
        "created_by": user["id"],
        "organization": organization,
    }
