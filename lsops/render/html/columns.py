"""The rows of a diff side by side: what is there left, what comes right, in each pair the part that differs marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from os.path import commonprefix

from lsops.render.fields import Shown
from lsops.render.html.elements import NONE, Html, as_html, element, joined

FOLDED_FROM = 60
"""Rows from which on they are folded."""
_START = re.compile(r"@@ -(\d+)")


def side_by_side(field: Shown) -> Html:
    """The rows of a field: a diff in two columns, a new text in one."""
    if not field.rows:
        return NONE
    if field.is_new:
        body = joined(_pair("add only", None, row[2:]) for row in field.rows)
    else:
        left, right = (element("span", as_html(row[4:])) for row in field.rows[:2])
        body = joined((element("div", left, right, class_="row titles"), *_rows(field.rows[2:])))
    opened = len(field.rows) <= FOLDED_FROM and not field.is_new
    count = as_html(f"{len(field.rows)} lines" if field.is_new else "side by side")
    return element("details", element("summary", count), element("div", body, class_="columns"), open=opened)


def _rows(rows: Sequence[str]) -> Iterator[Html]:
    gone: list[str] = []
    came: list[str] = []
    for row in (*rows, ""):
        if row.startswith("-"):
            gone.append(row[1:])
        elif row.startswith("+"):
            came.append(row[1:])
        else:
            yield from _edits(gone, came)
            gone, came = [], []
            yield _unchanged(row)


def _unchanged(row: str) -> Html:
    if found := _START.match(row):
        return element("div", as_html(f"line {found[1]}"), class_="row hunk") if found[1] != "1" else NONE
    return _pair("same", row[1:], row[1:]) if row else NONE


def _edits(gone: Sequence[str], came: Sequence[str]) -> Iterator[Html]:
    for old, new in zip_longest(gone, came):
        yield _pair("add" if old is None else "del" if new is None else "edit", old, new)


def _pair(sort: str, old: str | None, new: str | None) -> Html:
    marked = _marked(old, new) if old is not None and new is not None and sort == "edit" else (old, new)
    left, right = (part if isinstance(part, tuple) else ("", part or "", "") for part in marked)
    sides = (
        element("span", *_cell(left, marks=sort == "edit"), class_="old"),
        element("span", *_cell(right, marks=sort == "edit"), class_="new"),
    )
    return element("div", *sides, class_=f"row {sort}")


Parts = tuple[str, str, str]


def _marked(old: str, new: str) -> tuple[Parts, Parts]:
    """Both texts in three parts, of which the middle ones differ."""
    start = len(commonprefix((old, new)))  # noqa: RUF071  # these are no paths
    end = len(commonprefix((old[start:][::-1], new[start:][::-1])))  # noqa: RUF071
    return _cut(old, start, end), _cut(new, start, end)


def _cut(text: str, start: int, end: int) -> Parts:
    return text[:start], text[start : len(text) - end], text[len(text) - end :]


def _cell(parts: Parts, *, marks: bool) -> Iterator[Html]:
    """A text whose leading blanks stay; each part is fit to be shown by itself, for none ends within an escape."""
    before, middle, after = map(as_html, parts)
    yield before
    yield element("mark", middle) if marks and middle else middle
    yield after
