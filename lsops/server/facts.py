"""What kind of server it is, and who asks: read once, before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsops.errors import Forbidden, Malformed, NotFound, Rejected, ServerError
from lsops.model.live import Facts
from lsops.normalize import role
from lsops.server.forms import ID, TEXT, WHOLE, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session


VERSION = Form(needed={"release": TEXT}, known={"edition": OrNull(TEXT)})
CALLER = Form(needed={"id": ID, "active_organization": OrNull(ID)}, known={"email": OrNull(TEXT)})


def read_facts(session: Session) -> Facts:
    """Edition, release and caller, in two requests.

    Raises:
        ServerError: it is no Label Studio, it does not accept the token, or the token's owner is in no organisation.
    """
    edition, release = read_version(session)
    return read_caller(session, edition, release)


def read_version(session: Session) -> tuple[str, str]:
    """Edition and release; needs no token (Community facts 1.5). The session takes the policy of the edition."""
    try:
        answer = session.get("/api/version")
    except (NotFound, Rejected, Malformed) as problem:
        if problem.status is None or 300 <= problem.status < 400:
            raise  # a redirect says more of the URL than we could, and so does an answer beyond its bounds
        raise _no_label_studio(session.shown) from problem
    if VERSION.fault(answer, WHOLE):
        raise _no_label_studio(session.shown)
    edition = "enterprise" if str(answer.get("edition")).lower() == "enterprise" else "community"
    session.settle_edition(edition)
    return edition, answer["release"]


def read_caller(session: Session, edition: str, release: str) -> Facts:
    """Who asks, of a server of that edition and release.

    Below a wrong path, such as `/api` or `/projects/1`, the version may answer all the same, and this does not
    (Community facts 11). A member who was removed still has a token that works: every list is empty for it, and what
    it creates belongs to nobody (ditto).

    Raises:
        ServerError: as `read_facts`.
    """
    try:
        who = session.get("/api/current-user/whoami", form=CALLER)
    except NotFound as problem:
        raise _no_label_studio(session.shown) from problem
    organization = who["active_organization"]
    if organization is None:
        raise Forbidden.of(
            f"the token's owner{_named(who)} is in no organisation: lsops would see nothing, and make what nobody sees",
            hint="were they removed from it? use a token of one of its members",
        )
    return Facts(
        url=session.shown,
        edition=edition,
        release=release,
        role=_role(who, organization) if edition == "enterprise" else "",
        user_id=who["id"],
        email=str(who.get("email") or ""),
        organization=organization,
        token_kind=session.credentials.kind,
    )


def _named(who: Mapping[str, Any]) -> str:
    return f", {who['email']}," if who.get("email") else ""


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
