"""A create that is about to be sent, or was: what can have come of it among the rows that the server lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lsops.kinds import Kind, Where
from lsops.kinds.capabilities import FoundByKey, Recognises
from lsops.server.session import Session

Identities = frozenset[tuple["str | None", "int | None"]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is sent and where, and the identities of what was there when the plan was made.

    `key` is looked for and may be a secret; `name` is what messages call it.
    """

    kind: Kind
    where: Where
    key: str
    name: str
    body: Mapping[str, Any]
    known: Identities

    def fresh(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows that came after the plan was made and can be what a create like this one made."""
        return [row for row in rows if self._is_result(row)]

    def rows_of_key(self, session: Session) -> list[dict[str, Any]]:
        """Rows that have every object of its key among them. Raises: ServerError."""
        if isinstance(self.kind, FoundByKey):
            return self.kind.rows_of_key(session, self.where, self.key)
        return self.kind.rows(session, self.where)

    def _is_result(self, row: Mapping[str, Any]) -> bool:
        return (
            self.kind.schema.key_of(row) == self.key.strip()
            and isinstance(row.get("id"), int)
            and (self.where.type, row["id"]) not in self.known
            and self._may_be_mine(row)
        )

    def _may_be_mine(self, row: Mapping[str, Any]) -> bool:
        return not isinstance(self.kind, Recognises) or self.kind.may_come_from(row, self.body)
