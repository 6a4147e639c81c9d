"""Mailing invitations: asked for by `apply --invite` alone, and only to people without an open one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

from lsops.kinds import Where, registry
from lsops.kinds.capabilities import Invites
from lsops.model.address import split
from lsops.model.plan import Plan
from lsops.schema import by_collection
from lsops.server.session import Session


def invite(plan: Plan, session: Session, *, tell: Callable[[str], None], stop: Event) -> None:
    """Mail the pending people of a plan who have no open invitation, those of one role with one call.

    `tell` is called with each e-mail as soon as it was mailed; after `stop` is set no other call starts.

    Raises:
        ServerError: the server refused to mail somebody.
    """
    for name, role, people in _groups(plan):
        if stop.is_set():
            return
        kind = registry()[name]
        if isinstance(kind, Invites):
            kind.invite(session, dict.fromkeys(people, role))
        for email in people:
            tell(email)


def unlisted(plan: Plan, session: Session) -> list[str]:
    """Those of the mailed people whom the server does not list: the next plan cannot know that they were invited.

    Raises:
        ServerError: the list cannot be read.
    """
    found: list[str] = []
    for name, _, people in _groups(plan):
        kind = registry()[name]
        if isinstance(kind, Invites):
            found += kind.unlisted(session, people, Where(parent=plan.facts.organization))
    return found


def _groups(plan: Plan) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, role, and the e-mails that belong together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for address, (email, role) in plan.invitations.items():
        groups.setdefault((by_collection()[split(address)[0]].kind, role), []).append(email)
    yield from ((name, role, people) for (name, role), people in groups.items())
