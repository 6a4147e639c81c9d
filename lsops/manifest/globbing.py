"""The files that the globs of `include` mean.

One walk per glob follows all ways at once, so that several `**` cost no more than one, and no folder is looked at twice
for the same part of a glob, whatever links lead to it. What all globs of a manifest look at is bounded together.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

MOST_LOOKS = 300_000
"""How often a short name may be held against a part of a glob: far more than ten thousand files need."""


class TooManyFiles(Exception):
    """The globs look at more names than any manifest has files."""


class Unlisted(Exception):
    """A folder that the globs lead to and nobody may list: what it holds is unknown, which is not nothing."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the folder {name or '.'} cannot be listed: {reason}")


class Listed(NamedTuple):
    """A name in a folder; `is_link` where it is one that leads to a folder."""

    name: str
    is_folder: bool
    is_link: bool


class _Folder(NamedTuple):
    """A folder as the walk comes to it: by its name below the root, its true path, and the parts that are next."""

    name: str
    real: str
    parts: frozenset[int]


class Globs:
    """Finds files below one root. What is listed is remembered, so that each folder is read once.

    `listing` and `real` say where: a folder's entries, and the path that is meant by one with links in it.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._listed: dict[str, list[Listed]] = {}
        self._found: dict[str, list[str]] = {}
        self._left = MOST_LOOKS

    def find(self, name: str) -> list[str]:
        """The names of files that match, sorted; none that begins with a dot. `**` is any depth and follows no links.

        A link that leads out of the root is a match by itself, which nobody can read. Raises: TooManyFiles, Unlisted.
        """
        if name not in self._found:
            self._found[name] = self._walk(_folded(name.split("/")))
        return self._found[name]

    def _walk(self, parts: list[str]) -> list[str]:
        waiting, linked = [_Folder("", self._root, _closed({0}, parts))], list[_Folder]()
        seen: dict[str, set[int]] = {self._root: set(waiting[0].parts)}
        found: set[str] = set()
        while waiting or linked:
            folder = (waiting or linked).pop()
            for entry in self._entries(folder):
                place = posixpath.join(folder.name, entry.name)
                reached = self._reached(entry, folder.parts, parts)
                if len(parts) in reached:
                    found.add(place)
                real = self._real(folder, entry) if entry.is_folder and reached else ""
                if real and not self._is_inside(real):
                    found.add(place)
                elif real and (fresh := reached - seen.get(real, set())):
                    seen[real] = seen.get(real, set()) | fresh
                    (linked if entry.is_link else waiting).append(_Folder(place, real, fresh))
        return sorted(found)

    def _reached(self, entry: Listed, here: frozenset[int], parts: list[str]) -> frozenset[int]:
        """The parts that are next behind an entry; the number of parts for a file that matches the last one."""
        after: set[int] = set()
        for number in here:
            self._left -= 1 + len(parts[number]) * len(entry.name) // 128
            if self._left < 0:
                raise TooManyFiles
            if parts[number] == "**":
                after |= {number} if entry.is_folder and not entry.is_link else set()
            elif entry.is_folder is (number + 1 < len(parts)) and name_matcher(parts[number])(entry.name):
                after.add(number + 1)
        return _closed(after, parts)

    def _real(self, folder: _Folder, entry: Listed) -> str:
        path = posixpath.join(folder.real, entry.name)
        return self.real(path) if entry.is_link else path

    def real(self, path: str) -> str:
        """The path itself, whatever links lead to it."""
        return os.path.realpath(path)

    def listing(self, path: str) -> Iterator[Listed]:
        """What a folder holds but for names that begin with a dot. Raises: OSError."""
        return _listing(path)

    def _is_inside(self, real: str) -> bool:
        return real == self._root or real.startswith(self._root.rstrip("/") + "/")

    def _entries(self, folder: _Folder) -> list[Listed]:
        """What a folder holds but for names that begin with a dot. Raises: Unlisted."""
        known = self._listed.get(folder.real)
        if known is None:
            try:
                known = self._listed[folder.real] = sorted(self.listing(folder.real))
            except OSError as problem:
                raise Unlisted(folder.name, problem.strerror or str(problem)) from problem
        return known


def _listing(path: str) -> Iterator[Listed]:
    with os.scandir(path) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                is_folder = _is_folder(entry)
                yield Listed(entry.name, is_folder, is_folder and entry.is_symlink())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Not a link to itself, or one to where nobody may look: its neighbours are found all the same."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _folded(parts: list[str]) -> list[str]:
    """The parts without a `**` behind another; one at the end means the files below."""
    kept = [part for number, part in enumerate(parts) if part != "**" or parts[number - 1 : number] != ["**"]]
    return [*kept, "*"] if kept[-1] == "**" else kept


def _closed(numbers: set[int], parts: list[str]) -> frozenset[int]:
    """With what stands behind each `**`, which may be no folder at all."""
    behind = {number + 1 for number in numbers if number < len(parts) and parts[number] == "**"}
    return frozenset(numbers | behind)


# ---- names -------------------------------------------------------------------------------------

Sign = Callable[[str], bool]
"""Whether one character fits; None in its place is a star."""


@lru_cache(maxsize=256)
def name_matcher(part: str) -> Callable[[str], bool]:
    """Whether a name matches `*`, `?`, `[abc]`, `[a-c]` and `[!abc]`, as `fnmatch` has them, in linear time."""
    if not any(mark in part for mark in "*?["):
        return part.__eq__
    signs = list(_signs(part))
    return lambda name: _fits(signs, name)


def _fits(signs: list[Sign | None], name: str) -> bool:
    """Only the last star has to give way: what stood before it has matched as early as it could."""
    at = place = 0
    star, mark = -1, 0
    while place < len(name):
        sign = signs[at] if at < len(signs) else _nothing
        if sign is None:
            star, mark = at, place
            at += 1
        elif sign(name[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return all(sign is None for sign in signs[at:])


def _nothing(_sign: str) -> bool:
    return False


def _anything(_sign: str) -> bool:
    return True


def _signs(part: str) -> Iterator[Sign | None]:
    at = 0
    while at < len(part):
        sign, at = part[at], at + 1
        if sign == "*":
            if part[at : at + 1] != "*":
                yield None
        elif sign == "?":
            yield _anything
        elif sign == "[" and (end := part.find("]", at + (2 if part[at : at + 1] == "!" else 1))) > 0:
            yield _one_of(part[at:end])
            at = end + 1
        else:
            yield sign.__eq__


def _one_of(text: str) -> Sign:
    """The characters that stand between brackets."""
    is_other, text = text.startswith("!"), text.removeprefix("!")
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        has_end = text[at + 1 : at + 2] == "-" and at + 2 < len(text)
        ranges.append((text[at], text[at + 2] if has_end else text[at]))
        at += 3 if has_end else 1
    return lambda sign: any(first <= sign <= last for first, last in ranges) is not is_other
