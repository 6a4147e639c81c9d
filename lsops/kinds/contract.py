"""What the engine asks of a kind. The engine knows no kind; a kind knows its endpoints and what is special about it.

A kind translates between the server's rows and resources in the manifest's vocabulary (`decode`, `encode`), reads
collections, sends single requests, and adds knowledge to a change. It decides nothing about order, retries, settling,
verification or consent: those are the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from lsops.errors import Finding
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.model import Change, Collection, Resource, below
from lsops.schema import Field, KindSchema
from lsops.schema import kinds as schemas
from lsops.server.forms import ROW, Form

if TYPE_CHECKING:
    from lsops.server.session import Session


class Kind:
    """A plain REST collection; modules override what differs."""

    name: str = ""
    path: str = ""
    form: Form = ROW
    """What every object of the kind must have where it is read: its id, and the types of what lsops relies on."""
    is_checkable: bool = False
    doubts_refusals: bool = False
    """Whether a POST that the server refuses may have made the object all the same."""
    is_renamable: bool = True
    """Whether one resource can become another by a new key: people cannot."""
    bulk: bool = False
    """Whether many changes of one parent are made with one call: `create_many`, `update_many`, `delete_many`."""

    @cached_property
    def schema(self) -> KindSchema:
        """Where the kind stands and which fields it has."""
        return schemas()[self.name]

    def fields(self, resource: Resource) -> Mapping[str, Field]:
        """The fields of a resource, by its variant."""
        return self.schema.fields(resource.type)

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """The live collections that a query names, by their address; a failed read is a collection's `error`."""
        raise NotImplementedError

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """A row's fields in the manifest's vocabulary; a key that is absent stays absent."""
        del names
        return row

    def live(self, row: Row, names: Names, collection: str) -> Resource:
        """A row as a resource of the collection at that address."""
        values = self.decode(row, names)
        key = str(values.get(self.schema.key) or "").strip()
        return Resource(
            kind=self.name,
            address=below(collection, key),
            key=key,
            values=values,
            parent=collection.rpartition("/")[0],
            id=row.get("id"),
            type=str(row["type"]) if self.schema.discriminator and "type" in row else None,
            raw=row,
        )

    # ---- planning: pure ----------------------------------------------------------------------

    def validate_request(
        self, change: Change, *, revealed: Mapping[str, Any], parent: int
    ) -> tuple[str, dict[str, Any]] | None:
        """The path and the body of a POST that tests a connection without saving; None for what has none."""
        del change, revealed, parent
        return None

    def ask(self, session: Session, change: Change) -> Iterable[Finding]:
        """What the server says of a change when it is asked without changing anything."""
        del session, change
        return ()

    def invite(self, session: Session, people: Mapping[str, str]) -> None:
        """Mail an invitation to each e-mail, with its role code. Raises: ServerError."""
        raise NotImplementedError

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """Fields as the server wants them in a body."""
        del where, names
        return dict(values)

    def create(self, session: Session, body: Row, where: Where) -> Row:
        """Send the POST; the answer is the new row."""
        del where
        return cast("Row", session.post(self.path, body, form=self.form))

    def get(self, session: Session, where: Where) -> Row:
        """The row as it is now."""
        return cast("Row", session.get(self.item(where), form=self.form))

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """Send the PATCH; the answer is the row after it."""
        return cast("Row", session.patch(self.item(where), body, form=self.form.in_part))

    def delete(self, session: Session, where: Where) -> None:
        """Send the DELETE."""
        session.delete(self.item(where))

    def carried_over(self, session: Session, where: Where) -> Mapping[str, Any]:
        """Fields of an old object that the one that replaces it takes over where the manifest does not name them."""
        del session, where
        return {}

    def create_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        """Create resources of the parent `where.parent` with one call; of a kind with `bulk`.

        What became of each is for the engine to see, which reads the collection after it. Raises: ServerError.
        """
        raise NotImplementedError

    def update_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        """Make existing resources of one parent as declared; as `create_many`."""
        raise NotImplementedError

    def delete_many(self, session: Session, live: Sequence[Resource], where: Where, names: Names) -> None:
        """Delete resources of one parent with one call; as `create_many`."""
        raise NotImplementedError

    def item(self, where: Where) -> str:
        """The path of one object."""
        return f"{self.path}{where.id}/"

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        """All rows among which a create whose answer was lost would stand."""
        del where
        return session.array(self.path, form=self.form)

    def rows_of_key(self, session: Session, where: Where, key: str) -> list[dict[str, Any]]:
        """Rows that have every object of that key among them; a kind whose list is long asks for less than all."""
        del key
        return self.rows(session, where)

    def may_come_from(self, row: Row, body: Row) -> bool:
        """Whether a row can be what a POST of that body made; used where the answer to the POST was lost."""
        del row, body
        return True

    def wants_secrets(self, message: str) -> bool:
        """Whether the server refuses an update because the secrets are not in it."""
        del message
        return False

    def key_of(self, row: Row) -> str:
        """The key of a row."""
        return str(row.get(self.schema.key) or "").strip()

    def recounted(self, session: Session, change: Change) -> Change:
        """The change with what it destroys or orphans counted now; most kinds lose nothing. Raises: ServerError."""
        del session
        return change
