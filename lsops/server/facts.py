"""What kind of server it is, and who asks: read once, before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsops.errors import Malformed, NotFound, Rejected, ServerError
from lsops.model import Facts
from lsops.normalize import role

if TYPE_CHECKING:
    from lsops.server.session import Session


def read_facts(session: Session) -> Facts:
    """Edition, release and caller, in two requests.

    Raises:
        ServerError: it is no Label Studio, or it does not accept the token.
    """
    edition, release = read_version(session)
    session.settle_edition(edition)
    who = session.get("/api/current-user/whoami")
    if not isinstance(who, dict) or "id" not in who:
        raise Malformed.of("GET /api/current-user/whoami: the server does not say who asks")
    organization = who.get("active_organization")
    return Facts(
        url=session.shown,
        edition=edition,
        release=release,
        role=_role(who, organization) if edition == "enterprise" else "",
        user_id=who.get("id"),
        email=str(who.get("email") or ""),
        organization=organization if isinstance(organization, int) else None,
        token_kind=session.credentials.kind,
    )


def read_version(session: Session) -> tuple[str, str]:
    """Edition and release; needs no token (Community facts 1.5)."""
    try:
        answer = session.get("/api/version")
    except (NotFound, Rejected, Malformed) as problem:
        if problem.status is None or 300 <= problem.status < 400:
            raise  # a redirect says more of the URL than we could
        raise _no_label_studio(session.shown) from problem
    if not isinstance(answer, dict) or "release" not in answer:
        raise _no_label_studio(session.shown)
    edition = "enterprise" if str(answer.get("edition", "Community")).lower() == "enterprise" else "community"
    return edition, str(answer["release"])


def _role(who: Mapping[str, Any], organization: Any) -> str:
    rows = who.get("org_membership")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("organization_id", row.get("organization")) in (organization, None):
            return str(role(row.get("role") or ""))
    return ""


def _no_label_studio(url: str) -> ServerError:
    return Malformed.of(
        f"{url} does not answer like a Label Studio server",
        hint="the URL is the one of the start page, without /api",
    )
