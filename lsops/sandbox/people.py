"""The organisation, its owner and its members: what a fresh sandbox begins with, and who joins later.

Roles are the server's two-letter codes (enterprise-api 3); Community stores them without a use.
A membership without `invite_activated` is an invitation that nobody accepted yet; one with
`deleted_at` was removed, and stays.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from lsops.errors import LsopsError
from lsops.sandbox.fieldtypes import now, stamp
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
_INVITATION_DAYS = 30
_NOT_INVITED = {"invite_activated": True, "invited_at": None, "invited_by": None, "invite_expired_at": None}


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
    """An active member: a new one, or whoever was invited, removed or there before; gives their user.

    An accepted invitation keeps its ids; on Enterprise each member has a personal workspace.
    """
    user = by_email(store, email) or _new_user(store, email)
    membership = membership_of(store, user["id"])
    accepted = {"role": role, "deleted_at": None, "invite_activated": True}
    if membership["role"] != role or not is_active(membership):
        store.replace("membership", {**membership, **accepted})
    if user["active_organization"] is None:
        user = {**user, "active_organization": membership["organization"]}
        store.replace("user", user)
    if edition == ENTERPRISE and not store.count("workspace", "is_personal = 1 AND created_by = ?", (user["id"],)):
        store.insert("workspace", _sandbox(user, membership["organization"]))
    return user


def invite(store: Store, email: str, inviter: int, role: str) -> Document:
    """The user of an invitation to a role, new or renewed: a member without one until they accept it."""
    user = by_email(store, email) or _new_user(store, email)
    expiry = datetime.now(timezone.utc) + timedelta(days=_INVITATION_DAYS)
    invitation = {
        "role": "NO",
        "invited_role": role,
        "deleted_at": None,
        "invite_activated": False,
        "invited_at": now(),
        "invited_by": inviter,
        "invite_expired_at": stamp(expiry),
    }
    store.replace("membership", {**membership_of(store, user["id"]), **invitation})
    return user


def by_email(store: Store, email: str) -> Document | None:
    """The user with this e-mail; e-mails compare without case."""
    return next(iter(store.find("user", "lower(email) = lower(?)", (email,))), None)


def membership_of(store: Store, user: int) -> Document:
    """The user's membership, removed or not; everybody has one."""
    return store.find("membership", '"user" = ?', (user,))[0]


def is_active(membership: Document) -> bool:
    """Whether the membership is neither removed nor a pending invitation."""
    return not membership.get("deleted_at") and bool(membership.get("invite_activated", True))


def invitation_of(membership: Document) -> dict[str, Any]:
    """What the server shows about how somebody was invited; one without invitation is activated."""
    known = {key: membership.get(key, usual) for key, usual in _NOT_INVITED.items()}
    pending = not known["invite_activated"]
    return {**known, "invite_expired": bool(pending and str(known["invite_expired_at"]) < now())}


def role_of(store: Store, user: Document) -> str:
    """The two-letter code of the user's role in the organisation; "" for nobody's."""
    memberships = store.find("membership", '"user" = ?', (user["id"],))
    return str(memberships[0]["role"]) if memberships else ""


def token_of(store: Store, user: Document, token: str | None = None) -> str:
    """The user's legacy token; `token` sets it, otherwise it is made on first use."""
    kept = token or user.get("token") or secrets.token_hex(20)
    if kept != user.get("token"):
        store.replace("user", {**user, "token": kept})
    return str(kept)


def enrol(store: Store, organization: int, given: Document) -> Document:
    """A user whom somebody made: a member, though not in the organisation until that is said."""
    user = store.insert("user", {**_person("", None), **given})
    _add(store, organization, user["id"])
    return user


def _new_user(store: Store, email: str) -> Document:
    organization = store.find("organization", limit="LIMIT 1")[0]["id"]
    user = store.insert("user", _person(email, organization))
    _add(store, organization, user["id"])
    return user


def _add(store: Store, organization: int, user: int) -> None:
    store.insert(
        "membership",
        {
            "organization": organization,
            "user": user,
            "role": "NO",
            "role_source": "manual",
            "created_at": now(),
            "deleted_at": None,
            **_NOT_INVITED,
        },
    )


def _person(email: str, organization: int | None) -> Document:
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
