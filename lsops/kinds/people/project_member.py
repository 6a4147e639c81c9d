"""Members of projects and their roles there (Enterprise facts 7.2 and 7.3).

Only explicit memberships are managed: who sees a project by its workspace or as an administrator is not listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, NotFound
from lsops.kinds.capabilities import Condenses, ValidatesOffline
from lsops.kinds.people.member_switch import telling_of_the_switch
from lsops.kinds.people.memberships import Membership
from lsops.kinds.people.roster import declared_people, is_invited, roster, user_of
from lsops.kinds.reader import Names, Row, Where
from lsops.kinds.shared_rows import is_foreign
from lsops.model.desired import Desired
from lsops.model.live import Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.resource import Resource
from lsops.normalize import email as folded
from lsops.normalize import role as role_word
from lsops.normalize import role_code
from lsops.server.forms import ID, SWITCH, TEXT, Form, OrNull, Type, held_rows
from lsops.server.paging import PagedRows

if TYPE_CHECKING:
    from lsops.server.session import Session

INHERIT = "inherit"
"""The role of who has no row of their own in the project: that of the organisation counts."""

ABOVE = frozenset({"owner", "administrator", "manager"})
"""Roles of the organisation that no project can lower (Enterprise facts 3)."""

PAGE_SIZE = 100

WHOM = Type(
    "a user or their id", lambda value: not (Form({"id": ID}) if isinstance(value, dict) else ID).fault(value, "")
)
ROLE = Form(needed={"id": ID, "user": WHOM}, known={"role": OrNull(TEXT)})
"""A row that gives somebody a role in a project."""


class ProjectMember(Membership, ValidatesOffline, Condenses):
    """`/api/projects/{id}/members/`. The role is a row of its own, at `/api/projects/roles/`."""

    name = "project_member"
    form = Form(
        needed={"id": ID, "email": OrNull(TEXT)},
        known={
            "implicit_member": OrNull(SWITCH),
            "project_role": OrNull(TEXT),
            "project_role_source": OrNull(TEXT),
        },
    )

    # ---- reading -----------------------------------------------------------------------------

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        """The explicit members. Pages one after the other: several projects are read side by side already."""
        listing, path, number = PagedRows(self._members(where), self.form), f"{self._members(where)}paginated/", 1
        query = {"implicit": "false", "page_size": PAGE_SIZE}
        while listing.add(session.get(path, {**query, "page": number})):
            number += 1
        rows = [row for row in listing.rows if _is_explicit(row)]
        return self._with_roles(session, where, rows)

    def _with_roles(self, session: Session, where: Where, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Servers before 2.29 list members without their roles (Enterprise facts 7.2)."""
        if all("project_role" in row for row in rows):
            return rows
        codes = {_user(row): row.get("role") for row in self._roles(session, where)}
        return [{"project_role": codes.get(row["id"]), **row} for row in rows]

    def _roles(self, session: Session, where: Where) -> list[dict[str, Any]]:
        """The role rows of a project, which some servers give as a single object (Enterprise facts 10)."""
        path = f"/api/projects/{where.parent}/roles"
        answer = session.get(path)
        if isinstance(answer, dict):
            answer = answer.get("results", [answer] if answer else [])
        return held_rows(answer, ROLE, f"GET {path}")

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """E-mail and role, as a word; `inherit` for who has none here."""
        email = {"email": str(row["email"]).strip()}
        if "project_role" not in row:
            return email if not row.get("implicit") else {**email, "role": INHERIT}
        return {**email, "role": role_word(row["project_role"]) if row["project_role"] else INHERIT}

    def is_foreign(self, row: Row, one: Resource | None) -> bool:
        """Whether an identity provider gave the role in the project."""
        return is_foreign(row.get("project_role_source"))

    # ---- planning ----------------------------------------------------------------------------

    def validate_offline(self, desired: Desired) -> Iterable[Finding]:
        return role_contradictions(desired)

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        yield from super().validate_against(pairs, facts)
        here, coming = roster(pairs.live), declared_people(pairs.desired)
        for item in pairs.desired.of(self.name):
            one, wanted = here.get(folded(item.key)), coming.get(folded(item.key))
            is_told = wanted is not None and "role" in wanted.values
            if one and not is_told and not is_invited(one.raw) and one.values.get("role") in ABOVE:
                yield from _lowered(item, str(one.values["role"]))

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Without a role that does not count beside that of the organisation."""
        one = roster(around).get(folded(live.key))
        is_above = one is not None and one.values.get("role") in ABOVE
        return {name: value for name, value in live.values.items() if not (is_above and name == "role")}

    def differs(self, item: Resource, live: Resource | None) -> bool:
        wanted = role_word(item.values.get("role"))
        has_other_role = live is not None and wanted is not None and wanted != live.values.get("role")
        return super().differs(item, live) or (has_other_role and not item.lifecycle.absent)

    # ---- writing -----------------------------------------------------------------------------

    def create(self, session: Session, body: Row, where: Where) -> Row:
        self._forget_other(session, {body["user"]: body.get("role")}, where)
        return super().create(session, body, where)

    def create_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        roles = {user_of(item.key, names): item.values.get("role") for item in bodies_by_key.values()}
        self._forget_other(session, roles, where)
        super().create_many(session, bodies_by_key, where, names)

    def update(self, session: Session, body: Row, where: Where) -> Row:
        self.reassign(session, {body["user"]: body.get("role")}, where)
        return self.get(session, where)

    def update_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        users = {user_of(item.key, names): item.values.get("role") for item in bodies_by_key.values()}
        self.reassign(session, users, where)

    def unassign(self, session: Session, users: Sequence[int], where: Where) -> None:
        with telling_of_the_switch():
            super().unassign(session, users, where)

    def assign(self, session: Session, users: Mapping[int, str | None], where: Where) -> None:
        """Add users and give them their roles; who inherits has no role to give. Raises: ServerError."""
        given = [{"user_id": user, "role": role_code(str(role))} for user, role in users.items() if _is_own(role)]
        body = {"all": False, "included": list(users)}
        with telling_of_the_switch():
            session.post(self.bulk_path(where), {**body, "roles": given} if given else body)

    def reassign(self, session: Session, users: Mapping[int, str | None], where: Where) -> None:
        """Change roles. The old row goes first: nobody knows whether a second one would replace it
        (Enterprise facts 7.3). Raises: ServerError.
        """
        self._forget_other(session, users, where)
        given = {user: role for user, role in users.items() if _is_own(role)}
        if given:
            self.assign(session, given, where)

    def _forget_other(self, session: Session, users: Mapping[int, str | None], where: Where) -> None:
        """Drop the rows whose role is not the declared one, also of who comes back: nobody knows whether a row goes
        with its member. Raises: ServerError.
        """
        if all(role is None for role in users.values()):
            return
        for row in self._roles(session, where):
            wanted = users.get(_user(row))
            if wanted is not None and role_word(wanted) != role_word(row.get("role")):
                _forget(session, row)

    def traces(self, where: Where) -> Mapping[str, bool]:
        """Roles have a path of their own."""
        return {**super().traces(where), f"/api/projects/{where.parent}/roles": False}

    def bulk_path(self, where: Where) -> str:
        return f"{self._members(where)}bulk/"

    def _members(self, where: Where) -> str:
        return f"/api/projects/{where.parent}/members/"


def role_contradictions(desired: Desired) -> Iterator[Finding]:
    """Roles in projects that the manifest gives to people whom it makes managers or more: the server has none."""
    coming = declared_people(desired)
    for item in desired.of(KIND.name):
        one = coming.get(folded(item.key))
        word = role_word(one.values.get("role")) if one else None
        if word in ABOVE:
            yield from _lowered(item, str(word))


def _lowered(item: Resource, held: str) -> Iterator[Finding]:
    wanted = item.values.get("role")
    if _is_own(wanted) and not item.lifecycle.absent:
        article = "an" if held[0] in "aeio" else "a"
        message = f"{item.key} is {article} {held} of the organisation and cannot be {role_word(wanted)} of a project"
        yield Finding("LS110", message, item.address, item.place("role"), "write role: inherit, or leave the role out")


def _is_explicit(row: Row) -> bool:
    """Whether the row is of somebody who was added to the project and was not deleted since."""
    return "@" in (row["email"] or "") and row.get("implicit_member") is not True


def _is_own(role: str | None) -> bool:
    """Whether that is a role of the project's own."""
    return role is not None and role_word(role) != INHERIT


def _user(row: Row) -> int:
    """The id of the user of a role row, which may have the whole user."""
    user = row["user"]
    return int(user["id"] if isinstance(user, Mapping) else user)


def _forget(session: Session, row: Row) -> None:
    try:
        session.delete(f"/api/projects/roles/{row['id']}/")
    except NotFound:
        return


KIND = ProjectMember()
