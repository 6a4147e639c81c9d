"""Whom a members call means: one user, or a selection of many.

Facts: enterprise-api 1 (point 10), 6.3, 7.2. A DELETE takes its choice from the query or from the
body; where both speak, the query does. `all: true` means everybody who matches the search but for
`excluded`, otherwise only `included` counts. Unknown, and read strictly: a bulk call that names
somebody who is not in the organisation is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.fields import Bad, Field, read
from lsops.sandbox.fieldtypes import flag, number
from lsops.sandbox.resource import Call

_ID = number(least=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer of a bulk body: ids in the order of the call, or everybody but some."""

    all: bool
    included: Sequence[int]
    excluded: Sequence[int]

    def of(self, everybody: Sequence[int]) -> list[int]:
        """Who is meant of these people; who is included and not among them is left out."""
        if self.all:
            return [user for user in everybody if user not in self.excluded]
        return [user for user in everybody if user in self.included]


def one_in_body(call: Call, name: str) -> int:
    """The user of a POST: a member of the organisation."""
    fields = {name: Field(number(), required=True)}
    return int(read(fields, call.body, partial=False, checks={name: lambda key: member(call, key)})[name])


def one_to_remove(call: Call, names: Sequence[str]) -> int:
    """The user of a DELETE, in the query or in the body, under one of the names."""
    body = call.body
    for source in (call.query, body if isinstance(body, Mapping) else {}):
        for name in names:
            if name in source:
                return int(read({name: Field(number())}, source, partial=True)[name])
    raise Invalid({names[0]: ["This field is required."]})


def in_body(call: Call) -> Choice:
    """The choice of a bulk POST."""
    return _choice(call, read(_BULK, call.body, partial=False))


def to_remove(call: Call) -> Choice:
    """The choice of a bulk DELETE; a query may leave `all` out."""
    if _BULK.keys() & call.query.keys():
        return _choice(call, read(_BULK, call.query, partial=True))
    return in_body(call)


def in_query(call: Call, name: str) -> list[int]:
    """The ids of a comma list in the query; none without it."""
    field = {name: Field(ids)}
    return list(read(field, call.query, partial=True).get(name, []))


def _choice(call: Call, given: Mapping[str, Any]) -> Choice:
    included = given.get("included", [])
    try:
        for key in included:
            member(call, key)
    except Bad as bad:
        raise Invalid({"included": bad.error}) from bad
    return Choice(given.get("all", False), included, given.get("excluded", []))


def member(call: Call, key: int) -> int:
    """The id of somebody in the organisation, pending people too; `Bad` for anybody else."""
    where = "\"user\" = ? AND organization = ? AND json_extract(doc, '$.deleted_at') IS NULL"
    if not call.store.count("membership", where, (key, call.organization)):
        raise Bad(f'Invalid pk "{key}" - object does not exist.')
    return key


def people(call: Call, search: str = "") -> list[int]:
    """Everybody in the organisation whose name or e-mail has the text."""
    text = f"%{search}%"
    rows = call.store.rows(
        'SELECT m."user" FROM membership m JOIN "user" u ON u.id = m."user" '
        "WHERE m.organization = ? AND json_extract(m.doc, '$.deleted_at') IS NULL "
        "AND (u.email LIKE ? OR json_extract(u.doc, '$.first_name') LIKE ?) ORDER BY m.id",
        (call.organization, text, text),
    )
    return [key for (key,) in rows]


def ids(value: Any) -> list[int]:
    """A list of ids, or the comma list that a query has instead."""
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise Bad(f'Expected a list of items but got type "{type(value).__name__}".')
    return [_ID(item) for item in value]


_BULK = {
    "all": Field(flag(), required=True),
    "included": Field(ids, default=[]),
    "excluded": Field(ids, default=[]),
}
