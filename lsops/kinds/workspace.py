"""Workspaces of Enterprise (Enterprise facts 6.3). Personal ones are invisible here."""

from __future__ import annotations

from collections.abc import Mapping

from lsops.errors import ServerError
from lsops.kinds.capabilities import MayBeHidden, Recognises
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Query, Reader, Row
from lsops.kinds.shared_rows import MAY_SEE_ALL, WORKSPACE, WORKSPACES, shared
from lsops.model.address import join
from lsops.model.live import Collection


class Workspace(Kind, Recognises, MayBeHidden):
    """`/api/workspaces/`; deleted only when empty, which the server sees to."""

    name = "workspace"
    sighted = MAY_SEE_ALL
    path = WORKSPACES
    form = WORKSPACE

    def may_come_from(self, row: Row, body: Row) -> bool:
        return not row.get("is_personal")

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            rows = shared(reader)
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, tuple(self.from_row(row, reader.names, address) for row in rows))}


KIND = Workspace()
