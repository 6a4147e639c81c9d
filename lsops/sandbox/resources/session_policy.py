"""`/api/session-policy/`: one per organisation, made on the first look at it (enterprise-api 5.5)."""

from __future__ import annotations

from lsops.sandbox.envelope import Crash
from lsops.sandbox.fields import Field, defaults, read
from lsops.sandbox.fieldtypes import now, number
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.store import Column, Document, Table

_MINUTES = number(least=1)
_FIELDS = {
    "max_session_age": Field(_MINUTES, default=11520),
    "max_time_between_activity": Field(_MINUTES, default=4320),
}


def _detail(call: Call) -> Answer:
    return Answer(_show(_policy(call)))


def _update(call: Call) -> Answer:
    changed = {
        **_policy(call),
        **read(_FIELDS, call.body, partial=True),
        "updated_at": now(),
    }
    call.store.replace("session_policy", changed)
    return Answer(_show(changed))


def _policy(call: Call) -> Document:
    if call.homeless:
        raise Crash("FOREIGN KEY constraint failed")
    found = call.store.find("session_policy", "organization = ?", (call.organization,))
    return found[0] if found else _make(call)


def _make(call: Call) -> Document:
    stamps = {
        "created_at": now(),
        "updated_at": now(),
        "organization": call.organization,
    }
    return call.store.insert("session_policy", {**defaults(_FIELDS), **stamps})


def _show(policy: Document) -> Document:
    return {name: policy[name] for name in (*_FIELDS, "created_at", "updated_at")}


RESOURCE = Resource(
    "session_policy",
    tables=(Table("session_policy", (Column("organization", references="organization"),)),),
    routes=(Route("/api/session-policy/", {"GET": _detail, "PATCH": _update}),),
)
