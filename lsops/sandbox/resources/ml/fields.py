"""The settable fields of an ML backend, in the order in which the server looks at them (community-api 6).

State and error message can be written, too, until the server asks the backend again, which it does at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from lsops.sandbox.envelope import Crash
from lsops.sandbox.fields import Bad, Check, Field, anything
from lsops.sandbox.fieldtypes import check_key, choice, flag, real, text
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.ml.connection import CONNECTED, DISCONNECTED, ERROR, TRAINING, check_url
from lsops.sandbox.resources.projects.scope import reference, visible
from lsops.sandbox.store import Document

BASIC = "BASIC_AUTH"
STATES = {
    CONNECTED: "Connected",
    DISCONNECTED: "Disconnected",
    ERROR: "Error",
    TRAINING: "Training",
    "PR": "Predicting",
}
_WORDS = Field(text(), default="", null=True)

FIELDS: dict[str, Field] = {
    "state": Field(choice(*STATES), default=DISCONNECTED),
    "is_interactive": Field(flag(), default=False),
    "url": Field(text(blank=False), required=True),
    "error_message": Field(text(), null=True),
    "title": Field(text(), default="default", null=True),
    "auth_method": Field(choice("NONE", BASIC), default="NONE"),
    "basic_auth_user": _WORDS,
    "basic_auth_pass": _WORDS,
    "description": _WORDS,
    "extra_params": Field(anything, null=True),
    "model_version": _WORDS,
    "timeout": Field(real, default=100.0),
    "auto_update": Field(flag(), default=True),
    "project": Field(reference(), required=True),
}
_SHOWN = (
    *("id", "state", "readable_state", "is_interactive", "url", "error_message", "title", "auth_method"),
    *("basic_auth_user", "basic_auth_pass_is_set", "description", "extra_params", "model_version", "timeout"),
    *("created_at", "updated_at", "auto_update", "project"),
)


def checks(call: Call, backend: Document | None) -> dict[str, Check]:
    """What looks at single values; `backend` is the one that is changed."""
    return {
        "url": check_url,
        "basic_auth_pass": partial(_password, backend),
        "project": partial(check_key, exists=partial(visible, call)),
    }


def _password(backend: Document | None, value: str | None) -> str:
    """An empty one keeps the stored one; a create has none, which crashes the server."""
    if value:
        return value
    if backend is None:
        raise Crash("'NoneType' object has no attribute 'basic_auth_pass'")
    if not backend["basic_auth_pass"]:
        raise Bad("Authentication password is required for Basic Authentication.")
    return str(backend["basic_auth_pass"])


def show(backend: Mapping[str, Any]) -> dict[str, Any]:
    """What every answer shows: all but the password."""
    derived = {
        "readable_state": STATES[backend["state"]],
        "basic_auth_pass_is_set": bool(backend["basic_auth_pass"]),
    }
    return {name: derived[name] if name in derived else backend[name] for name in _SHOWN}
