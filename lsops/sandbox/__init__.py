"""A stand-in for Label Studio: a WSGI application over one SQLite file.

It is reached through HTTP alone and shares nothing with the rest of lsops but the error type. What
it knows about fields comes from the public API description, what it knows about behaviour from
measurements; see `lsops.sandbox.resource` for how a kind of object is added.
"""

from __future__ import annotations

from pathlib import Path

from lsops.errors import LsopsError
from lsops.sandbox.app import create_app, open_store
from lsops.sandbox.groups import push
from lsops.sandbox.people import admit, by_email, membership_of, owner, role_code, token_of
from lsops.sandbox.resources.billing import LIMIT
from lsops.sandbox.resources.saml_settings import mappings_of
from lsops.sandbox.resources.storages.rows import FILES_ROOT
from lsops.sandbox.serve import serve

__all__ = [
    "add_user",
    "create_app",
    "edition_of",
    "expire_invitation",
    "fail_webhook",
    "limit_contract",
    "manage_elsewhere",
    "owner_token",
    "push_group",
    "serve",
    "serve_files_below",
    "set_role_source",
]


def owner_token(db: str | Path) -> str:
    """The owner's legacy token (40 hex digits), made on first use and kept in the file."""
    store = open_store(db)
    try:
        with store.transaction():
            return token_of(store, owner(store))
    finally:
        store.close()


def edition_of(db: str | Path) -> str:
    """The edition that an existing file was made for: `community` or `enterprise`, as a new one is."""
    store = open_store(db)
    try:
        return store.note("edition") or "enterprise"
    finally:
        store.close()


def add_user(db: str | Path, email: str, role: str) -> str:
    """Add an active member, or give the one with this e-mail the role; returns their token.

    Whoever was invited accepts by this and keeps their ids. `role` is a word or a two-letter code;
    e-mails are compared without case.
    """
    code = role_code(role)
    store = open_store(db)
    try:
        with store.transaction():
            return token_of(store, admit(store, store.note("edition") or "", email.strip(), code))
    finally:
        store.close()


def manage_elsewhere(db: str | Path, *, roles: bool = False, workspaces: bool = False) -> None:
    """Let an identity provider own all roles, or all workspace memberships, of an Enterprise file."""
    store = open_store(db)
    switches = {"manual_role_management": not roles, "manual_workspace_management": not workspaces}
    try:
        with store.transaction():
            for organization in store.find("organization"):
                store.replace("organization", {**organization, **switches})
    finally:
        store.close()


def set_role_source(db: str | Path, email: str, source: str) -> None:
    """Say where a member's role comes from: `manual`, `saml`, `scim`, `ldap`, `api` or `billing`."""
    _change_membership(db, email, role_source=source)


def push_group(db: str | Path, group: str, *emails: str) -> None:
    """Push a group as an identity provider does by SCIM: who is in it from now on, and what that gives them."""
    store = open_store(db)
    try:
        with store.transaction():
            push(store, mappings_of(store), group, emails)
    finally:
        store.close()


def expire_invitation(db: str | Path, email: str) -> None:
    """Let the invitation of a pending person be too old to accept."""
    _change_membership(db, email, invite_expired_at="2025-01-01T00:00:00Z")


def limit_contract(db: str | Path, *, is_expired: bool = False, **limits: int) -> None:
    """Say how many the contract of an Enterprise file allows, such as `projects=10`; 0 is as many as one likes."""
    store = open_store(db)
    try:
        with store.transaction():
            store.set_note(f"{LIMIT}expired", "yes" if is_expired else "")
            for name, limit in limits.items():
                store.set_note(LIMIT + name, str(limit))
    finally:
        store.close()


def fail_webhook(db: str | Path, number: int, failures: int) -> None:
    """Let that many calls of a webhook have failed in a row; with 50 it is switched off (enterprise-api 12)."""
    store = open_store(db)
    try:
        with store.transaction():
            hook = store.get("webhook", number)
            if hook is None:
                raise LsopsError.of(f"the sandbox has no webhook with the id {number}", code="LS605")
            is_active = hook["is_active"] and failures < 50
            store.replace("webhook", {**hook, "consecutive_failures": failures, "is_active": is_active})
    finally:
        store.close()


def serve_files_below(db: str | Path, root: str | Path) -> None:
    """Say what local storages may name: folders below `root`, which is /data otherwise."""
    store = open_store(db)
    try:
        with store.transaction():
            store.set_note(FILES_ROOT, str(root))
    finally:
        store.close()


def _change_membership(db: str | Path, email: str, **values: str) -> None:
    store = open_store(db)
    try:
        with store.transaction():
            user = by_email(store, email)
            if user is None:
                raise LsopsError.of(f'nobody in the sandbox has the e-mail "{email}"', code="LS605")
            store.replace("membership", {**membership_of(store, user["id"]), **values})
    finally:
        store.close()
