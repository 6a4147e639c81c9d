"""Members of workspaces (Enterprise facts 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsops.kinds.people.memberships import Membership, sees_all
from lsops.kinds.people.roster import USER, person
from lsops.kinds.reader import Row, Where
from lsops.model.resource import Resource
from lsops.server.forms import Form

if TYPE_CHECKING:
    from lsops.server.session import Session


class WorkspaceMember(Membership):
    """`/api/workspaces/{id}/memberships/`, one list per workspace."""

    name = "workspace_member"
    form = Form(needed={"user": USER})

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        found = session.array(self._list(where), form=self.form)
        return [row for row in map(person, found) if row is not None]

    def decode(self, row: Row, names: Mapping[str, Mapping[str, int]]) -> Mapping[str, Any]:
        return {"email": row["email"]}

    def hides(self, one: Resource) -> bool:
        """Owners and administrators are in every workspace anyway."""
        return sees_all(one)

    def is_foreign(self, row: Row, one: Resource | None) -> bool:
        """Whether an identity provider fills the workspaces: `billing.manual_workspace_management` is false."""
        return bool(one and one.raw.get("externally_placed"))

    def bulk_path(self, where: Where) -> str:
        return f"{self._list(where)}bulk/"

    def _list(self, where: Where) -> str:
        return f"/api/workspaces/{where.parent}/memberships/"


KIND = WorkspaceMember()
