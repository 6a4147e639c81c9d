"""Workspaces of Enterprise (Enterprise facts 6.3). Personal ones are invisible here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.errors import Finding, ServerError
from lsops.kinds.base import Kind
from lsops.kinds.planning import MayBeHidden
from lsops.kinds.sight import Query, Reader, Row
from lsops.model import Collection, Facts, Resource, join
from lsops.server.forms import ID, SWITCH, TEXT, Form, OrNull

MAY_SEE_ALL = frozenset({"owner", "administrator"})


class Workspace(Kind, MayBeHidden):
    """`/api/workspaces/`; deleted only when empty, which the server sees to."""

    name = "workspace"
    path = "/api/workspaces/"
    form = Form(needed={"id": ID, "title": OrNull(TEXT)}, known={"is_personal": OrNull(SWITCH)})

    def may_come_from(self, row: Row, body: Row) -> bool:
        del body
        return not row.get("is_personal")

    def out_of_sight(self, item: Resource, facts: Facts) -> Finding | None:
        return hidden(item, facts, MAY_SEE_ALL)

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        del query
        address = join(self.schema.collection)
        try:
            rows = shared(reader)
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, tuple(self.live(row, reader.names, address) for row in rows))}


def hidden(item: Resource, facts: Facts, sighted: frozenset[str]) -> Finding | None:
    """For callers of other roles, who are shown only what they belong to (Enterprise facts 1.20): a resource that is
    not in the list is not absent, but unknown.
    """
    if not facts.is_enterprise or facts.role in sighted:
        return None
    message = f"a token of the role {facts.role or 'unknown'} is not shown every {item.kind}: this one may exist"
    return Finding("LS703", message, item.address, item.source, "use a token of an owner or administrator")


def shared(reader: Reader) -> list[dict[str, Any]]:
    """The rows of all workspaces that are not personal; their titles become names. Raises: ServerError.

    Titles need not be unique (Enterprise facts 6.3): of several the first has the plain name, the others have their
    id in it, so that nothing moves from one to another by its name.
    """
    rows = [row for row in reader.once(Workspace.path, Workspace.form) if not row.get("is_personal")]
    names: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        title = title_of(row)
        names[title if title not in names else twin(title, row["id"])] = row["id"]
    reader.names[Workspace.name] = names
    return rows


def twin(title: str, number: int) -> str:
    """The name of one of several workspaces with the same title."""
    return f"{title} (id {number})"


def is_ambiguous(title: str, names: Mapping[str, int]) -> bool:
    """Whether several workspaces have the title."""
    return any(name == twin(title, number) for name, number in names.items())


def title_of(row: Row) -> str:
    """The title, without blanks at its ends."""
    return str(row.get("title") or "").strip()


KIND = Workspace()
