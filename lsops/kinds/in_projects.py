"""What kinds below a project have in common; this module holds no kind itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lsops.errors import LsopsError, ServerError
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Query, Reader, Row, Where
from lsops.model.address import below
from lsops.model.live import Collection
from lsops.model.resource import Resource

if TYPE_CHECKING:
    from lsops.server.session import Session


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


def read_in_each(
    kind: Kind, reader: Reader, query: Query, rows: Callable[[Session, Where], Iterable[Row]], *, limit: int = 0
) -> Mapping[str, Collection]:
    """The collections of a kind that is asked for project by project, at most `limit` of them at a time."""
    places = list(query.parents.items())
    answers = reader.session.map(lambda place: list(rows(reader.session, Where(parent=place[1]))), places, limit=limit)
    found = {}
    for (address, _), answer in zip(places, answers, strict=True):
        place = below(address, kind.schema.name)
        found[place] = (
            Collection(kind.name, error=answer.findings[0])
            if isinstance(answer, LsopsError)
            else Collection(kind.name, tuple(kind.from_row(row, reader.names, place) for row in answer))
        )
    return found


def place_of_tab(row: Row) -> int:
    """Where a tab of the Data Manager stands among those of its project; those of one place by their ids."""
    place = row.get("order")
    return place if isinstance(place, int) else 0


def standing_of_tab(tab: Resource) -> tuple[int, int]:
    """By what tabs of a project are sorted as people see them."""
    return place_of_tab(tab.raw), tab.id or 0


class OneInEach(Kind):
    """What there is one of in each project: without an id, and never created or deleted."""

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        return read_in_each(self, reader, query, lambda session, where: [self.get(session, where)])
