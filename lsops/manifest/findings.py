"""Collecting what is wrong, so that all of it is reported at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from lsops.errors import Finding, ManifestError, Source, sort_findings
from lsops.masking import mask_urls
from lsops.model.address import nearest_of
from lsops.spelling import Near
from lsops.tally import LONGEST, Misspelt, Tally

UNREAD = frozenset({"LS207", "LS209"})
"""Scalars that could not be read: what their place lacks because of that is not said."""

QUOTED = 60
"""How many characters of a value a message repeats."""
LONG = 10_000
"""Characters beyond which a text is no URL that somebody meant."""


class Findings:
    """The findings of one load: of each code as many as are told, and the number of the rest.

    What is said twice of one place, as of a default of many entries, is kept once.
    """

    def __init__(self) -> None:
        self._told: list[Finding] = []
        self._said: set[int] = set()
        self._unread: set[Source] = set()
        self._tally = Tally()
        self._through: dict[str, Source] = {}

    def error(
        self, code: str, message: str, *, source: Source | None = None, address: str = "", hint: str | Near = ""
    ) -> None:
        """Add an error."""
        self.add(_finding(code, message, address, source, hint))

    def warn(self, code: str, message: str, *, source: Source | None = None, address: str = "", hint: str = "") -> None:
        """Add a warning."""
        self.add(Finding(code, message, address, source, hint, "warning"))

    def twice(
        self, code: str, message: str, source: Source | None, first: Source | None, *, address: str = "", hint: str = ""
    ) -> None:
        """Add an error about what is given twice; the message goes on with the place of the first."""
        self.add(Finding(code, f"{message}; first at {first}", address, source, hint, second=first))

    def through(self, address: str, source: Source) -> None:
        """From now on, what is said below an address and stands elsewhere says through which entry it came."""
        self._through[address] = source

    def add(self, finding: Finding) -> None:
        """Add a finding unless the same was said of the same place, or the place could not be read."""
        where = finding.source if finding.source is not None else finding.address
        said = hash((finding.code, finding.message, where))
        if said in self._said or (finding.is_error and finding.code not in UNREAD and finding.source in self._unread):
            return
        self._said.add(said)
        if self._through and finding.address:
            finding = self._with_entry(finding)
        if finding.code in UNREAD and finding.source is not None:
            self._unread.add(finding.source)
        shown = self._tally.admit(finding)
        if shown is not None:
            self._told.append(shown)

    def _with_entry(self, finding: Finding) -> Finding:
        """The finding with the entry that it came through, where its own place is another one."""
        entry = self._through.get(nearest_of(finding.address, self._through))
        if entry is None or entry == finding.source:
            return finding
        message = f"{finding.message} (through {entry})"
        return replace(finding, message=message, second=finding.second or entry)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """All warnings, in the order of the files."""
        return tuple(sort_findings(f for f in (*self._told, *self._tally.rest()) if not f.is_error))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """All errors, in the order of the files."""
        found = (f for f in (*self._told, *self._tally.rest()) if f.is_error)
        return tuple(sort_findings(f for f in found if f.code in UNREAD or f.source not in self._unread))

    def raise_errors(self) -> None:
        """Raise `ManifestError` with every error if there is one; its warnings go along, behind them."""
        errors = self.errors
        if errors:
            raise ManifestError((*errors, *self.warnings))


def _finding(code: str, message: str, address: str, source: Source | None, hint: str | Near) -> Finding:
    if isinstance(hint, str):
        return Finding(code, message, address, source, hint)
    return Misspelt(code, message, address, source, near=hint)


def quote(value: Any) -> str:
    """A value as a message repeats it: JSON, cut to 60 characters, without the credentials of a URL."""
    text = _start_of_text(value) if isinstance(value, str) else _start_of_json(value)
    cut = text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
    return f'"{cut}"' if isinstance(value, str) else cut


def _start_of_text(text: str) -> str:
    """As much of a text as is repeated; of a very long one nothing behind `://`, where credentials may stand."""
    if len(text) <= LONG:
        return str(mask_urls(text))
    head, sign, _ = text[: QUOTED + 1].partition("://")
    return f"{head}{sign}…" if sign else head


def _start_of_json(value: Any) -> str:
    """As much of a value as is repeated, without writing out the rest of a large one."""
    text = ""
    for piece in json.JSONEncoder(ensure_ascii=False, default=str).iterencode(value):
        text += piece
        if len(text) > QUOTED:
            break
    return text


def listed(names: Iterable[Any]) -> str:
    """`a, b, c` for messages; of very many no more than is told of a message."""
    told, length = list[str](), 0
    for name in names:
        told.append(str(name))
        length += len(told[-1])
        if length > LONGEST:
            break
    return ", ".join(told)
