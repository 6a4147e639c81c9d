"""The session policy: one per organisation, read and patched, never created (Community facts 8, Enterprise 5.5)."""

from __future__ import annotations

from collections.abc import Mapping

from lsops.errors import ServerError
from lsops.kinds.base import Kind, Query, Reader, Where
from lsops.model import Collection, join


class SessionPolicy(Kind):
    """`GET` and `PATCH /api/session-policy/`; the server makes it up on the first GET."""

    name = "session_policy"
    path = "/api/session-policy/"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        del query
        address = join(self.name)
        try:
            row = self.get(reader.session, Where())
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, (self.live(row, reader.names, address),))}

    def item(self, where: Where) -> str:
        del where
        return self.path


KIND = SessionPolicy()
