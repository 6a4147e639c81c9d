"""Mailing invitations: asked for by `apply --invite` alone, and only to people without an open one."""

from __future__ import annotations

from lsops.kinds import registry
from lsops.model import Plan, split
from lsops.schema import by_collection
from lsops.server import Session


def invite(plan: Plan, session: Session) -> tuple[str, ...]:
    """Mail the pending people of a plan who have no open invitation; their e-mails.

    Raises:
        ServerError: the server refused to mail somebody.
    """
    by_kind: dict[str, dict[str, str]] = {}
    for address, (email, role) in plan.context.invitations.items():
        by_kind.setdefault(by_collection()[split(address)[0]].kind, {})[email] = role
    for name, people in by_kind.items():
        registry()[name].invite(session, people)
    return tuple(email for people in by_kind.values() for email in people)
