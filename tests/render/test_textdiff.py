"""Diffs of long texts: right, readable, and in bounded time."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from difflib import unified_diff

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.render.textdiff import LINES, MOST, rows

NAMES = ("live", "manifest")
LONG = [f"line {number}" for number in range(3 * LINES)]


def applied(before: Sequence[str], diff: Sequence[str]) -> list[str]:
    """What a diff makes of the text before; fails where its numbers or its unchanged lines are wrong."""
    after: list[str] = []
    place = 0
    for row in diff[2:]:
        if row.startswith("@@"):
            start, _, length = row.split()[1][1:].partition(",")
            upto = int(start) - (length != "0")
            after += before[place:upto]
            place = upto
            continue
        if row[0] in " -":
            assert before[place] == row[1:]
            place += 1
        if row[0] in " +":
            after.append(row[1:])
    return [*after, *before[place:]]


@given(st.randoms(use_true_random=False), st.sampled_from([3, 50, 10_000]))
def test_a_diff_of_long_texts_makes_the_one_of_the_other(chance: random.Random, variety: int) -> None:
    before = [str(chance.randrange(variety)) for _ in range(LINES + 50)]
    after = list(before)
    for _ in range(chance.randrange(1, 40)):
        place = chance.randrange(len(after))
        after[place : place + chance.randrange(3)] = [str(chance.randrange(variety))] * chance.randrange(3)
    assert applied(before, rows(before, after, NAMES)) == after


@pytest.mark.parametrize(
    "after",
    [
        ["new", *LONG],
        [*LONG, "new"],
        [*LONG[:700], "new", *LONG[701:]],
        [*LONG[:700], *LONG[703:]],
        [*LONG[:10], "a", *LONG[10:13], "b", *LONG[13:20], "c", *LONG[21:]],
        [*LONG[:10], "a", *LONG[10:14], "b", *LONG[14:19], "c", *LONG[19:]],
        LONG,
    ],
)
def test_small_changes_of_a_long_text_are_told_as_difflib_does(after: list[str]) -> None:
    assert rows(LONG, after, NAMES) == tuple(unified_diff(LONG, after, *NAMES, lineterm="", n=2))


def test_a_text_that_is_too_long_is_not_compared() -> None:
    (row,) = rows(["a"] * MOST, ["b"], NAMES)
    assert row == f"@@ {MOST} lines before, 1 lines after: too many to be compared @@"


def interleaved(count: int, step: int) -> list[str]:
    """Lines of which many are equal, in another order."""
    return [str(number * step % 97 if number % 2 else number % 31) for number in range(count)]


@pytest.mark.parametrize("size", [LINES, LINES + 1, MOST // 2])
def test_lines_that_are_often_equal_take_no_longer(size: int) -> None:
    start = time.process_time()
    rows(interleaved(size, 7), interleaved(size, 11), NAMES)
    assert time.process_time() - start < 2
