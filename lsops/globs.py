r"""Patterns of addresses: `*` inside one part, `**` across parts, `\*` a star, all else literal.

A regular expression of several `**` tries every way to share an address among them, which takes for ever. Here all
ways are followed at once, one character after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

_PIECE = re.compile(r"\\\*|\*+|[^*\\]+|\\")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled glob. Each position in it is a bit: those that a character lets pass, and those that may stay.

    `start` holds the positions before the first character, `end` is that behind the last one.
    """

    passes: dict[str, int]
    stays: int
    crosses: int
    start: int
    end: int

    def covers(self, address: str) -> bool:
        """Whether the glob matches an address or something above it."""
        state = self.start
        for sign in address:
            if sign == "/" and state & self.end:
                return True
            moved = (state & self.passes.get(sign, 0)) << 1
            state = moved | (state & (self.crosses if sign == "/" else self.stays))
            state |= (state & self.stays) << 1
            if not state:
                return False
        return bool(state & self.end)

    def matches(self, address: str) -> bool:
        """Whether the glob matches an address itself."""
        state = self.start
        for sign in address:
            moved = (state & self.passes.get(sign, 0)) << 1
            state = moved | (state & (self.crosses if sign == "/" else self.stays))
            state |= (state & self.stays) << 1
        return bool(state & self.end)


def literal(address: str) -> str:
    """A glob that matches an address alone; a run of stars, which is a mask, matches itself and others."""
    return address if "**" in address else address.replace("*", "\\*")


@cache
def exactly(glob: str) -> Callable[[str], bool]:
    """Whether an address itself, and not only something above it, matches the glob: as a predicate."""
    return _compiled(glob).matches


@cache
def pattern(glob: str) -> Callable[[str], bool]:
    """Whether an address, or something above it, matches the glob: as a predicate whose time is linear."""
    return _searched(glob) if _is_plain(glob) else _compiled(glob).covers


def _is_plain(glob: str) -> bool:
    """Whether a regular expression has one way only: no part holds two stars, and only the end crosses parts."""
    text = glob.replace("\\*", "").removesuffix("**")
    return "**" not in text and all(part.count("*") < 2 for part in text.split("/"))


def _searched(glob: str) -> Callable[[str], bool]:
    """The predicate of a plain glob, ten times as fast as following every position."""
    words = {"**": ".*", "*": "[^/]*"}
    body = "".join(words[sign] if is_star else re.escape(sign) for sign, is_star in _signs(glob))
    match = re.compile(rf"(?:{body})(?:/|\Z)", re.DOTALL).match
    return lambda address: match(address) is not None


def _compiled(glob: str) -> Pattern:
    passes: dict[str, int] = {}
    stays = crosses = 0
    bit = 1
    for sign, is_star in _signs(glob):
        if is_star:
            stays |= bit
            crosses |= bit if sign == "**" else 0
        else:
            passes[sign] = passes.get(sign, 0) | bit
        bit <<= 1
    return Pattern(passes, stays, crosses, 1 | ((1 & stays) << 1), bit)


def _signs(glob: str) -> Iterator[tuple[str, bool]]:
    """The characters of a glob and its stars, each run of stars as one."""
    for piece in _PIECE.findall(glob):
        if piece.startswith("*"):
            yield piece[:2], True
        else:
            yield from ((sign, False) for sign in (piece[1:] if piece == "\\*" else piece))
