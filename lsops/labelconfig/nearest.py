"""Which known word a mistyped one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 60
"""Characters of the words that are compared: what is longer is no slip of the finger."""
COMPARISONS = 10_000
"""How many pairs of words are compared at most; a hundred unknown tags take 7,600."""
_CANDIDATES = 5


class Nearest:
    """Suggestions from one set of words. What they cost is bounded: after `COMPARISONS` there are none."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {name.casefold(): name for name in sorted(known) if len(name) <= LONGEST}
        self._left = COMPARISONS
        self._told: dict[str, str] = {}

    def hint(self, word: str) -> str:
        """`; did you mean "…"?` for the nearest known word, or nothing."""
        folded = word.casefold()
        if folded not in self._told:
            if len(word) > LONGEST or len(self._known) > self._left:
                return ""
            self._left -= len(self._known)
            self._told[folded] = self._nearest(folded)
        name = self._told[folded]
        return f'; did you mean "{name}"?' if name else ""

    def _nearest(self, folded: str) -> str:
        from difflib import get_close_matches  # only for a config that is wrong

        close = get_close_matches(folded, self._known, n=_CANDIDATES, cutoff=0.6)
        return self._known[min(close, key=lambda name: _unlikeness(folded, name))] if close else ""


def _unlikeness(word: str, name: str) -> tuple[int, bool, bool, bool, str]:
    """Fewest slips first; of these the one with the same letters, the same beginning, the same end."""
    return slips(word, name), sorted(word) != sorted(name), word[:1] != name[:1], word[-1:] != name[-1:], name


def slips(one: str, other: str) -> int:
    """How many letters were left out, added, mistaken, or swapped with their neighbour."""
    rows: list[list[int]] = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
