"""How many findings are told: as many as a person reads, and of the rest their number.

A file of one megabyte can hold a hundred thousand mistakes. Each that is told costs time, memory and a line of a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lsops.errors import Finding, Source
from lsops.spelling import Effort, Near

IN_ENTRY = 100
"""Findings of one code that are told of one entry."""
IN_ALL = 1_000
"""Findings of one code that are told in all."""
LONGEST = 3_000
"""Characters of a message or an address that are told: more than any name may have that a server takes."""


NOBODY = Near("", ())
"""No word, and so no suggestion."""


@dataclass(frozen=True, slots=True)
class Misspelt(Finding):
    """A finding about a word that is probably another: its hint is sought where it is told."""

    near: Near = NOBODY


@dataclass
class _Rest:
    number: int
    source: Source | None


class Tally:
    """Decides finding by finding whether it is told, and counts those that are not."""

    def __init__(self) -> None:
        self._in_entry: dict[tuple[str, str, str], int] = {}
        self._in_all: dict[tuple[str, str], int] = {}
        self._rest: dict[tuple[str, str, str | None], _Rest] = {}
        self._effort = Effort()

    def admit(self, finding: Finding) -> Finding | None:
        """The finding as it is told, with its suggestion; None where there are enough like it."""
        every = finding.code, finding.severity
        here = *every, finding.address
        told, told_here = self._in_all.get(every, 0), self._in_entry.get(here, 0)
        if told >= IN_ALL or told_here >= IN_ENTRY:
            self._count((*every, None if told >= IN_ALL else finding.address), finding)
            return None
        self._in_all[every], self._in_entry[here] = told + 1, told_here + 1
        shown = self._suggested(finding) if isinstance(finding, Misspelt) else finding
        if max(len(shown.message), len(shown.address), len(shown.hint)) <= LONGEST:
            return shown
        return replace(shown, message=_cut(shown.message), address=_cut(shown.address), hint=_cut(shown.hint))

    def rest(self) -> Iterator[Finding]:
        """One finding for the rest of each code, with the place of the first that was not told."""
        for (code, severity, address), rest in self._rest.items():
            where = "in other places" if address is None else "here"
            message = f"{rest.number:,} more of {code} {where} are not shown"
            yield Finding(code, message, _cut(address or ""), rest.source, "", severity)

    def _count(self, group: tuple[str, str, str | None], finding: Finding) -> None:
        rest = self._rest.setdefault(group, _Rest(0, finding.source))
        rest.number += 1

    def _suggested(self, finding: Misspelt) -> Finding:
        hint = finding.near.hint(self._effort)
        return Finding(finding.code, finding.message, finding.address, finding.source, hint, finding.severity)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that are told, in their order, and behind them how many there are besides."""
    tally = Tally()
    kept = tuple(shown for finding in findings if (shown := tally.admit(finding)) is not None)
    return (*kept, *tally.rest())
