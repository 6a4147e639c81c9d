"""What the groups of SCIM mean: `/api/scim/settings` (Enterprise facts 5.7 and 12).

Whether POST replaces a list or adds to it, and what becomes of a list that is left out, is not known (section 11.3).
So every list is sent, those that the manifest does not have as the server held them just before, which is right under
either answer to the second; and the answer is compared, so that a server that adds is found out: the change then
fails, and says what the server holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.kinds.identity.group_lists import LISTS, SEATS
from lsops.kinds.identity.group_settings import GroupSettings
from lsops.kinds.reader import Row, Where
from lsops.model.live import Facts
from lsops.model.plan import Change

if TYPE_CHECKING:
    from lsops.server.session import Session

ANEW = "the server gives everybody in a pushed group anew what the group gives: roles, workspaces and projects"


class Scim(GroupSettings):
    """There is no DELETE, and an empty list is how to map nothing."""

    name = "scim"
    path = "/api/scim/settings"

    def describe(self, change: Change, facts: Facts) -> Change:
        told = super().describe(change, facts)
        return replace(told, effects=(*told.effects, ANEW))

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """With every list that the server has; an older one has no seats."""
        return super().update(session, {**self._held(session, where), **body}, where)

    def _held(self, session: Session, where: Where) -> Mapping[str, Any]:
        row = self.get(session, where)
        return {name: row.get(name) or [] for name in LISTS if name in row or name != SEATS}


KIND = Scim()
