"""What kinds below a project have in common; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.errors import ServerError
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Query, Reader
from lsops.model.address import below
from lsops.model.live import Collection


def listed_at_once(kind: Kind, reader: Reader, query: Query) -> Mapping[str, Collection]:
    """The collections of a kind whose one list has the rows of all projects (Community facts 1.8).

    Of a single project only its own rows are asked for; rows of no project are left out.
    """
    places = {number: below(address, kind.schema.name) for address, number in query.parents.items()}
    if not places:
        return {}
    params = {"project": next(iter(places))} if len(places) == 1 else None
    try:
        rows = reader.session.array(kind.path, params, form=kind.form)
    except ServerError as error:
        return {place: Collection(kind.name, error=error.findings[0]) for place in places.values()}
    found: dict[str, list[dict[str, Any]]] = {place: [] for place in places.values()}
    for row in rows:
        number = row.get("project")
        if type(number) is int and number in places:
            found[places[number]].append(row)
    return {
        place: Collection(kind.name, tuple(kind.from_row(row, reader.names, place) for row in mine))
        for place, mine in found.items()
    }
