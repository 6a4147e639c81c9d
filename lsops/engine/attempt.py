"""A create that is about to be sent, or was: what can have come of it among the rows that the server lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lsops.errors import Rejected
from lsops.kinds import Kind, Where
from lsops.kinds.capabilities import FoundByKey, Recognises
from lsops.masking import mask_urls
from lsops.model.plan import Change
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


def beside_old(error: Rejected, change: Change, key: str) -> Rejected:
    """The refusal of a replacement, with a way out where it may be for the key that the old one still has.

    Of what lsops replaces no server is known to do so; nor is it known of Enterprise that it does not.
    """
    first, old, new = error.findings[0], change.before, change.after
    if old is None or new is None or old.key.strip() != new.key.strip() or key not in first.message:
        return error
    hint = (
        f"the old one (id {old.id}) stays; if its {key} is in the way, give this entry another {key} and lifecycle:"
        f' {{renamed_from: "{mask_urls(old.key)}"}}, and the old {key} back once it is replaced'
    )
    return Rejected([replace(first, hint=hint), *error.findings[1:]], status=error.status, sent=error.sent)
