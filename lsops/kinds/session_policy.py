"""The session policy: one per organisation, read and patched, never created (Community facts 8, Enterprise 5.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lsops.errors import Finding, ServerError
from lsops.kinds.capabilities import Describes, Warns
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Query, Reader, Where
from lsops.model.address import join
from lsops.model.live import Collection, Facts
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.server.forms import OBJECT

AGE = "max_session_age"
IDLE = "max_time_between_activity"
MONTH = 43_200
"""Minutes of 30 days."""


class SessionPolicy(Kind, Describes, Warns):
    """`GET` and `PATCH /api/session-policy/`; the server makes it up on the first GET."""

    name = "session_policy"
    path = "/api/session-policy/"
    form = OBJECT

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.name)
        try:
            row = self.get(reader.session, Where())
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, (self.from_row(row, reader.names, address),))}

    def describe(self, change: Change, facts: Facts) -> Change:
        """With a word on a limit that is shorter than the other one, which the server holds and nobody declares."""
        if change.after is None or change.before is None:
            return change
        if {AGE, IDLE} <= change.after.values.keys() - change.after.lifecycle.ignored_fields:
            return change
        doubts = _shorter(change.held_after())
        return replace(change, warnings=(*change.warnings, *doubts))

    def warn(self, item: Resource) -> Iterable[Finding]:
        """Sessions of more than 30 days, and an idle time that nobody can reach."""
        for name in (AGE, IDLE):
            if isinstance(item.values.get(name), int) and item.values[name] > MONTH:
                message = f"{name} is {item.values[name]} minutes, more than 30 days"
                yield Finding("LS112", message, item.address, item.place(name), severity="warning")
        for message in _shorter(item.values):
            yield Finding("LS112", message, item.address, item.place(AGE), severity="warning")

    def item(self, where: Where) -> str:
        return self.path


def _shorter(values: Mapping[str, Any]) -> Iterator[str]:
    age, idle = values.get(AGE), values.get(IDLE)
    if isinstance(age, int) and isinstance(idle, int) and age < idle:
        yield f"{AGE} ({age}) is less than {IDLE} ({idle}), so that no session ends for idleness"


KIND = SessionPolicy()
