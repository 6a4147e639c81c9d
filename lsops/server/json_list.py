"""A JSON list that is larger than memory, one object after another."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any

from lsops.errors import Malformed

LONGEST = 64 * 1024 * 1024
"""Characters of one object."""
_BLANKS = " \t\r\n"


def objects_in(parts: Iterable[bytes], what: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a list that arrives in parts, each with the text that it was read from.

    `what` begins the message of an error: `GET /api/x: the answer cannot be read`.

    Raises: Malformed, where it is no list of objects, ends too early, goes on behind its end, or holds an object longer
    than `LONGEST` characters.
    """
    text = _Text(parts, what)
    if text.next() != "[":
        raise text.wrong("it is no list")
    text.at += 1
    sign = text.next()
    if sign == "]":
        text.at += 1
    while sign != "]":
        yield text.value()
        sign = text.next()
        text.at += 1
        if sign not in (",", "]"):
            raise text.wrong("a comma is missing" if sign else "it is not complete")
    if text.next():
        raise text.wrong("something stands behind its end")


class _Text:
    """What has arrived and is not read yet, and where reading stands in it."""

    def __init__(self, parts: Iterable[bytes], what: str) -> None:
        self._what = what
        self._parts = iter(parts)
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._scan = json.JSONDecoder().raw_decode
        self._text = ""
        self.at = 0

    def wrong(self, reason: str) -> Malformed:
        """Why it cannot be read."""
        return Malformed.of(f"{self._what}: {reason}", hint="run again")

    def next(self) -> str:
        """The next character that is no blank, which stays to be read; empty at the end."""
        while True:
            while self.at < len(self._text) and self._text[self.at] in _BLANKS:
                self.at += 1
            if self.at < len(self._text):
                return self._text[self.at]
            if not self._more(1):
                return ""

    def value(self) -> tuple[dict[str, Any], str]:
        """The next object. What does not fit yet is tried again when as much as there is has come once more."""
        if self.next() != "{":
            raise self.wrong("it holds something that is no object")
        while (found := self._scanned()) is None:
            if len(self._text) - self.at > LONGEST:
                raise self.wrong(f"an object is longer than {LONGEST:,} characters")
            if not self._more(len(self._text) - self.at):
                raise self.wrong("it is not complete")
        return found

    def _scanned(self) -> tuple[dict[str, Any], str] | None:
        """The next object, where all of it has come."""
        try:
            found, end = self._scan(self._text, self.at)
        except RecursionError as problem:
            raise self.wrong("it nests too deep") from problem
        except json.JSONDecodeError:
            return None
        text, self.at = self._text[self.at : end], end
        return found, text

    def _more(self, wanted: int) -> bool:
        """Let at least so many characters come; whether any did."""
        pieces, come = [self._text[self.at :]], 0
        for part in self._parts:
            try:
                piece = self._decode(part)
            except UnicodeDecodeError as problem:
                raise self.wrong("it is not UTF-8") from problem
            pieces.append(piece)
            come += len(piece)
            if come >= wanted:
                break
        self._text, self.at = "".join(pieces), 0
        return come > 0
