"""The name that was probably meant, sought within bounds: what is misspelt may come from anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 60
"""Characters of a word, and of a name, that are compared."""
MOST = 1_000
"""Names among which one is sought; of more only those that begin as the word does."""
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

    near = get_close_matches(wanted, folded, n=1, cutoff=CUTOFF)
    return folded[near[0]] if near else ""


def _few(word: str, names: list[str]) -> list[str]:
    if len(names) > MOST:
        names = [name for name in names if name[:1].casefold() == word[:1]]
    return names if len(names) <= MOST else []
