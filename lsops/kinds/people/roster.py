"""Who is in the organisation, as all kinds of this folder know them; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lsops.errors import Finding, LsopsError, NotFound
from lsops.kinds.reader import Names, Row, Where
from lsops.model.desired import Desired
from lsops.model.live import Facts, Live
from lsops.model.resource import Resource
from lsops.normalize import email as folded
from lsops.server.forms import ID, MAP, TEXT, Form, OrNull
from lsops.spelling import Near
from lsops.tally import Misspelt

NAME = "member"
ADDRESS = "/members"
INVITED = "invited"
"""The names of those members who were invited and did not accept yet."""

USER = Form(needed={"id": ID, "email": OrNull(TEXT)}, known={"lse_fields": OrNull(MAP)})
"""The user in the row of a membership."""


def person(row: Row) -> dict[str, Any] | None:
    """A membership's row under the id of its user; None for somebody who was deleted, whose row stays without e-mail
    (Community facts 8).
    """
    user = row.get("user") or {}
    email = str(user.get("email") or "").strip()
    if "@" not in email:
        return None
    return {**row, "id": user["id"], "email": email}


def row_of(rows: Iterable[dict[str, Any]], where: Where) -> dict[str, Any]:
    """The row of one user. Raises: NotFound."""
    for row in rows:
        if row["id"] == where.id:
            return row
    raise NotFound.of(f"user {where.id} is not in the list of members")


def is_invited(row: Row) -> bool:
    """Whether the person was invited by mail and did not accept yet (Enterprise facts 5.4)."""
    told = _invitation_of(row)
    return told.get("invite_activated") is False and bool(told.get("invited_at", True))


def is_caller(live: Resource | None, facts: Facts) -> bool:
    """Whether that is the person whose token lsops uses."""
    return live is not None and facts.user_id is not None and live.id == facts.user_id


def roster(state: Live) -> Mapping[str, Resource]:
    """Everybody in the organisation by e-mail without case; empty where nobody was read."""
    return state.by_key(ADDRESS, folded)


def declared_people(desired: Desired) -> Mapping[str, Resource]:
    """The members that the manifest wants, by e-mail without case."""
    return {folded(item.key): item for item in desired.declared(NAME) if not item.lifecycle.absent}


def user_of(email: str, names: Names) -> int:
    """The id of the user with that e-mail. Raises: LsopsError."""
    number = names.get("member", {}).get(folded(email))
    if number is None:
        raise LsopsError.of(f"{email} is not in the organisation", code="LS504")
    return number


def unknown_person(item: Resource, known: Iterable[str]) -> Finding:
    """A membership of somebody who is nowhere to be found."""
    near = Near(folded(item.key), known, f"invite them: write {item.key} under members")
    message = f'"{item.key}" is neither in the organisation nor in members'
    return Misspelt("LS504", message, item.address, item.source, near=near)


def is_expired(row: Row) -> bool:
    """Whether the invitation can no longer be accepted."""
    return _invitation_of(row).get("invite_expired") is True


def _invitation_of(row: Row) -> Mapping[str, Any]:
    user = row.get("user")
    told = user.get("lse_fields") if isinstance(user, Mapping) else None
    return told if isinstance(told, Mapping) else {}
