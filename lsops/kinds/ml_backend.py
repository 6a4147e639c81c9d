"""ML backends (Community facts 6, Enterprise facts 7.10).

Every request but the create's refusal makes the server call the backend: GET and DELETE too. The password goes with
another URL or user (`goes_with` in the schema): the one that the server keeps is not meant for these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.kinds.capabilities import AsksForSecrets, Condenses, Describes, Recognises
from lsops.kinds.contract import Kind
from lsops.kinds.in_projects import read_in_each
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.model.live import Collection, Facts, Live
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.server.forms import ID, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session

GENTLE = 2
"""Projects whose backends are read at a time: a backend that hangs holds the server up for seconds each."""


MOVED = "the server makes no webhook for the new URL, and the one for the old URL stays: declare what you need"
SILENT = "the backend did not answer when it was read: while it does not, the server refuses to change it"
NOT_CONNECTED = ("DI", "ER")
"""States of a backend that the server could not reach (Community facts 6)."""


PASSWORD = "basic_auth_pass"  # noqa: S105  # the name of a field


class MlBackend(Kind, Recognises, AsksForSecrets, Describes, Condenses):
    """`/api/ml/`; found by title among those of its project.

    A create that the server refuses may have made the row all the same (Community facts 6, "ghost on error").
    """

    name = "ml_backend"
    path = "/api/ml/"
    form = Form(needed={"id": ID, "title": OrNull(TEXT)}, known={"url": OrNull(TEXT), "project": OrNull(ID)})
    doubts_refusals = True

    def item(self, where: Where) -> str:
        return f"{self.path}{where.id}"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        return read_in_each(self, reader, query, self.rows, limit=GENTLE)

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Without the version that the backend itself writes while `auto_update` is on (Community facts 6)."""
        is_own = live.values.get("auto_update") is False
        return {name: value for name, value in live.values.items() if is_own or name != "model_version"}

    def describe(self, change: Change, facts: Facts) -> Change:
        """What a move leaves behind, and that a backend does not answer: then no write of it works."""
        if change.action != "update" or change.before is None:
            return change
        moved = next((field for field in change.fields if field.path == "/url"), None)
        effects = (MOVED,) if moved is not None else ()
        silent = moved is None and change.before.raw.get("state") in NOT_CONNECTED
        return replace(
            change, effects=(*change.effects, *effects), warnings=(*change.warnings, *((SILENT,) if silent else ()))
        )

    def wants_secrets(self, message: str) -> bool:
        return "authentication" in message.lower()

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """Every PATCH needs the project, and with BASIC_AUTH a password: an empty one keeps what the server has."""
        kept = {PASSWORD: ""} if where.id is not None and values.get("auth_method") == "BASIC_AUTH" else {}
        return {**kept, **values, "project": where.parent}

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        return session.array(self.path, {"project": where.parent}, form=self.form)

    def may_come_from(self, row: Row, body: Row) -> bool:
        return row.get("url") == body.get("url")


KIND = MlBackend()
