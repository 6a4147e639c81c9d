"""Who asks, as far as an identity provider has a say in it; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lsops.errors import Forbidden, NotFound
from lsops.kinds.reader import Reader, Row
from lsops.kinds.shared_rows import OWN_SOURCES, is_foreign
from lsops.model.live import Facts
from lsops.server.forms import ID, TEXT, Form, OrNull

ELSEWHERE = frozenset({"billing", "ldap"})
"""Sources of a role that are no concern of SAML and SCIM."""

_MEMBER = Form(needed={"user": Form(needed={"id": ID})}, known={"role_source": OrNull(TEXT)})


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of the token: the role as a word, the e-mail, and who gave the role; empty where nobody says."""

    role: str
    email: str
    source: str = ""

    @property
    def is_given(self) -> bool:
        """Whether an identity provider gave the role, and logs the person in."""
        return is_foreign(self.source) and self.source not in ELSEWHERE and bool(self.source)

    @property
    def is_own(self) -> bool:
        """Whether people gave the role."""
        return self.source in OWN_SOURCES

    @property
    def is_owner(self) -> bool:
        """Whether it is the owner of the organisation, whose role no group gives or takes."""
        return self.role == "owner"

    @property
    def domain(self) -> str:
        """The domain of the e-mail."""
        return self.email.rpartition("@")[2].strip().casefold()


def caller_of(facts: Facts, row: Row) -> Caller:
    """Who asks, with what was read of their membership."""
    return Caller(facts.role, facts.email, str(row.get("role_source") or ""))


def membership(reader: Reader) -> Mapping[str, object]:
    """The caller's row in the list of members, if need be asked for by e-mail; nothing where it is not shown.

    Raises: ServerError.
    """
    facts = reader.facts
    if not facts.email:
        return {}
    path = f"/api/organizations/{facts.organization}/memberships"
    rows = reader.kept(path)
    rows = reader.kept(f"{path}?search") if rows is None else rows
    if rows is None:
        try:
            rows = reader.session.pages(path, {"search": facts.email}, form=_MEMBER)
        except (Forbidden, NotFound):
            rows = []
        reader.keep(f"{path}?search", rows)
    return next((row for row in rows if row["user"]["id"] == facts.user_id), {})
