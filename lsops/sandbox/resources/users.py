"""`/api/users/` and `/api/current-user/whoami` (community-api 8; on Enterprise `LseUser`)."""

from __future__ import annotations

from typing import Any

from lsops.sandbox.people import role_of
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
_INVITATION = {
    "email_notification_settings": {},
    "invite_activated": True,
    "invite_expired": False,
    "invite_expired_at": None,
    "invited_at": None,
    "invited_by": None,
    "onboarding_state": None,
    "social_auth_finished": None,
    "trial_company": None,
    "trial_experience_labeling": None,
    "trial_license_enterprise": None,
    "trial_models_in_production": None,
    "trial_role": None,
}


def show_user(call: Call, user: Document) -> dict[str, Any]:
    """A user as every list and detail shows them."""
    shown = {
        "id": user["id"],
        **{name: user[name] for name in _SHOWN},
        "avatar": None,
        "initials": initials(user),
        **{name: user[name] for name in _SHOWN_LATER},
        "active_organization_meta": _meta(call, user),
        "allow_newsletters": user["allow_newsletters"],
        "date_joined": user["date_joined"],
    }
    return {**shown, **_enterprise(call, user)} if call.enterprise else shown


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
    return Answer([show_user(call, user) for user in call.store.find("user")])


def _detail(call: Call, user_id: int) -> Answer:
    return Answer(show_user(call, call.found("user", user_id, "User")))


def _whoami(call: Call) -> Answer:
    shown = {**show_user(call, call.user), "permissions": PERMISSIONS}
    if call.enterprise:
        shown["lse_fields"] = {**_INVITATION, "active_organization_external_id": None}
        shown["social_accounts"] = []
    return Answer(shown)


def initials(user: Document) -> str:
    """Two letters for a picture that nobody uploaded."""
    return str((user["first_name"][:1] + user["last_name"][:1]) or user["email"][:2])


def _meta(call: Call, user: Document) -> dict[str, str]:
    organization = call.store.get("organization", user["active_organization"] or 0)
    if organization is None:
        return {"title": "", "email": ""}
    founder = call.store.get("user", organization["created_by"] or 0)
    return {
        "title": organization["title"],
        "email": founder["email"] if founder else "",
    }


def _enterprise(call: Call, user: Document) -> dict[str, Any]:
    """Roles are the server's two-letter codes, in a list with one entry per organisation."""
    membership = {
        "active": True,
        "flex": None,
        "organization_id": user["active_organization"],
        "role": role_of(call.store, user),
        "user_type": "standard",
    }
    return {
        "lse_fields": dict(_INVITATION),
        "org_membership": [membership],
        "organization_membership": membership,
        "pause": None,
    }


RESOURCE = Resource(
    "users",
    tables=(Table("user", (Column("token", unique=True), Column("email", unique=True))),),
    routes=(
        Route("/api/users/", {"GET": _listing}),
        Route("/api/users/<int:user_id>/", {"GET": _detail}),
        Route("/api/current-user/whoami", {"GET": _whoami}),
    ),
)
