"""`/api/invite`: the link, and invitations by e-mail, which only Enterprise has (enterprise-api 5.4).

There is no list of invitations: who was invited is a member without a role until they accept, which
is what `lsops sandbox user` is for. Unknown, and read strictly: an invitation to an active member is
refused with all others of its call, a revoked one leaves a "Deleted" row behind.
"""

from __future__ import annotations

import secrets
from typing import Any

from lsops.sandbox.envelope import Invalid, Missing
from lsops.sandbox.fields import Bad, Field, read
from lsops.sandbox.fieldtypes import choice, now, number, text
from lsops.sandbox.people import ROLES, by_email, invite, is_active, membership_of
from lsops.sandbox.resource import Answer, Call, Resource, Route
from lsops.sandbox.resources.memberships import forget
from lsops.sandbox.store import Document

_ASSIGNABLE = tuple(code for code in ROLES.values() if code != "OW")
_SENT = Answer("", media="")


def _listed(convert: Any, *, empty: bool) -> Any:
    """A list of values of one type."""

    def convert_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Bad(f'Expected a list of items but got type "{type(value).__name__}".')
        if not value and not empty:
            raise Bad("This list may not be empty.")
        return [convert(item) for item in value]

    return convert_all


_ADDRESS = text(blank=False)
_FIELDS = {
    "emails": Field(_listed(_ADDRESS, empty=False), required=True),
    "role": Field(choice(*_ASSIGNABLE), required=True),
    "projects": Field(_listed(number(least=1), empty=True), default=[]),
    "workspaces": Field(_listed(number(least=1), empty=True), default=[]),
}
_REVOKED = {"email": Field(_ADDRESS, required=True)}


def _link(call: Call) -> Answer:
    return Answer(_show(call.own_organization("token")))


def _reset(call: Call) -> Answer:
    changed = {**call.own_organization("reset_token"), "token": secrets.token_urlsafe(30), "updated_at": now()}
    call.store.replace("organization", changed)
    return Answer(_show(changed), 201)


def _send(call: Call) -> Answer:
    """Invite, or renew an invitation; a person may get access to projects and workspaces with it."""
    given = read(_FIELDS, call.body, partial=False, checks={"emails": lambda emails: _checked(call, emails)})
    for email in given["emails"]:
        user = invite(call.store, email, call.user["id"], given["role"])
        for kind in ("project", "workspace"):
            _let_in(call, user, kind, given.get(f"{kind}s", []))
    return _SENT


def _checked(call: Call, emails: list[str]) -> list[str]:
    for email in emails:
        if "@" not in email:
            raise Bad(f'"{email}" is not a valid email address.')
        user = by_email(call.store, email)
        if user and is_active(membership_of(call.store, user["id"])):
            raise Bad(f'"{email}" is already a member of the organization.')
    return emails


def _let_in(call: Call, user: Document, kind: str, keys: list[int]) -> None:
    for key in keys:
        if call.store.get(kind, key) is None:
            raise Invalid({f"{kind}s": [f'Invalid pk "{key}" - object does not exist.']})
        table = f"{kind}_member"
        if not call.store.count(table, f'{kind} = ? AND "user" = ?', (key, user["id"])):
            call.store.insert(table, {kind: key, "user": user["id"]})


def _revoke(call: Call) -> Answer:
    user = by_email(call.store, read(_REVOKED, call.body, partial=False)["email"])
    membership = membership_of(call.store, user["id"]) if user else {}
    if not membership or membership.get("deleted_at") or is_active(membership):
        raise Missing("Invite not found")
    forget(call, membership)
    return _SENT


def _show(organization: Document) -> dict[str, Any]:
    token = organization["token"]
    return {"token": token, "invite_url": f"/user/signup/?token={token}"}


RESOURCE = Resource(
    "invites",
    routes=(
        Route("/api/invite", {"GET": _link}),
        Route("/api/invite/reset-token", {"POST": _reset}),
        Route("/api/invite/send-email", {"POST": _send}, enterprise=True),
        Route("/api/invite/revoke", {"POST": _revoke}, enterprise=True),
    ),
)
