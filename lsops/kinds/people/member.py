"""Members of the organisation, their roles and their tags (Enterprise facts 3, 5.3 and 5.4); Community has neither.

People come by invitation, so nobody is ever created here: who is missing is pending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, NotFound, ServerError
from lsops.kinds.capabilities import (
    Awaits,
    Counted,
    Describes,
    Invites,
    LeavesTraces,
    Omits,
    Prunes,
    ValidatesAgainst,
    Vetoes,
)
from lsops.kinds.contract import Kind
from lsops.kinds.people.member_tag import FIELD as TAGS
from lsops.kinds.people.member_tag import labels_of, tag_rows, unknown_tags
from lsops.kinds.people.roster import (
    ADDRESS,
    INVITED,
    USER,
    is_caller,
    is_expired,
    is_invited,
    person,
    row_of,
)
from lsops.kinds.people.tagging import Tagged, assign, assignments, tag_ids
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import HOME, is_foreign
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import Resource
from lsops.normalize import email as folded
from lsops.normalize import role as role_word
from lsops.normalize import role_code
from lsops.server.forms import ID, LIST, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session


SEATLESS = ("not_activated", "deactivated")
"""Roles without a seat (Enterprise facts 3)."""


class Member(Tagged, Kind, Counted, LeavesTraces, Invites, Vetoes, Awaits, ValidatesAgainst, Describes, Prunes, Omits):
    """`/api/organizations/{id}/memberships`: a row's id is here the id of the user, which every other call wants."""

    name = "member"
    form = Form(
        needed={"id": ID, "user": USER},
        known={"role": OrNull(TEXT), "role_source": OrNull(TEXT), TAGS: OrNull(LIST)},
    )
    is_renamable = False
    counted = "users"

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        try:
            if TAGS in query.fields():
                tag_rows(reader)
            return {ADDRESS: people(reader)}
        except ServerError as error:
            return {ADDRESS: Collection(self.name, error=error.findings[0])}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """E-mail, role as a word, and tags by their labels."""
        tags = row.get(TAGS)
        return {
            **({"email": row["email"]} if "email" in row else {}),
            **({"role": role_word(row["role"])} if isinstance(row.get("role"), str) else {}),
            **({TAGS: labels_of(tags)} if isinstance(tags, list) else {}),
        }

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        found = session.pages(self._list(where), form=self.form)
        return [row for row in map(person, found) if row is not None]

    # ---- planning ----------------------------------------------------------------------------

    def pending(self, item: Resource, live: Resource | None, pairs: Pairs) -> bool:
        """Whether the organisation lacks the person, or waits for them to accept an invitation."""
        return not item.lifecycle.absent and (live is None or is_invited(live.raw))

    def invitation(self, item: Resource, live: Resource | None) -> tuple[str, str] | None:
        """For whom was never invited or let the invitation expire; without a role it is "not activated"."""
        code = role_code(str(item.values.get("role", "not_activated")))
        waits = live is None or (is_invited(live.raw) and is_expired(live.raw))
        return (item.key.strip(), code) if waits and code not in ("OW", "DI") else None

    def invite(self, session: Session, people: Mapping[str, str]) -> None:
        """One call per role (Enterprise facts 5.4)."""
        for code in dict.fromkeys(people.values()):
            emails = [email for email, given in people.items() if given == code]
            session.post("/api/invite/send-email", {"emails": emails, "role": code})

    def unlisted(self, session: Session, people: Iterable[str], where: Where) -> list[str]:
        listed = {folded(row["email"]) for row in self.rows(session, where)}
        return [email for email in people if folded(email) not in listed]

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Differences on rows that are not lsops' to change, and tags that do not exist."""
        for item, live, _ in pairs.of(self.name):
            yield from _objections(item, live, facts)
        yield from unknown_tags((item for item, _, _ in pairs.of(self.name)), pairs)

    def describe(self, change: Change, facts: Facts) -> Change:
        """Deactivation takes as much away as a delete, whether prune or the manifest says so."""
        if change.action == "update" and any(_deactivates(item) for item in change.fields):
            return replace(change, counts_as_delete=True)
        if change.action != "delete":
            return change
        warning = "coming back needs a new invitation; role: deactivated can be taken back"
        return replace(change, warnings=(*change.warnings, warning))

    def pruned(self, change: Change, facts: Facts) -> Change | None:
        """Deactivation, which can be taken back, of everybody who may be changed."""
        live = change.before
        if live is None or _keeper(live, facts) or is_invited(live.raw):
            return None
        before = live.values.get("role")
        if before in ("deactivated", "view_only"):
            return None
        wanted = Resource(self.name, change.address, live.key, {"role": "deactivated"}, source=change.source)
        fields = (FieldChange("/role", before=before, after="deactivated", source=change.source),)
        return replace(
            change, action="update", fields=fields, destroys=None, counts_as_delete=True, after=wanted, warnings=()
        )

    def omitted(self, live: Resource, facts: Facts) -> str:
        """Whom no manifest may change, and who could only come back by an invitation."""
        if is_invited(live.raw):
            return ""
        is_out = live.values.get("role") in ("deactivated", "view_only")
        return f"the role is {live.values['role']}" if is_out else _keeper(live, facts)

    def takes_room(self, change: Change) -> bool:
        """A seat, by whom a role gives one who had none."""
        roles = next((item for item in change.fields if item.path == "/role"), None)
        had, has = (role_word(roles.before), role_word(roles.after)) if roles is not None else ("", "")
        return change.action == "update" and had in SEATLESS and has not in SEATLESS

    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """The caller keeps role and membership; tags give no rights."""
        if is_caller(change.before, facts) and not self.takes(change):
            message = "the change would take rights from the owner of the token that lsops uses"
            yield Finding("LS807", message, change.address, change.source)

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """The server wants both keys for a role (Enterprise facts 5.3); tags go another way, by their ids."""
        return {
            "user_id": where.id,
            **({"role": role_code(values["role"])} if "role" in values else {}),
            **({TAGS: tag_ids(values[TAGS], names)} if TAGS in values else {}),
        }

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """The role first: it is what others may wait for."""
        role = {name: value for name, value in body.items() if name != TAGS}
        row: Row = {"id": where.id}
        if "role" in role:
            answer = session.patch(self._list(where), role, form=self.form.in_part)
            row = person(answer) or answer
        if TAGS not in body:
            return row
        assign(session, [body["user_id"]], body[TAGS], where)
        return self.get(session, where)

    def get(self, session: Session, where: Where) -> Row:
        """From the list: a single membership has no role (Enterprise facts 5.3)."""
        return row_of(self.rows(session, where), where)

    def delete(self, session: Session, where: Where) -> None:
        """A soft delete; 404 means that it was done before."""
        try:
            session.delete(f"{self._list(where)}/{where.id}/")
        except NotFound:
            return

    def traces(self, where: Where) -> Mapping[str, bool]:
        """A role is given by a PATCH of the list, tags are for many; only who leaves is named by the path."""
        return {self._list(where): False, assignments(where): False, f"{self._list(where)}/{where.id}/": True}

    def _list(self, where: Where) -> str:
        return f"/api/organizations/{where.parent}/memberships"


def people(reader: Reader) -> Collection:
    """Everybody in the organisation, read once per plan in pages; their e-mails without case become names.

    To what the server says of a membership, `raw` adds `externally_owned`: an identity provider or the contract
    decides the role; and `externally_placed`: an identity provider decides who is in which workspace.

    Raises:
        ServerError: the members or the organisation cannot be read.
    """
    home = f"/api/organizations/{reader.facts.organization}"
    billing = reader.object_once(home, HOME).get("billing") or {}
    found = [row for row in map(person, reader.pages_once(f"{home}/memberships", KIND.form)) if row is not None]
    reader.names[KIND.name] = {folded(row["email"]): row["id"] for row in found}
    reader.names[INVITED] = {folded(row["email"]): row["id"] for row in found if is_invited(row)}
    resources = []
    for row in found:
        row["externally_owned"] = billing.get("manual_role_management") is False or is_foreign(row.get("role_source"))
        row["externally_placed"] = billing.get("manual_workspace_management") is False
        resources.append(KIND.from_row(row, reader.names, ADDRESS))
    return Collection(KIND.name, tuple(resources))


# ---- what may not be changed ---------------------------------------------------------------------


def _keeper(live: Resource, facts: Facts) -> str:
    """Who, but not a manifest, decides about a member; `""` where a manifest may."""
    if live.values.get("role") == "owner":
        return "there is one owner, whom lsops never changes"
    if is_caller(live, facts):
        return "this is the owner of the token that lsops uses"
    source = live.raw.get("role_source")
    if is_foreign(source):
        return f"the role comes from {str(source).upper()}"
    return "roles come from an identity provider" if live.raw.get("externally_owned") else ""


def _deactivates(field: FieldChange) -> bool:
    return field.path == "/role" and role_word(field.after) == "deactivated"


def _objections(item: Resource, live: Resource | None, facts: Facts) -> Iterator[Finding]:
    wanted = role_word(item.values.get("role"))
    held = live.values.get("role") if live else None
    is_left_alone = {"role", "/role"} & set(item.lifecycle.ignore)
    if item.lifecycle.absent:
        if live and (keeper := _keeper(live, facts)):
            yield Finding("LS507", f"{item.key} cannot be removed: {keeper}", item.address, item.source)
        return
    if live and folded(item.key) != folded(live.key):
        message = f"the e-mail of {live.key} cannot be changed to {item.key}"
        yield Finding("LS506", message, item.address, item.source, "people change their own address")
    if is_left_alone or wanted is None or wanted == held:
        return
    yield from _of_role(item, live, wanted=str(wanted), facts=facts)


def _of_role(item: Resource, live: Resource | None, *, wanted: str, facts: Facts) -> Iterator[Finding]:
    """Why a role that differs cannot be given. Who is only invited has no role that counts."""
    waits = live is None or is_invited(live.raw)
    held = str(live.values.get("role", "unknown")) if live else ""
    keeper = _keeper(live, facts) if live and not waits else ""
    if not keeper and wanted == "owner":
        keeper = "nobody becomes owner by a manifest"
    if not keeper and held == "view_only" and not waits:
        keeper = "a view-only seat is changed where seats are"
    if keeper:
        message = f"the role of {item.key} is {held}, not {wanted}" if held else f"{item.key} cannot become {wanted}"
        hint = f"write role: {held}, or leave the role out" if held and held != "view_only" else "leave the role out"
        yield Finding("LS507", f"{message}: {keeper}", item.address, item.place("role"), hint)


KIND = Member()
