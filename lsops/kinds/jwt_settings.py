"""Which tokens open the API: one per organisation, never created (Community facts 8, Enterprise facts 5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from lsops.errors import Finding, ServerError
from lsops.kinds.capabilities import Describes, Vetoes
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Query, Reader, Row, Where
from lsops.model.address import join
from lsops.model.live import Collection, Facts
from lsops.model.plan import Change
from lsops.schema import newer
from lsops.server.forms import OBJECT

if TYPE_CHECKING:
    from lsops.server.session import Session

TTL = "api_token_ttl_days"
FIRST_WITH_LONG_TTL = "2.30"
LONGEST_BEFORE = 365
"""Days that older servers accept, though they hold 73,000 by default (Enterprise facts 5.6)."""

OPENS = {"legacy": "legacy_api_tokens_enabled", "personal": "api_tokens_enabled"}
"""The switch of each kind of token."""

WARNINGS = {
    "legacy_api_tokens_enabled": "legacy tokens stop working at once",
    "api_tokens_enabled": "personal access tokens stop working at once",
}


class JwtSettings(Kind, Vetoes, Describes):
    """`GET` and, to update, `POST /api/jwt/settings`, which answers 200 or 201."""

    name = "jwt_settings"
    path = "/api/jwt/settings"
    form = OBJECT

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.name)
        try:
            row = dict(self.get(reader.session, Where()))
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        if TTL not in query.fields() and _is_unsendable(row.get(TTL), reader.facts):
            del row[TTL]
        return {address: Collection(self.name, (self.from_row(row, reader.names, address),))}

    def describe(self, change: Change, facts: Facts) -> Change:
        off = [field.path.removeprefix("/") for field in change.fields if field.after is False]
        return replace(change, warnings=(*change.warnings, *(WARNINGS[name] for name in off if name in WARNINGS)))

    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """Switching off the kind of token in use would lock lsops out."""
        switch = OPENS.get(facts.token_kind, "")
        for field in change.fields:
            if field.path == f"/{switch}" and field.after is False:
                message = f"lsops uses a {facts.token_kind} token, which {switch}: false would switch off"
                hint = "use a token of the other kind for this change"
                yield Finding("LS807", message, change.address, field.source or change.source, hint)

    def update(self, session: Session, body: Row, where: Where) -> Row:
        return cast("Row", session.post(self.path, body, form=OBJECT))

    def item(self, where: Where) -> str:
        return self.path


def _is_unsendable(days: object, facts: Facts) -> bool:
    """Whether the server holds a value that it does not accept back, so that it is left out."""
    too_long = isinstance(days, int) and days > LONGEST_BEFORE
    return too_long and facts.is_enterprise and newer(FIRST_WITH_LONG_TTL, facts.release)


KIND = JwtSettings()
