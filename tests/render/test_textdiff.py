"""Texts that differ are seen to differ, at a length that a log can take and in a time that grows with them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsops.model.plan import Change, FieldChange
from lsops.render.changes import CUT_TO, entry_lines
from lsops.render.document import Look
from lsops.render.parts import Entry
from lsops.render.safe import pair
from lsops.render.textdiff import FEW_LINES, LONGEST_ROW, diff_rows
from tests.support.clock import processor_seconds
from tests.support.forms import as_text

SAME_LOOK = {
    "a tab and blanks": ("\tx", "    x"),
    "blanks at the end": ("x ", "x"),
    "how an accent is written": ("caf\u00e9", "cafe\u0301"),
    "an escape and what it stands for": ("x\\u202e", "x\u202e"),
    "a broken command and a whole one": ("##[x", "# #[x"),
    "a no-break space": ("a\u00a0b", "a b"),
    "a variation selector": ("\u2764\ufe0f", "\u2764"),
}


def update(before: str, after: str) -> Change:
    """A change of one long text."""
    return Change("/projects/A", "project", "update", {"id": 1}, (FieldChange("/expert_instruction", before, after),))


@pytest.mark.parametrize(("one", "other"), SAME_LOOK.values(), ids=SAME_LOOK.keys())
def test_two_texts_that_look_the_same_are_shown_differently(one: str, other: str) -> None:
    before, after = pair(one, other)
    assert before != after
    assert "masked" not in after
    minus, plus = (row for row in diff_rows(f"a\n{one}\n", f"a\n{other}\n")[3:] if row[0] in "-+")
    assert minus[1:].rstrip() != plus[1:].rstrip()


def test_what_differs_in_its_masked_part_alone_says_so() -> None:
    before, after = pair("https://host/x?sig=1", "https://host/x?sig=2")
    assert before == '"https://host/x?***"'
    assert after == '"https://host/x?***" (it differs where it is masked)'


def test_a_row_that_is_too_long_is_cut_near_to_where_it_differs() -> None:
    rows = diff_rows(f"a\n{'x' * 9_000}old", f"a\n{'x' * 9_000}new")
    assert max(map(len, rows)) < LONGEST_ROW + 50
    assert [row[-3:] for row in rows if row[0] in "-+"][2:] == ["old", "new"]
    assert max(map(len, diff_rows("a", f"a\n{'x' * 9_000}", full=True))) == 9_001


def test_the_text_form_cuts_a_long_diff_and_says_how_much_is_left() -> None:
    change = update("one\n" * 5_000, "other\n" * 5_000)
    rows = as_text(entry_lines(Entry(change, "update"))).splitlines()
    assert rows[-1] == "|     ... 9,964 lines more, -v shows them"
    assert len(rows) == 2 + CUT_TO + 1
    assert len(as_text(entry_lines(Entry(change, "update", Look(verbose=True)))).splitlines()) == 2 + 10_004


def test_differences_inside_a_value_are_cut_too() -> None:
    before, after = ({"items": [{"value": f"{word} {number}"} for number in range(300)]} for word in ("old", "new"))
    change = Change("/projects/A/views/V", "view", "update", {"id": 1}, (FieldChange("/filters", before, after),))
    assert as_text(entry_lines(Entry(change, "update"))).endswith("|     ... 260 lines more, -v shows them\n")


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12)


@given(LINES, LINES, st.integers(0, 3))
def test_the_rows_of_a_diff_lead_from_one_text_to_the_other(one: list[str], other: list[str], salt: int) -> None:
    filler = [f"line {number}" for number in range(FEW_LINES * (salt % 2))]
    before, after = [*one, *filler, *other], [*other, *filler, *one]
    assert patched(before, diff_rows("\n".join(before), "\n".join(after))) == (after or [""])


def patched(old: list[str], rows: tuple[str, ...]) -> list[str]:
    """What a unified diff makes of a text."""
    old, new, place = old or [""], [], 0
    for row in rows[2:]:
        if row.startswith("@@"):
            first, _, count = row.split()[1][1:].partition(",")
            start = int(first) - (count != "0")
            new, place = [*new, *old[place:start]], start
        elif row[0] in " -":
            assert old[place] == row[1:]
            place += 1
        if row[0] in " +":
            new.append(row[1:])
    return [*new, *old[place:]]


def interleaved(number: int) -> tuple[str, str]:
    """Lines of which each second one is another: what difflib is slowest at."""
    return "\n".join(map(str, range(number))), "\n".join(f"{n}" if n % 2 else f"x{n}" for n in range(number))


def swapped(number: int) -> tuple[str, str]:
    """Lines in pairs that changed places."""
    return "\n".join(map(str, range(number))), "\n".join(str(n ^ 1) for n in range(number))


def shuffled(number: int) -> tuple[str, str]:
    """The same lines in another order."""
    return "\n".join(map(str, range(number))), "\n".join(map(str, random.Random(1).sample(range(number), number)))


def repeated(number: int) -> tuple[str, str]:
    """Lines of which many are equal, in another order."""
    old, new = ([str(n * step % 97 if n % 2 else n % 31) for n in range(number)] for step in (7, 11))
    return "\n".join(old), "\n".join(new)


@pytest.mark.parametrize("size", [FEW_LINES // 2, FEW_LINES // 2 + 1])
def test_lines_that_are_often_equal_take_no_longer(size) -> None:
    assert processor_seconds(lambda: diff_rows(*repeated(size))) < 2


def once(before: str, after: str) -> float:
    """Processor seconds of one diff."""
    return processor_seconds(lambda: diff_rows(before, after))


@pytest.mark.parametrize("texts", [interleaved, swapped, shuffled, repeated])
def test_the_time_of_a_diff_grows_with_the_number_of_lines(texts) -> None:
    small, large = texts(4_000), texts(40_000)

    assert any(once(*large) < 25 * max(once(*small), 0.005) for _ in range(3))  # what else runs can spoil an attempt
