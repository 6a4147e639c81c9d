"""The blueprints of one project (Enterprise facts 8.4); nothing of them was measured, and no kind stands here.

There is no list of them but in the rows of projects. `GET …/create-project` makes a project: it is never called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lsops.errors import Malformed, ServerError
from lsops.kinds.reader import Row, Where
from lsops.model.blueprint import Blueprint
from lsops.server.forms import ID, TEXT, Form, OrNull
from lsops.server.waiting import looks, may_go_on

if TYPE_CHECKING:
    from lsops.server.session import Session

PATH: Final = "/api/blueprints/"
BLUEPRINT: Final = Form(needed={"id": ID}, known={"title": OrNull(TEXT), "share_id": OrNull(TEXT)})


class Blueprints:
    """Each method raises ServerError."""

    def __init__(self, session: Session, where: Where) -> None:
        self._session = session
        self._project = where.id

    def all(self) -> list[Blueprint]:
        """What the project's row in the list of projects has."""
        rows = self._session.pages("/api/projects/", {"ids": str(self._project)})
        mine: Any = next((row.get("blueprints") for row in rows if row.get("id") == self._project), None)
        found = [row for row in mine if isinstance(row, dict)] if isinstance(mine, list) else []
        return [self._known(row) for row in found if not BLUEPRINT.fault(row, PATH)]

    def share(self, title: str, description: str, label_config: str) -> Blueprint:
        """Make one. Where the answer is lost, what is there and was not there before decides: none is made twice."""
        there = {one.id for one in self.all()}
        body: dict[str, Any] = {"project": self._project, "title": title}
        body |= {"description": description} if description else {}
        body |= {"label_config": label_config} if label_config else {}
        try:
            return self._known(self._session.post(PATH, body, form=BLUEPRINT))
        except ServerError as error:
            if not (isinstance(error, Malformed) or may_go_on(error)):
                raise
            for _ in looks(self._session.settings.settle_timeout):
                new = [one for one in self.all() if one.id not in there and one.title == title]
                if len(new) == 1:
                    return new[0]
            raise

    def delete(self, number: int) -> None:
        """End one: its link leads nowhere then."""
        self._session.delete(f"{PATH}{number}/")

    def _known(self, row: Row) -> Blueprint:
        link = str(row.get("short_url") or row.get("share_id") or "")
        if link:
            self._session.redact((link, str(row.get("share_id") or link)))
        return Blueprint(row["id"], str(row.get("title") or ""), str(row.get("created_at") or ""), link)
