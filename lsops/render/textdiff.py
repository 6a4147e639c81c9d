"""The rows of a unified diff, within bounds whatever the two texts are.

`difflib` takes time with the square of the lines, and more where many are equal. Up to `LINES` lines the diff is its;
longer texts are first cut at the lines that each of them has once, and only what lies between is compared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff
from itertools import accumulate

CONTEXT = 2
"""Unchanged lines around a change."""
LINES = 500
"""Lines of each text up to which all of them are compared with all of the other."""
BETWEEN = 30
"""The same between two lines that both texts have once; of a longer stretch no line is taken to be equal."""
MOST = 20_000
"""Lines of both texts from which on nothing is compared."""

Row = tuple[str, str]
"""A sign, blank for an unchanged line, and the line."""


def rows(before: Sequence[str], after: Sequence[str], names: tuple[str, str]) -> tuple[str, ...]:
    """The rows of a unified diff of two texts in lines, each with its sign; one row that says why, if there is none."""
    if max(len(before), len(after)) <= LINES:
        return tuple(unified_diff(before, after, *names, lineterm="", n=CONTEXT))
    if len(before) + len(after) > MOST:
        return (f"@@ {len(before)} lines before, {len(after)} lines after: too many to be compared @@",)
    hunks = tuple(_hunks(list(_rows(before, after))))
    return (f"--- {names[0]}", f"+++ {names[1]}", *hunks) if hunks else ()


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Every line of both texts."""
    i = j = 0
    for x, y in [*_anchors(before, after), (len(before), len(after))]:
        yield from _between(before[i:x], after[j:y])
        yield from ((" ", line) for line in before[x : x + 1])
        i, j = x + 1, y + 1


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Where lines stand that each text has once, as many as are in the same order in both."""
    places = {line: number for number, line in enumerate(after)}
    counts, others = Counter(before), Counter(after)
    pairs = [(i, places[line]) for i, line in enumerate(before) if counts[line] == 1 == others[line]]
    tails: list[int] = []
    ends: list[int] = []
    above: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        above.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    return _chain(pairs, above, ends[-1] if ends else -1)


def _chain(pairs: Sequence[tuple[int, int]], above: Sequence[int], last: int) -> list[tuple[int, int]]:
    found = []
    while last >= 0:
        found.append(pairs[last])
        last = above[last]
    return found[::-1]


def _between(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Two stretches: what they begin and end with alike, and of the rest what is equal, where that is short."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    yield from ((" ", line) for line in before[:start])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if max(len(old), len(new)) <= BETWEEN:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield from ((" " if tag == "equal" else "-", line) for line in old[i1:i2])
            yield from (("+", line) for line in new[j1:j2] if tag != "equal")
    else:
        yield from (("-", line) for line in old)
        yield from (("+", line) for line in new)
    yield from ((" ", line) for line in before[len(before) - end :])


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines two stretches begin with alike."""
    pairs = zip(before, after, strict=False)
    return next((number for number, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after)))


def _hunks(found: Sequence[Row]) -> Iterator[str]:
    """The changed rows with those around them, each group under its line numbers."""
    ranges: list[tuple[int, int]] = []
    for number, (sign, _) in enumerate(found):
        if sign == " ":
            continue
        first, end = max(0, number - CONTEXT), min(len(found), number + CONTEXT + 1)
        joined = bool(ranges) and first <= ranges[-1][1]
        ranges[len(ranges) - joined :] = [(ranges[-1][0] if joined else first, end)]
    olds, news = ([0, *accumulate(sign != other for sign, _ in found)] for other in "+-")
    for first, end in ranges:
        yield f"@@ -{_span(olds[first], olds[end])} +{_span(news[first], news[end])} @@"
        yield from (sign + line for sign, line in found[first:end])


def _span(start: int, end: int) -> str:
    """Line numbers as `unified_diff` writes them."""
    length = end - start
    return str(end) if length == 1 else f"{start + (length > 0)},{length}"
