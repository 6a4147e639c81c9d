"""Markdown from foreign text: what cannot be broken out of, and what fits into a number of bytes.

One rule keeps it safe: foreign text stands in code, a span or a fence, and nowhere else. In code there is no mark-up,
no HTML, no mention, no reference and no link, whoever renders it. And every line begins with a sign of our own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from urllib.parse import quote

from lsops.render.safe import line
from lsops.signs import escaped

BUDGET = 65_000
"""Bytes of UTF-8 of a whole text: GitHub takes 65,536 characters in a comment."""

LONGEST_NAME = 200
"""Characters of a name in a comment."""

HARMLESS = "<>\"'()[]{}*.,;=/\\&$#-+_@!?|"
"""Signs with which a line may begin; `##[` is broken already."""

_TICKS = re.compile("`+")


def code(text: str) -> str:
    """A code span that shows a text as it is, in one line; `(empty)` where there is none."""
    text = line(text)
    if not text:
        return "(empty)"
    ticks = _longer(text, 1)
    is_stripped = text[0] == text[-1] == " " and bool(text.strip(" "))
    room = " " if "`" in (text[0], text[-1]) or is_stripped else ""
    return f"{ticks}{room}{text}{room}{ticks}"


def cut(text: str, longest: int) -> str:
    """A text that is not longer than that."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def fence(rows: Sequence[str]) -> str:
    """A block of the rows of a diff; an unchanged one begins with a blank, then with a sign that commands nobody."""
    signed = [row if row[:1].strip() else f" {_no_command(row[1:])}" for row in rows]
    ticks = _longer("\n".join(signed), 3)
    return "".join(f"{row}\n" for row in (f"\n{ticks}diff", *signed, ticks))


def _no_command(text: str) -> str:
    """Where a runner trims a line, the first sign counts: one such as the colon of `::error::` is spelled out."""
    bare = text.lstrip()
    if not bare or bare[0].isalnum() or bare[0] in HARMLESS:
        return text
    return f"{text[: len(text) - len(bare)]}{escaped(bare[0])}{bare[1:]}"


def folded_block(title: str, body: str) -> str:
    """A body that is shown on a click; the title is our own text."""
    return f"\n<details><summary>{title}</summary>\n{body}\n</details>\n"


def in_html(text: str) -> str:
    """A text as code within HTML, where Markdown is not read."""
    return f"<code>{escape(line(text))}</code>" if text else "(empty)"


def marker(verb: str, environment: str, shard: str = "") -> str:
    """A comment that nobody sees and by which a bot finds its own text again; nothing in the name can end it."""
    name = cut(quote(environment, safe="", errors="backslashreplace"), LONGEST_NAME)
    return f"<!-- {' '.join(filter(None, (f'lsops:{verb}', name, shard)))} -->\n"


def _longer(text: str, least: int) -> str:
    """A run of backticks that is longer than any in a text."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


# ---- what fits ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Fold:
    """What folds pieces that stand side by side; it is there once one of them has more than its shortest form."""

    opening: str
    closing: str = "\n</details>\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that may be shortened or left out: its forms, the shortest first, the whole last.

    `what` says in one word what is left out with it. `crowd` is of how many like it this is one: where not all fit,
    those of a small crowd come first. `fold` is in what it stands.
    """

    what: str
    forms: tuple[str, ...]
    crowd: int = 0
    fold: Fold | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """The text, and of each sort of pieces how many are left out and how many are shortened."""

    text: str
    left_out: dict[str, int]
    shortened: dict[str, int]


def fit(parts: Iterable[str | Piece], budget: int) -> Fitted:
    """As much of the parts as a number of bytes takes; parts that are no pieces always are in.

    First every piece gets its shortest form, then every one the next, each as far as it fits: so nothing loses its
    name for the sake of another's details. The smallest crowds come first, else all in their order: so no mass pushes
    out what is rare.
    """
    all_parts = [Piece("", (part,)) if isinstance(part, str) else part for part in parts]
    sizes = [(0, *(len(form.encode()) for form in part.forms)) for part in all_parts]
    levels = [0 if part.what else 1 for part in all_parts]
    turns = sorted(range(len(all_parts)), key=lambda number: all_parts[number].crowd)
    left = budget - sum(size[level] for size, level in zip(sizes, levels, strict=True))
    open_folds: set[Fold | None] = {None}
    for level in range(1, max(map(len, sizes), default=0)):
        for number, size in ((turn, sizes[turn]) for turn in turns):
            if levels[number] != level - 1 or level >= len(size):
                continue
            fold = all_parts[number].fold if level > 1 else None
            more = size[level] - size[level - 1] + (_size(fold) if fold not in open_folds else 0)
            if more <= left:
                left -= more
                levels[number] = level
                open_folds.add(fold)
    text = "".join(_folded(zip(all_parts, levels, strict=True), open_folds))
    return Fitted(text, _tally(all_parts, levels, whole=False), _tally(all_parts, levels, whole=True))


def _size(fold: Fold | None) -> int:
    return len(f"{fold.opening}{fold.closing}".encode()) if fold else 0


def _folded(parts: Iterable[tuple[Piece, int]], open_folds: Container[Fold | None]) -> Iterator[str]:
    """The text of each part that is in, with what folds them around those that stand in one fold."""
    for fold, pieces in groupby(parts, key=lambda pair: pair[0].fold):
        yield fold.opening if fold and fold in open_folds else ""
        yield from (part.forms[level - 1] for part, level in pieces if level)
        yield fold.closing if fold and fold in open_folds else ""


def _tally(parts: Sequence[Piece], levels: Sequence[int], *, whole: bool) -> dict[str, int]:
    """How many pieces of each sort are left out; or, of those that are in, how many are not `whole`."""
    found: dict[str, int] = {}
    for part, level in zip(parts, levels, strict=True):
        if level < len(part.forms) and (level > 0) == whole:
            found[part.what] = found.get(part.what, 0) + 1
    return found
