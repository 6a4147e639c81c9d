"""Prompts (Enterprise facts 8.2, from the API description; nothing was measured).

The list is an array up to 2026-04 and paginated later: both are read. Projects are written as ids and read as objects
with id and title, or as ids in the answer to a write. Whether a delete of a prompt takes the predictions of its
versions along is not known: it counts as if it did, so that it needs the same consent. Runs, refinements and estimates
of costs are never asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, NotFound, ServerError
from lsops.kinds.capabilities import Describes, Recounts, ValidatesAgainst
from lsops.kinds.contract import Kind
from lsops.kinds.models.used import HELD, PROMPT, PROMPTS, held_by_prompt
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import name_projects
from lsops.kinds.titles import Titles, name_in
from lsops.model.address import join
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change

if TYPE_CHECKING:
    from lsops.server.session import Session

PROJECTS = "associated_projects"


class Prompt(Kind, Describes, Recounts, ValidatesAgainst):
    """`/api/prompts/`; found by title."""

    name = "prompt"
    path = PROMPTS
    form = PROMPT

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            rows = reader.once(PROMPTS, PROMPT)
            if _names_projects(query, rows):
                name_projects(reader)
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        doomed = _doomed(query, rows, self.schema.key_of)
        rows = [
            {**row, HELD: held_by_prompt(reader.session, row["id"])} if row["id"] in doomed else row for row in rows
        ]
        return {address: Collection(self.name, tuple(self.from_row(row, reader.names, address) for row in rows))}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """Projects by title: ids mean nothing in a manifest."""
        values = {name: value for name, value in row.items() if name != HELD}
        if not isinstance(values.get(PROJECTS), list):
            return values
        known = names.get("project", {})
        return {**values, PROJECTS: [_title(one, known) for one in values[PROJECTS]]}

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        if PROJECTS not in values:
            return dict(values)
        return {**values, PROJECTS: [_id_of(title, names) for title in values[PROJECTS]]}

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        titles = Titles.of("project", pairs)
        for item, _, _ in pairs.of(self.name):
            for title in item.values.get(PROJECTS) or () if not item.lifecycle.absent else ():
                yield from titles.faults(str(title).strip(), item, item.place(PROJECTS))

    def describe(self, change: Change, facts: Facts) -> Change:
        if change.action != "delete" or change.before is None:
            return change
        held = change.before.raw.get(HELD) or {"versions": change.before.raw.get("versions_count"), "predictions": None}
        return replace(change, destroys=held)

    def recounted(self, session: Session, change: Change) -> Change:
        if change.action != "delete":
            return change
        return replace(change, destroys=held_by_prompt(session, change.remote_id.get("id")))


def _names_projects(query: Query, rows: Iterable[Row]) -> bool:
    """Whether the titles of projects are needed: one is declared or will be, or a row has bare ids."""
    if query.desired:
        return any(item.values.get(PROJECTS) for item in query.desired) or any(map(_has_bare_ids, rows))
    return any(row.get(PROJECTS) for row in rows)


def _has_bare_ids(row: Row) -> bool:
    return any(isinstance(one, int) for one in row.get(PROJECTS) or ())


def _doomed(query: Query, rows: Iterable[Row], key_of: Any) -> set[int]:
    """The prompts that may be deleted: declared absent, or not declared where that is pruned."""
    kept = {item.key for item in query.desired if not item.lifecycle.absent}
    gone = {item.key for item in query.desired if item.lifecycle.absent}
    pinned = {item.lifecycle.id for item in query.desired if item.lifecycle.absent}
    return {
        row["id"]
        for row in rows
        if key_of(row) in gone or row["id"] in pinned or (query.pruned and key_of(row) not in kept)
    }


def _title(one: Any, names: Mapping[str, int]) -> Any:
    number = one.get("id") if isinstance(one, Mapping) else one
    if not isinstance(number, int):
        return one
    known = name_in(names, number)
    is_unknown = known == f"#{number}" and isinstance(one, Mapping)
    return str(one.get("title") or known).strip() if is_unknown else known


def _id_of(title: str, names: Names) -> int:
    number = names.get("project", {}).get(title.strip())
    if number is None:
        raise NotFound.of(f'there is no project "{title}" now')
    return number


KIND = Prompt()
