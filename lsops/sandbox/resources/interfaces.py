"""`/api/interfaces/` of Enterprise: saved interfaces that projects use (enterprise-api 8.5).

One that belongs to HumanSignal is in every list, and is nobody's to change.
"""

from __future__ import annotations

from typing import Any

from lsops.sandbox.envelope import Missing
from lsops.sandbox.fields import Field, anything, defaults, read
from lsops.sandbox.fieldtypes import now, text
from lsops.sandbox.paging import Paging, page
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table

_PAGES = Paging(size=30, most=100)
_FIELDS = {
    "title": Field(text(longest=500, blank=False), required=True),
    "description": Field(text(), default="", null=True),
    "code": Field(text(blank=False), required=True),
    "compiled": Field(text(blank=False), required=True),
    "workspace": Field(anything, null=True),
    "metadata": Field(anything, null=True),
}
_LISTED = ("id", "title", "description", "workspace", "metadata", "created_at", "is_system")
_OF_SYSTEM = {
    "id": 999_999,
    "title": "Starter",
    "description": "",
    "workspace": None,
    "metadata": None,
    "created_at": "2026-05-01T00:00:00Z",
    "is_system": True,
}


def _listing(call: Call) -> Answer:
    found = call.store.find("interface", "organization = ?", (call.organization,))
    every = [_OF_SYSTEM, *({name: row.get(name) for name in _LISTED} for row in found)]

    def rows(limit: int, offset: int) -> list[dict[str, Any]]:
        return every[offset : offset + limit]

    return Answer(page(call, _PAGES, count=len(every), rows=rows))


def _create(call: Call) -> Answer:
    given = read(_FIELDS, call.body, partial=False)
    ours = {"organization": call.organization, "created_at": now(), "is_system": False}
    return Answer(_show(call.store.insert("interface", {**defaults(_FIELDS), **given, **ours})), 201)


def _detail(call: Call, interface_id: int) -> Answer:
    found = call.store.get("interface", interface_id)
    if found is None or found["organization"] != call.organization:
        raise Missing.of("LseInterface")
    return Answer(_show(found))


def _show(row: Document) -> Document:
    return {name: value for name, value in row.items() if name != "organization"}


RESOURCE = Resource(
    "interfaces",
    tables=(Table("interface", (Column("organization", references="organization"),)),),
    routes=(
        Route("/api/interfaces/", {"GET": _listing, "POST": _create}, enterprise=True),
        Route("/api/interfaces/<int:interface_id>/", {"GET": _detail}, enterprise=True),
    ),
)
