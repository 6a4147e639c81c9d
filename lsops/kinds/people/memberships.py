"""What memberships of workspaces and of projects have in common; this module holds no kind itself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, LsopsError, ServerError
from lsops.kinds.capabilities import Awaits, Bulk, LeavesTraces, Omits, Prunes, ValidatesAgainst, Vetoes
from lsops.kinds.contract import Kind
from lsops.kinds.people.member import people
from lsops.kinds.people.roster import (
    ADDRESS,
    INVITED,
    declared_people,
    is_caller,
    is_invited,
    roster,
    row_of,
    unknown_person,
    user_of,
)
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import MAY_SEE_ALL
from lsops.model.address import below, parent
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.normalize import email as folded

if TYPE_CHECKING:
    from lsops.server.session import Session

Rows = list[dict[str, Any]]


class Membership(Kind, LeavesTraces, Bulk, Vetoes, Awaits, ValidatesAgainst, Prunes, Omits):
    """People under a parent. Rows stand under the id of their user; many are added or removed with one call.

    Never `all: true`: it would reach everybody who matches a filter (Enterprise facts 7.2).
    """

    is_renamable = False

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """One list per parent. What is known of the organisation's people is handed on with it, at `/members`."""
        addresses = {below(address, self.schema.name): number for address, number in query.parents.items()}
        try:
            everybody = people(reader)
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0]) for address in addresses}
        declared: dict[str, list[Resource]] = {address: [] for address in addresses}
        for item in query.desired:
            declared[parent(item.address)].append(item)
        found = reader.session.map(
            lambda number: self.rows(reader.session, Where(parent=number)), list(addresses.values())
        )
        known = {folded(one.key): one for one in everybody.resources}
        lists = {
            address: self._collection(address, rows, known, declared[address])
            for address, rows in zip(addresses, found, strict=True)
        }
        return {ADDRESS: everybody, **lists}

    def _collection(
        self, address: str, rows: Rows | LsopsError, known: Mapping[str, Resource], declared: Iterable[Resource]
    ) -> Collection:
        if isinstance(rows, LsopsError):
            return Collection(self.name, error=rows.findings[0])
        wanted = {folded(item.key) for item in declared}
        there = {folded(row["email"]): row for row in rows}
        for email in sorted(wanted - set(there)):
            if email in known and sees_all(known[email]):
                there[email] = {"id": known[email].id, "email": known[email].key, "implicit": True}
        kept = [
            self._owned(row, known.get(email))
            for email, row in there.items()
            if email in wanted or not (email in known and self.hides(known[email]))
        ]
        return Collection(self.name, tuple(self.from_row(row, {}, address) for row in kept))

    def hides(self, one: Resource) -> bool:
        """Whether an undeclared membership of that person is nobody's concern."""
        return False

    def _owned(self, row: dict[str, Any], one: Resource | None) -> dict[str, Any]:
        return {**row, "externally_owned": self.is_foreign(row, one)}

    @abstractmethod
    def is_foreign(self, row: Row, one: Resource | None) -> bool:
        """Whether an identity provider decides about the membership of that row."""

    # ---- planning ----------------------------------------------------------------------------

    def pending(self, item: Resource, live: Resource | None, pairs: Pairs) -> bool:
        """Whether the person is not in the organisation yet. Names are asked: there may be very many memberships."""
        names = pairs.live.names
        if "member" not in names or item.lifecycle.absent:
            return False
        key = folded(item.key)
        return key not in names["member"] or key in names.get(INVITED, {})

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Unknown people, and differences where an identity provider decides."""
        here, coming = roster(pairs.live), declared_people(pairs.desired)
        known = here.keys() | coming.keys()
        for item, live, _ in pairs.of(self.name) if here else ():
            key = folded(item.key)
            if key not in here and key not in coming:
                if not item.lifecycle.absent:
                    yield unknown_person(item, known)
                continue
            if key in here and not is_invited(here[key].raw):
                yield from self.objections(item, live, here[key])

    def objections(self, item: Resource, live: Resource | None, one: Resource) -> Iterator[Finding]:
        """Why a membership cannot be made as declared; `one` is the person."""
        if item.lifecycle.absent and live is not None and live.raw.get("implicit"):
            message = f"{item.key} cannot be removed: owners and administrators have access everywhere"
            yield Finding("LS507", message, item.address, item.source)
        elif self.differs(item, live) and self.is_foreign(live.raw if live else {}, one):
            message = f"the membership of {item.key} is not as declared, and an identity provider decides about it"
            yield Finding("LS507", message, item.address, item.source, "change it there, or leave it out here")

    def differs(self, item: Resource, live: Resource | None) -> bool:
        """Whether the membership is there and should not be, or the other way round."""
        return item.lifecycle.absent == (live is not None)

    def pruned(self, change: Change, facts: Facts) -> Change | None:
        live = change.before
        is_kept = live is None or live.raw.get("externally_owned") or is_caller(live, facts)
        return None if is_kept else change

    def omitted(self, live: Resource, facts: Facts) -> str:
        return "an identity provider decides about it" if live.raw.get("externally_owned") else ""

    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """The caller sees what they are a member of, unless they see everything."""
        if change.action == "delete" and is_caller(change.before, facts) and facts.role not in MAY_SEE_ALL:
            message = "the owner of the token that lsops uses would no longer see it"
            yield Finding("LS807", message, change.address, change.source)

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """A user by id; this is no body of the API, but what `create` and `update` take."""
        named = {"user": user_of(str(values["email"]), names)} if "email" in values else {"user": where.id}
        return {**named, **({"role": values["role"]} if "role" in values else {})}

    def get(self, session: Session, where: Where) -> Row:
        return row_of(self.rows(session, where), where)

    def create(self, session: Session, body: Row, where: Where) -> Row:
        self.assign(session, {body["user"]: body.get("role")}, where)
        return self.get(session, Where(body["user"], where.type, where.parent))

    def delete(self, session: Session, where: Where) -> None:
        if where.id is not None:
            self.unassign(session, [where.id], where)

    def create_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        self.assign(session, _users(bodies_by_key, names), where)

    def update_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        """As a create: adding somebody who is there changes nothing."""
        self.create_many(session, bodies_by_key, where, names)

    def delete_many(self, session: Session, live: Sequence[Resource], where: Where, names: Names) -> None:
        self.unassign(session, [one.id for one in live if one.id is not None], where)

    def assign(self, session: Session, users: Mapping[int, str | None], where: Where) -> None:
        """Add users to the parent; what stands at an id is the role, where the kind has one. Raises: ServerError."""
        session.post(self.bulk_path(where), {"all": False, "included": list(users)})

    def unassign(self, session: Session, users: Sequence[int], where: Where) -> None:
        """Remove users from the parent. The selection goes as a query, too: newer servers read it there
        (Enterprise facts 1.10). Servers before 2.37 could answer with an error although it worked (6.3).

        Raises:
            ServerError: the server refused it, and one of the users is still there.
        """
        query = {"all": "false", "included": ",".join(map(str, users))}
        try:
            session.delete(self.bulk_path(where), query, {"all": False, "included": list(users)})
        except ServerError:
            if {row["id"] for row in self.rows(session, where)} & set(users):
                raise

    def traces(self, where: Where) -> Mapping[str, bool]:
        """All are added and removed by calls for many, at their own path or that of the list."""
        path = self.bulk_path(where)
        return {path: False, path.removesuffix("bulk/"): False}

    @abstractmethod
    def bulk_path(self, where: Where) -> str:
        """Where many users are added and removed."""


def _users(items: Mapping[str, Resource], names: Names) -> dict[int, str | None]:
    return {user_of(item.key, names): item.values.get("role") for item in items.values()}


def sees_all(one: Resource) -> bool:
    """Whether that person has access to everything without being a member of it."""
    return one.values.get("role") in MAY_SEE_ALL
