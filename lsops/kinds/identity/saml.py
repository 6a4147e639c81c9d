"""How people log in by SAML, and what the groups of a login mean: `/api/saml/settings` (Enterprise facts 5.7 and 12).

POST is a partial update, so that only what differs is sent. DELETE is never used: it resets all, and what SCIM assigns,
too. What a server shows of `manual_role_management: null`, its own null or what the contract says, is not known: where
it is the latter, the change fails and says so. Which of these the settings have is seen in what the server shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lsops.errors import Finding, NotFound, Rejected, placed
from lsops.kinds.capabilities import TriesRemotely
from lsops.kinds.identity.group_settings import GroupSettings
from lsops.kinds.reader import Row, Where
from lsops.model.plan import Change, FieldChange

if TYPE_CHECKING:
    from lsops.server.session import Session

URL, DOMAIN = "metadata_url", "domain"
BY_HAND = "manual_role_management"


class Saml(GroupSettings, TriesRemotely):
    """Of the calls that keep nothing, one has the server fetch the metadata, one asks whether a domain may be used."""

    name = "saml"
    path = "/api/saml/settings"
    quiet = frozenset({"mapping_email", "mapping_first_name", "mapping_groups", "mapping_last_name"})

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """The answer to the POST; what is shown of a null that leaves roles to the contract, GET alone says."""
        row = super().update(session, body, where)
        if BY_HAND not in body or body[BY_HAND] is not None:
            return row
        return {**row, BY_HAND: self.get(session, where).get(BY_HAND)}

    def tries(self, change: Change) -> bool:
        return any(_values(field) for field in change.fields)

    def try_remotely(self, session: Session, change: Change, parent: int) -> Iterable[Finding]:
        for field in change.fields:
            for value in _values(field):
                yield from self._tried(session, change, field, value)

    def _tried(self, session: Session, change: Change, field: FieldChange, value: str) -> Iterator[Finding]:
        """What the server says of one value; a server without the call says nothing."""
        name = field.path.removeprefix("/")
        place = field.source or change.source
        try:
            answer = session.post(f"{self.path}/validate-{name.replace('_', '-')}", {name: value})
        except NotFound:
            return
        except Rejected as error:
            yield from placed(error, change.address, place)
            return
        if answer.get("valid") is not True:
            yield Finding("LS705", _WRONG[name].format(value), change.address, place)


_WRONG = {
    URL: "the server finds no SAML metadata at {}",
    DOMAIN: "the server does not take the domain {}: it is a public one, or another organisation has it",
}


def _values(field: FieldChange) -> tuple[str, ...]:
    """What of a change the server is asked about: a URL, and each domain that is new."""
    after = field.after.strip() if isinstance(field.after, str) else ""
    if field.path == f"/{URL}":
        return (after,) if after else ()
    if field.path != f"/{DOMAIN}":
        return ()
    known = {name.casefold() for name in str(field.before or "").split(",")}
    return tuple(name for name in after.split(",") if name and name.casefold() not in known)


KIND = Saml()
