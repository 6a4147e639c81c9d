"""Collecting what is wrong, so that all of it is reported at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from lsops.errors import Finding, ManifestError, Source, sort_findings
from lsops.masking import mask_urls

UNREAD = frozenset({"LS207", "LS209"})
"""Scalars that could not be read: what their place lacks because of that is not said."""

QUOTED = 60
"""How many characters of a value a message repeats."""


class Findings:
    """The findings of one load. What is said twice of one place, as of a default of many entries, is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], Finding] = {}

    def error(
        self, code: str, message: str, *, source: Source | None = None, address: str = "", hint: str = ""
    ) -> None:
        """Add an error."""
        self.add(Finding(code, message, address, source, hint))

    def warn(self, code: str, message: str, *, source: Source | None = None, address: str = "", hint: str = "") -> None:
        """Add a warning."""
        self.add(Finding(code, message, address, source, hint, "warning"))

    def add(self, finding: Finding) -> None:
        """Add a finding unless the same was said of the same place."""
        where = finding.source if finding.source is not None else finding.address
        self._found.setdefault((finding.code, finding.message, where), finding)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """All warnings, in the order of the files."""
        return tuple(sort_findings(f for f in self._found.values() if not f.is_error))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """All errors, in the order of the files."""
        unread = {f.source for f in self._found.values() if f.code in UNREAD and f.source}
        return tuple(
            sort_findings(
                f for f in self._found.values() if f.is_error and (f.code in UNREAD or f.source not in unread)
            )
        )

    def raise_errors(self) -> None:
        """Raise `ManifestError` with every error if there is one; its warnings go along, behind them."""
        errors = self.errors
        if errors:
            raise ManifestError((*errors, *self.warnings))


def quote(value: Any) -> str:
    """A value as a message repeats it: JSON, cut to 60 characters, without the credentials of a URL."""
    text = mask_urls(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    cut = text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
    return f'"{cut}"' if isinstance(value, str) else cut


def suggest(word: str, choices: Iterable[str]) -> str:
    """`did you mean "…"?` for the choice that is nearest, `""` where none is near."""
    import difflib

    names = list(choices)
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(word.casefold()[:QUOTED], folded, n=1, cutoff=0.6)
    return f'did you mean "{folded[near[0]]}"?' if near else ""


def listed(names: Iterable[Any]) -> str:
    """`a, b, c` for messages."""
    return ", ".join(str(name) for name in names)
