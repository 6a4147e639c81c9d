"""`lsops audit`: what Enterprise keeps of what was done, row by row in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from lsops.errors import LsopsError, NotFound, ServerError, UsageError
from lsops.kinds import activity_log, registry
from lsops.kinds.capabilities import Audited
from lsops.model.address import below
from lsops.model.audit import Trail, Window
from lsops.model.desired import Desired
from lsops.operations.audit_file import LATE, AuditEntry, Known
from lsops.operations.chosen import is_chosen, refuse_unmet
from lsops.operations.interaction import SILENT, Interaction
from lsops.server.facts import read_facts
from lsops.server.in_time import time_in_row
from lsops.server.session import Session

EVER = Window()
NOTHING_DECLARED = Desired(())


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What to read: `addresses` are globs, of which each covers what lies below it; none is the whole organisation.

    `desired` says what the manifest calls a live object by another name than its own.
    """

    addresses: tuple[str, ...] = ()
    window: Window = EVER
    desired: Desired = NOTHING_DECLARED


@dataclass
class Audit:
    """An audit of one server; `known` is what was read before, and `failures` what could not be."""

    session: Session
    request: AuditRequest
    known: Known = field(default_factory=Known)
    interaction: Interaction = SILENT
    failures: list[LsopsError] = field(default_factory=list)

    def entries(self) -> Iterator[AuditEntry]:
        """What was not read before: trail by trail, each in the order of time. What cannot be read stops no other.

        Raises:
            UsageError: the server is Community, or an address covers nothing that is live.
            ServerError: it cannot be told what is live.
        """
        for trail in self._trails():
            yield from self._of_trail(trail)

    def _of_trail(self, trail: Trail) -> Iterator[AuditEntry]:
        try:
            yield from self._fresh(trail)
        except NotFound:
            self.interaction.note(f"{trail.address}: the server has no {trail.source}, or nothing in it of that time")
        except ServerError as error:
            self.failures.append(error)
            self.interaction.warn(replace(one, address=one.address or trail.address) for one in error.findings)

    def _fresh(self, trail: Trail) -> Iterator[AuditEntry]:
        """Rows may appear later than their time says: those shortly before the last known one are read again."""
        last = self.known.last(trail)
        window = self.request.window
        if last is not None:
            since = last - LATE
            window = replace(window, since=since if window.since is None else max(window.since, since))
        for row in trail.read(window):
            time = time_in_row(row.get(trail.time), trail.source)
            if not self.known.has(trail, time, row):
                yield AuditEntry(trail.source, trail.address, trail.id, time, row)

    def _trails(self) -> list[Trail]:
        """Raises: UsageError, ServerError."""
        facts = read_facts(self.session)
        if not facts.is_enterprise:
            raise UsageError.of("this server keeps no audit trail; Label Studio Enterprise does", code="LS685")
        kinds = [kind for kind in registry().values() if isinstance(kind, Audited)]
        names = {below(one.collection, one.key): one.address for one in self.request.desired.resources if one.key}
        found = ((kind, *one) for kind in kinds for one in kind.audited(self.session, facts))
        there = [(kind, names.get(address, address), number) for kind, address, number in found]
        globs, what = self.request.addresses, "nothing live that has an audit trail"
        refuse_unmet(globs, [address for _, address, _ in there], "LS688", what=what, where="there")
        wanted = [one for one in there if is_chosen(one[1], globs)]
        trails = [trail for one in wanted for trail in self._of(*one)]
        return list(_without_parts(trails) if not self.request.addresses else trails)

    def _of(self, kind: Audited, address: str, number: int) -> Iterator[Trail]:
        yield from kind.trails(self.session, address, number)
        query = kind.log_query(number)
        log = partial(activity_log.log_rows, self.session, query)
        yield Trail(activity_log.SOURCE, address, number, activity_log.TIME, log, is_whole=not query)


def _without_parts(trails: list[Trail]) -> Iterator[Trail]:
    """All of an organisation, where what one trail has of everything is not read again for each part of it."""
    whole = {trail.source for trail in trails if trail.is_whole}
    return (trail for trail in trails if trail.is_whole or trail.source not in whole)
