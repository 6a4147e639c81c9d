"""Workspaces of Enterprise (Enterprise facts 6.3). Personal ones are invisible here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.errors import ServerError
from lsops.kinds.base import Kind, Query, Reader, Row
from lsops.model import Collection, join


class Workspace(Kind):
    """`/api/workspaces/`; deleted only when empty, which the server sees to."""

    name = "workspace"
    path = "/api/workspaces/"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        del query
        address = join(self.schema.collection)
        try:
            rows = shared(reader)
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, tuple(self.live(row, reader.names, address) for row in rows))}


def shared(reader: Reader) -> list[dict[str, Any]]:
    """The rows of all workspaces that are not personal; their titles become names. Raises: ServerError."""
    rows = [row for row in reader.once(Workspace.path) if not row.get("is_personal")]
    reader.names[Workspace.name] = {title_of(row): row["id"] for row in rows if "id" in row}
    return rows


def title_of(row: Row) -> str:
    """The title, without blanks at its ends."""
    return str(row.get("title") or "").strip()


KIND = Workspace()
