"""A stand-in for Label Studio: a WSGI application over one SQLite file.

It is reached through HTTP alone and shares nothing with the rest of lsops but the error type. What
it knows about fields comes from the public API description, what it knows about behaviour from
measurements; see `lsops.sandbox.resource` for how a kind of object is added.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsops.sandbox.app import create_app, open_store
from lsops.sandbox.people import admit, owner, role_code, set_role, token_of
from lsops.sandbox.serve import serve

if TYPE_CHECKING:
    from lsops.sandbox.store import Store

__all__ = ["add_user", "create_app", "edition_of", "owner_token", "serve"]


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

    `role` is a word or a two-letter code; e-mails are compared without case.
    """
    code = role_code(role)
    store = open_store(db)
    try:
        with store.transaction():
            return _admitted(store, email.strip(), code)
    finally:
        store.close()


def _admitted(store: Store, email: str, role: str) -> str:
    known = store.find("user", "lower(email) = lower(?)", (email,))
    user = known[0] if known else admit(store, store.note("edition") or "", email, role)
    set_role(store, user, role)
    return token_of(store, user)
