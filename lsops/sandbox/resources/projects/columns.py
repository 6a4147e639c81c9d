"""`dm_column_defaults`: columns of the Data Manager by surface and role (enterprise-api 12).

A surface that an update leaves out keeps its value. Whether roles are codes or words is not known (`ROLES`).
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.fields import Bad
from lsops.sandbox.resource import Call
from lsops.sandbox.store import Document

ROLES = "column-roles"
_FIELD = "dm_column_defaults"
_CODES = ("OW", "AD", "MA", "RE", "AN")
_WORDS = ("owner", "administrator", "manager", "reviewer", "annotator")


def check_roles(call: Call, value: Any) -> Any:
    """The value as it came, with roles in the form that this server knows."""
    known = _CODES if call.unknown(ROLES) == "codes" else _WORDS
    for surface, held in (value or {}).items():
        strange = [name for name in held.get("visible", {}) if name not in known]
        if strange:
            raise Bad({surface: {"visible": [f'"{strange[0]}" is not a valid choice.']}})
    return value


def with_kept_surfaces(project: Document, given: Document) -> Document:
    """What an update sets, with the surfaces that it leaves out; null clears both."""
    if given.get(_FIELD) is None:
        return given
    return {**given, _FIELD: {**(project.get(_FIELD) or {}), **given[_FIELD]}}
