"""Names that are made up: of files, of variables, and of entries whose own key cannot be one."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from unicodedata import normalize

from lsops.signs import spelled_out

LONGEST = 60
"""Characters of the name of a file."""
LONGEST_PART = 40
"""Characters of one part of a variable's name."""
MOST_BYTES = 180
"""Bytes of the same: file systems take 255 with an ending."""
RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""Names that Windows keeps for devices, whatever their ending."""

_NOT_WORD = re.compile(r"[\W_]+")
_NOT_NAME = re.compile(r"[^A-Z0-9]+")


def slug(text: str, other: str) -> str:
    """A title as the name of a file without its ending: letters and digits of any script, and `-`; `other` if empty.

    It is the same in every case of letters and in every Unicode form, and no device of Windows.
    """
    words = _NOT_WORD.sub("-", spelled_out(normalize("NFKC", text[: 4 * LONGEST]).casefold())).strip("-")
    short = words[:LONGEST].encode()[:MOST_BYTES].decode("utf-8", "ignore").strip("-")
    return f"{short}-1" if RESERVED.fullmatch(short) else short or other


class Unique:
    """Names that are each given once. Numbers go on where those of the same name ended, however many are alike."""

    def __init__(self, taken: Container[str] = frozenset(), joint: str = "-") -> None:
        self._taken = taken
        self._joint = joint
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._given or name in self._taken

    def add(self, name: str) -> None:
        """Let nobody else have a name."""
        self._given.add(name)

    def of(self, name: str) -> str:
        """The name, or with the first number behind it that makes it another than those which are taken."""
        number, found = self._next.get(name, 2), name
        while found in self:
            number, found = number + 1, f"{name}{self._joint}{number}"
        self._next[name] = number
        self.add(found)
        return found


def variable(parts: Sequence[str]) -> str:
    """The name of a variable for a secret, `SECRET_…`: no name that begins so is reserved."""
    words = (_NOT_NAME.sub("_", normalize("NFKD", part).upper()).strip("_")[:LONGEST_PART].strip("_") for part in parts)
    return "_".join(("SECRET", *filter(None, words)))
