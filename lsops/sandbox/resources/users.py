"""`/api/users/` and `/api/current-user/` (community-api 8; on Enterprise `LseUser`).

Everybody may make and change users, on Community delete them, too; who is made is a member without an active
organisation. An e-mail is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from lsops.sandbox.envelope import Bare, Crash, Forbidden, Invalid, Missing, WrongMethod
from lsops.sandbox.fields import Bad, Check, Field, anything, read
from lsops.sandbox.fieldtypes import check_key, email, flag, moment, text
from lsops.sandbox.people import enrol, invitation_of, token_of
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table

_SHOWN = (
    "first_name",
    "last_name",
    "username",
    "email",
    "last_activity",
    "custom_hotkeys",
)
_SHOWN_LATER = ("phone", "active_organization")
_ACTIONS = {
    "organizations": ("create", "view", "change", "delete", "invite"),
    "projects": ("create", "view", "change", "delete", "reset_cache"),
    "tasks": ("create", "view", "change", "delete"),
    "views": ("reset",),
    "annotations": ("create", "view", "change", "delete"),
    "actions": ("perform",),
    "predictions": ("any",),
    "avatar": ("any",),
    "labels": ("create", "view", "change", "delete"),
    "models": ("create", "view", "change", "delete"),
    "model_provider_connection": ("create", "view", "change", "delete"),
    "webhooks": ("view", "change"),
    "users": ("token.any",),
    "storages": ("view", "change", "sync"),
}
PERMISSIONS = [f"{thing}.{action}" for thing, actions in _ACTIONS.items() for action in actions] + [
    f"views.{action}" for action in ("view", "create", "change", "delete")
]
_LSE_FIELDS: dict[str, Any] = {
    "email_notification_settings": {},
    "onboarding_state": None,
    "social_auth_finished": None,
    "trial_company": None,
    "trial_experience_labeling": None,
    "trial_license_enterprise": None,
    "trial_models_in_production": None,
    "trial_role": None,
}
_DELETED = {"username": "Deleted", "first_name": "Deleted", "last_name": "User", "email": "Deleted", "initials": "DU"}


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Bad(f'Expected a dictionary of items but got type "{type(value).__name__}".')
    return value


_HOMELESS = 'id NOT IN (SELECT "user" FROM membership)'
"""Whom a caller without an organisation sees: users who are members of none."""
_NAME = Field(text(longest=256), default="")
_FIELDS = {
    **dict.fromkeys(("first_name", "last_name", "phone"), _NAME),
    "username": Field(text(longest=256, blank=False), required=True),
    "email": Field(email, default="", update=False),
    "custom_hotkeys": Field(anything, default={}),
    "active_organization": Field(anything, null=True),
    "allow_newsletters": Field(flag(null=True), null=True),
    "date_joined": Field(moment),
}
_HOTKEYS = {"custom_hotkeys": Field(_object, required=True)}
_NO_META = {"title": "", "email": ""}
_MANY = 500


def show_user(call: Call, user: Document) -> dict[str, Any]:
    """A user as details show them."""
    return show_users(call, [user])[0]


def show_users(call: Call, users: Sequence[Document]) -> list[dict[str, Any]]:
    """Users as every list and detail shows them; those who were removed have "Deleted" for a name and an e-mail."""
    meta = meta_of(call)
    memberships = _memberships(call, users)
    return [show(call, user, memberships[user["id"]], meta) for user in users]


def show(call: Call, user: Document, membership: Document, meta: dict[str, str]) -> dict[str, Any]:
    """One user of many: with their membership, and what is said about the organisation."""
    shown = {
        "id": user["id"],
        **{name: user[name] for name in _SHOWN},
        "avatar": None,
        "initials": initials(user),
        **{name: user[name] for name in _SHOWN_LATER},
        "active_organization_meta": meta if user["active_organization"] else _NO_META,
        "allow_newsletters": user["allow_newsletters"],
        "date_joined": user["date_joined"],
    }
    if membership.get("deleted_at") and not call.homeless:
        shown |= _DELETED
    return {**shown, **_enterprise(membership)} if call.enterprise else shown


def show_briefly(call: Call, key: int | None) -> dict[str, Any] | None:
    """A user inside another object; None when they are gone."""
    user = call.store.get("user", key) if key else None
    if user is None:
        return None
    return {
        **{name: user[name] for name in ("id", "first_name", "last_name", "email")},
        "avatar": None,
    }


def _listing(call: Call) -> Answer:
    return Answer(show_users(call, call.store.find("user", _HOMELESS if call.homeless else "1")))


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False, checks=_checks(call))
    if call.organization is None:
        raise Crash.of_nothing("add_user")
    return Answer(show_user(call, enrol(call.store, call.organization, given)), 201)


def _detail(call: Call, user_id: int) -> Answer:
    return Answer(show_user(call, _found(call, user_id)))


def _update(call: Call, user_id: int) -> Answer:
    body = call.body
    changed = {**_found(call, user_id), **read(_FIELDS, body, partial=True, checks=_checks(call))}
    if "email" in body:
        raise WrongMethod("Cannot update read-only field: email")
    call.store.replace("user", changed)
    return Answer(show_user(call, changed))


def _delete(call: Call, user_id: int) -> Answer:
    """Unlike the removal of a member this leaves no row; the owner stays."""
    if call.enterprise:
        raise WrongMethod.of("DELETE")
    user = _found(call, user_id)
    if call.store.count("organization", "json_extract(doc, '$.created_by') = ?", (user["id"],)):
        raise Forbidden("The organization owner cannot be deleted")
    call.store.delete("user", user["id"])
    return Answer(status=204)


def _found(call: Call, user_id: int) -> Document:
    """A user of the caller's organisation."""
    user = call.found("user", user_id, "User")
    if call.homeless and not call.store.count("user", f"id = ? AND {_HOMELESS}", (user_id,)):
        raise Missing.of("User")
    return user


def _checks(call: Call) -> dict[str, Check]:
    def is_new(value: str) -> str:
        if call.store.count("user", "email = ?", (value,)):
            raise Bad("user with this email address already exists.")
        return value

    exists = partial(call.store.get, "organization")
    return {"email": is_new, "active_organization": partial(check_key, exists=exists)}


def _token(call: Call) -> Answer:
    return Answer({"token": token_of(call.store, call.user)})


def _hotkeys(call: Call) -> Answer:
    return Answer({"custom_hotkeys": call.user["custom_hotkeys"]})


def _set_hotkeys(call: Call) -> Answer:
    try:
        given = read(_HOTKEYS, call.body, partial=False)
    except Invalid as invalid:
        raise Bare(400, {"error": "Invalid hotkeys configuration", "details": invalid.errors}) from invalid
    call.store.replace("user", {**call.user, **given})
    return Answer(given)


def _whoami(call: Call) -> Answer:
    shown = {**show_user(call, call.user), "permissions": PERMISSIONS}
    if call.enterprise:
        organization = call.own_organization("external_id")
        shown["lse_fields"] |= {"active_organization_external_id": organization.get("external_id")}
        shown["social_accounts"] = []
    return Answer(shown)


def initials(user: Document) -> str:
    """Two letters for a picture that nobody uploaded."""
    return str((user["first_name"][:1] + user["last_name"][:1]) or user["email"][:2])


def meta_of(call: Call) -> dict[str, str]:
    """What users show of the organisation; a sandbox has one."""
    organization = call.store.get("organization", call.organization or 0)
    if organization is None:
        return _NO_META
    founder = call.store.get("user", organization["created_by"] or 0)
    return {
        "title": organization["title"],
        "email": founder["email"] if founder else "",
    }


def _memberships(call: Call, users: Sequence[Document]) -> dict[int, Document]:
    keys = [user["id"] for user in users]
    where, arguments = (f'"user" IN ({",".join("?" * len(keys))})', keys) if len(keys) <= _MANY else ("1", [])
    return {membership["user"]: membership for membership in call.store.find("membership", where, arguments)}


def _enterprise(membership: Document) -> dict[str, Any]:
    """Roles are the server's two-letter codes, in a list with one entry per organisation."""
    brief = {
        "active": not membership.get("deleted_at"),
        "flex": None,
        "organization_id": membership["organization"],
        "role": membership["role"],
        "user_type": "standard",
    }
    return {
        "lse_fields": {**_LSE_FIELDS, **invitation_of(membership)},
        "org_membership": [brief],
        "organization_membership": brief,
        "pause": None,
    }


RESOURCE = Resource(
    "users",
    tables=(Table("user", (Column("token", unique=True), Column("email", unique=True))),),
    routes=(
        Route("/api/users/", {"GET": _listing, "POST": _create}),
        Route("/api/users/<int:user_id>/", {"GET": _detail, "PATCH": _update, "DELETE": _delete}),
        Route("/api/current-user/whoami", {"GET": _whoami}),
        Route("/api/current-user/token", {"GET": _token}),
        Route("/api/current-user/hotkeys/", {"GET": _hotkeys, "PATCH": _set_hotkeys}),
    ),
)
