"""What every kind can do. The engine knows no kind; a kind knows its endpoints and what is special about it.

A kind translates between the server's rows and resources in the manifest's vocabulary (`decode`, `encode`), reads
collections and sends single requests. It decides nothing about order, retries, settling, verification or consent: those
are the engine's. What only some kinds can do is a capability (`capabilities.py`), what a kind's fields are and mean is
in its schema.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.model.address import below
from lsops.model.live import Collection
from lsops.model.resource import Resource
from lsops.schema import KindSchema
from lsops.schema import kinds as schemas
from lsops.server.forms import ROW, Form

if TYPE_CHECKING:
    from lsops.server.session import Session


class Kind(ABC):
    """A plain REST collection that says where it is and how it is read; modules override what differs.

    Whatever sends a request raises ServerError.
    """

    name: str = ""
    path: str = ""
    form: Form = ROW
    """What every object of the kind must have where it is read: its id, and the types of what lsops relies on."""
    doubts_refusals: bool = False
    """Whether a POST that the server refuses may have made the object all the same."""
    is_renamable: bool = True
    """Whether one resource can become another by a new key: people cannot."""

    @cached_property
    def schema(self) -> KindSchema:
        """Where the kind stands and which fields it has."""
        return schemas()[self.name]

    # ---- reading -----------------------------------------------------------------------------

    @abstractmethod
    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """The live collections that a query names, by their address; a failed read is a collection's `error`."""

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """A row's fields in the manifest's vocabulary; a key that is absent stays absent."""
        return row

    def from_row(self, row: Row, names: Names, collection: str) -> Resource:
        """A row as a resource of the collection at that address."""
        values = self.decode(row, names)
        key = self.schema.key_of(values)
        return Resource(
            kind=self.name,
            address=collection if self.schema.singleton else below(collection, key),
            key=key,
            values=values,
            parent=collection.rpartition("/")[0],
            id=row.get("id"),
            type=str(row["type"]) if self.schema.discriminator and "type" in row else None,
            raw=row,
        )

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """Fields as the server wants them in a body."""
        return dict(values)

    def create(self, session: Session, body: Row, where: Where) -> Row:
        """Send the POST; the answer is the new row."""
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

    # ---- places ------------------------------------------------------------------------------

    def item(self, where: Where) -> str:
        """The path of one object."""
        return f"{self.path}{where.id}/"

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        """All rows among which a create whose answer was lost would stand; each has its key (`KindSchema.key_of`)."""
        return session.array(self.path, form=self.form)
