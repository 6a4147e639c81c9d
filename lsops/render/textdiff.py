"""A unified diff of two texts whose rows can be shown, and in which no two that differ look the same.

The time grows with the number of lines, whatever stands in them: difflib alone takes minutes for lines that interleave.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import takewhile
from unicodedata import normalize

from lsops.render.safe import lines, near, shortened
from lsops.signs import json_text

SIDES = ("--- live", "+++ manifest")
"""The head of a diff."""
CONTEXT = 2
"""Unchanged lines around a change."""
LONGEST_ROW = 1_000
"""Characters of a row."""
FEW_LINES = 2_000
"""Lines of both sides that difflib compares in a fraction of a second."""


def diff_rows(before: str, after: str, *, full: bool = False) -> tuple[str, ...]:
    """Head, hunks and rows, each with the diff's sign; long rows are cut near to where they differ, unless `full`."""
    old, new = before.split("\n"), after.split("\n")
    rows = [row for group in _matcher(old, new).get_grouped_opcodes(CONTEXT) for row in _hunk(group, old, new, full)]
    return (*SIDES, *rows) if rows else ()


Opcodes = Sequence[tuple[str, int, int, int, int]]


def _hunk(group: Opcodes, old: list[str], new: list[str], full: bool) -> Iterator[str]:
    _, start, _, new_start, _ = group[0]
    _, _, end, _, new_end = group[-1]
    yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@"
    for tag, start, end, new_start, new_end in group:
        if tag == "equal":
            yield from (f" {text}" for text in _cut(_rows(old[start:end]), (), full)[0])
        else:
            minus, plus = _told_apart(old[start:end], new[new_start:new_end])
            minus, plus = _cut(minus, plus, full)
            yield from (f"-{text}" for text in minus)
            yield from (f"+{text}" for text in plus)


def _range(start: int, end: int) -> str:
    return f"{start + 1}" if end - start == 1 else f"{start + (end > start)},{end - start}"


def _rows(texts: Sequence[str]) -> Sequence[str]:
    return lines("\n".join(texts)) if texts else ()


def _told_apart(old: Sequence[str], new: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Both sides as rows, in quotes and spelled out where a line would look like another one of the other side."""
    minus, plus = _rows(old), _rows(new)
    looks = {_look(row): text for row, text in zip(minus, old, strict=True)}
    if any(looks.get(_look(row), text) != text for row, text in zip(plus, new, strict=True)):
        return [_exact(text) for text in old], [_exact(text) for text in new]
    return minus, plus


def _look(row: str) -> str:
    """What an eye sees: neither how an accent is written nor the blanks at the end."""
    return normalize("NFC", row).rstrip()


def _exact(text: str) -> str:
    return json_text(json.dumps(text))


def _cut(minus: Sequence[str], plus: Sequence[str], full: bool) -> tuple[Sequence[str], Sequence[str]]:
    if full or len(max((*minus, *plus), key=len, default="")) <= LONGEST_ROW:
        return minus, plus
    pairs = [near(one, other, LONGEST_ROW) for one, other in zip(minus, plus, strict=False)]
    more = [[shortened(row, LONGEST_ROW) for row in side[len(pairs) :]] for side in (minus, plus)]
    return [*(one for one, _ in pairs), *more[0]], [*(other for _, other in pairs), *more[1]]


# ---- which lines are the same ------------------------------------------------------------------


def _matcher(old: list[str], new: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, old, new) if len(old) + len(new) <= FEW_LINES else _Patient(old, new)


class _Patient(SequenceMatcher[str]):
    """Matches what stands once on either side, in the longest order that both have, and the neighbours of that."""

    def __init__(self, old: list[str], new: list[str]) -> None:
        super().__init__(None, old, new)
        self.sides = old, new

    def get_matching_blocks(self) -> list[Match]:
        old, new = self.sides
        blocks: list[Match] = []
        row = other = 0
        for anchor, twin in ((0, 0), *_anchors(old, new), (len(old), len(new))):
            if anchor < row or twin < other:
                continue
            before = _same(zip(reversed(range(row, anchor)), reversed(range(other, twin)), strict=False), old, new)
            after = _same(zip(range(anchor, len(old)), range(twin, len(new)), strict=False), old, new)
            if before + after:
                blocks.append(Match(anchor - before, twin - before, before + after))
            row, other = anchor + after, twin + after
        return [*blocks, Match(len(old), len(new), 0)]


def _same(places: Iterable[tuple[int, int]], old: Sequence[str], new: Sequence[str]) -> int:
    """How many of the pairs of places hold equal lines, up to the first that do not."""
    return sum(1 for _ in takewhile(lambda place: old[place[0]] == new[place[1]], places))


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand once on either side, as many as rise on both: the longest rising sequence."""
    once, also = Counter(old), Counter(new)
    places = {text: number for number, text in enumerate(new) if also[text] == 1}
    pairs = [(number, places[text]) for number, text in enumerate(old) if once[text] == 1 and text in places]
    ends: list[int] = []  # ends[n]: the least place at which a rising sequence of n + 1 can end
    last: list[int] = []  # which of the pairs that is
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [index]
        before.append(last[length - 1] if length else -1)
    found, index = [], last[-1] if last else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]
