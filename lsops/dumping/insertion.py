"""Putting entries into the text of a file, so that nothing else in it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lsops.dumping.spans import Page, Span


class Misfit(Exception):
    """What is to be written has no place there, and why."""


class Insert(NamedTuple):
    """What is put in: as lines at an indentation, or, where braces are, as a pair or an item in one line."""

    lines: Callable[[int], Iterable[str]]
    flow: Callable[[], str]


@dataclass(frozen=True, order=True)
class Edit:
    """A text in place of what stands from one offset to another. Of two at one place the deeper comes first."""

    start: int
    shallow: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with all edits, which do not overlap."""
    done, at = [], 0
    for one in sorted(edits):
        done += [text[at : one.start], one.text]
        at = one.end
    return "".join((*done, text[at:]))


def into(page: Page, node: Span, owner: Span | None, pieces: Sequence[Insert]) -> list[Edit]:
    """The edits that put pieces at the end of a map or a list. `owner` is the map of which it is a value.

    An empty map in braces loses them, so that what comes into it can stand beneath. Raises: Misfit.
    """
    if node.kind not in ("map", "list"):
        raise Misfit("it is an alias" if node.kind == "alias" else "it holds no map")
    if node.is_flow and (node.items or node.in_flow or node.kind == "list" or not node.is_bare or owner is None):
        inner = ", ".join(piece.flow() for piece in pieces)
        at = node.items[-1][1].end if node.items else node.end - 1
        return [Edit(at, 0, at, f", {inner}" if node.items else inner)]
    if not node.is_flow:
        return [_behind_all(page, node, pieces, has_gap=_has_gap(page, node))]
    assert owner is not None  # noqa: S101  # an empty map at the top is no manifest
    start = node.start
    while page.text[start - 1] in " \t":
        start -= 1
    indent = owner.column + page.step
    rows = [row for piece in pieces for row in piece.lines(indent)]
    return [Edit(start, 0, node.end, ""), _block(page, page.line_end(node.end), rows, indent)]


def at_the_end(page: Page, pieces: Sequence[Insert]) -> list[Edit]:
    """The edits that put pieces below all that a file holds. Raises: Misfit."""
    if page.root.is_flow:
        return into(page, page.root, None, pieces)
    return [_behind_all(page, page.root, pieces, has_gap=True)]


def behind_the_first(page: Page, piece: Insert) -> list[Edit]:
    """The edits that put a piece right behind the first key of a file, which mostly is its version. Raises: Misfit."""
    if page.root.is_flow:
        return into(page, page.root, None, [piece])
    first = replace(page.root, items=page.root.items[:1], end=page.root.items[0][1].end)
    return [_block(page, _behind(page, first), list(piece.lines(page.root.column)), page.root.column)]


def _behind_all(page: Page, node: Span, pieces: Sequence[Insert], *, has_gap: bool) -> Edit:
    """Pieces at the end of a block, each behind an empty line; the first not, where that line would be of a text."""
    rows = [row for piece in pieces for row in ([""] if has_gap else []) + list(piece.lines(node.column))]
    start = 1 if has_gap and _is_in_text(page, node) else 0
    return _block(page, _behind(page, node), rows[start:], node.column)


def _is_in_text(page: Page, node: Span) -> bool:
    """Whether the end of a value is where a line begins: empty lines there are part of a text."""
    return node.end > node.start and page.line_start(node.end) == node.end


def _block(page: Page, at: int, rows: Sequence[str], indent: int) -> Edit:
    newline = page.newline
    text = newline.join(rows)
    is_open = at == len(page.text) and page.line_start(at) < at
    return Edit(at, -indent, at, newline + text if is_open else text + newline)


def _behind(page: Page, node: Span) -> int:
    """The place behind a block: its last line, and the comments right below that are indented as its keys are."""
    text = page.text
    at = node.end if _is_in_text(page, node) else page.line_end(node.end)
    while at < len(text):
        end = page.line_end(at)
        row = text[at:end]
        inner = row.lstrip(" \t")
        if not inner.startswith("#") or len(row) - len(inner) < node.column:
            break
        at = end
    return at


def _has_gap(page: Page, node: Span) -> bool:
    """Whether an empty line stands between the last two entries of a block."""
    if len(node.items) < 2:
        return False
    between = page.text[page.line_end(node.items[-2][1].end) : page.line_start(node.items[-1][0].start)]
    return any(not row.strip() for row in between.splitlines())
