"""Webhooks of the organisation (Enterprise facts 7.9, 11.8): those of no project.

Whether an organisation may have some is a flag of its contract, `allow_organization_webhooks` in the billing
information. Where it is false a new one is an error of the plan; where the server does not show it nobody knows, the
plan says so, and the server decides. Community refuses all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from lsops.errors import Finding, ServerError
from lsops.kinds.capabilities import ValidatesAgainst
from lsops.kinds.reader import Query, Reader, Row, Where
from lsops.kinds.webhooks.common import CallsUrl, kept_out_of_messages
from lsops.model.address import join
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.server.forms import OBJECT

if TYPE_CHECKING:
    from lsops.server.session import Session

FLAG: Final = "allow_organization_webhooks"
OF_NO_PROJECT: Final = {"project": "null"}


class OrganizationWebhook(CallsUrl, ValidatesAgainst):
    """`/api/webhooks/?project=null`; a row of a project, should a server list one there, is none of these."""

    name = "organization_webhook"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.schema.collection)
        try:
            rows = self.rows(reader.session, Where())
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        if query.maybe_new({row["id"]: self.schema.key_of(row) for row in rows}):
            from lsops.server.billing import PATH

            with suppress(ServerError):
                reader.flags.update(_flags(reader.object_once(PATH, OBJECT)))
        found = tuple(self.from_row(row, reader.names, address) for row in rows)
        return kept_out_of_messages({address: Collection(self.name, found)}, reader)

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """New ones where the contract allows none, or does not say so."""
        allowed = pairs.live.flags.get(FLAG)
        new = [one.desired for one in pairs.of(self.name) if one.live is None and not one.desired.lifecycle.absent]
        for item in new if allowed is False else ():
            message = f"this organisation may have no webhooks of its own: its billing flag {FLAG} is false"
            yield Finding("LS561", message, item.address, item.source, "write it in each project, or ask for the flag")
        if new and allowed is None:
            message = f"whether this organisation may have webhooks of its own is not known: the server shows no {FLAG}"
            yield Finding("LS561", message, new[0].address, new[0].source, "apply shows what it says", "warning")

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        found = session.array(self.path, OF_NO_PROJECT, form=self.form)
        return [row for row in found if row.get("project") is None]


def _flags(billing: Row) -> dict[str, bool]:
    """The flag, where the server shows it."""
    flags = billing.get("billing_flags")
    held = flags.get(FLAG) if isinstance(flags, Mapping) else None
    return {FLAG: held} if isinstance(held, bool) else {}


KIND = OrganizationWebhook()
