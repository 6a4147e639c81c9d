"""The name that was probably meant, sought within bounds: what is misspelt may come from anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 60
"""Characters of a word, and of a name, that are compared."""
MOST = 1_000
"""Names among which one is sought; of more only those that begin as the word does."""
CANDIDATES = 5
"""Names that are alike enough; of those within few slips the one with the fewest is told, else the most alike."""
FEW_SLIPS = 2
CUTOFF = 0.6
"""How alike two words must be, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Near:
    """A misspelt word and the names of which one may be meant: a hint that nobody has sought yet.

    `otherwise` is the hint where no name is near.
    """

    word: str
    names: Iterable[str]
    otherwise: str = ""

    def hint(self, effort: Effort) -> str:
        """`did you mean "…"?`, or the other hint where no name is near or the effort is spent."""
        found = nearest(self.word, self.names, effort)
        return f'did you mean "{found}"?' if found else self.otherwise


class Effort:
    """How many characters may still be compared: enough for every mistake that a person corrects one by one."""

    def __init__(self, characters: int = 500_000) -> None:
        self.left = characters


def nearest(word: str, names: Iterable[str], effort: Effort | None = None) -> str:
    """The name that is most like a word, letter case aside; `""` where none is like it or there are too many."""
    effort = effort or Effort()
    if effort.left <= 0:
        return ""
    found = list(names)
    wanted = word[:LONGEST].casefold()
    folded = {name.casefold(): name for name in _few(wanted, found) if 0 < len(name) <= LONGEST}
    effort.left -= 10 * len(found) + sum(map(len, folded)) + len(folded) * len(wanted)
    if effort.left < 0:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(wanted, folded, n=CANDIDATES, cutoff=CUTOFF)
    slipped = [name for name in near if slips(wanted, name) <= FEW_SLIPS]
    return folded[min(slipped, key=lambda name: _unlikeness(wanted, name)) if slipped else near[0]] if near else ""


class Suggestions:
    """The names of which one may be meant, asked many times: one answer for a word, and one effort for all."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._effort = Effort()
        self._told: dict[str, str] = {}

    def near(self, word: str) -> str:
        """The name that is most like a word; `""` where none is, or the effort is spent."""
        word = word[:LONGEST]
        if word not in self._told and self._effort.left > 0:
            self._told[word] = nearest(word, self._names, self._effort)
        return self._told.get(word, "")


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


def _few(word: str, names: list[str]) -> list[str]:
    if len(names) > MOST:
        names = [name for name in names if name[:1].casefold() == word[:1]]
    return names if len(names) <= MOST else []
