"""XInclude in label configs that stand in files: parts of several configs, written once.

Of the standard (https://www.w3.org/TR/xinclude/) what a label config needs: whole XML files by `href`. What stands in a
part says so: a place in the composed text is told as the place in the file that it came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from lsops.errors import Source
from lsops.manifest.findings import quote
from lsops.manifest.referenced_files import XINCLUDE, PartProblem

MOST_DEEP = 8
"""Parts of parts."""
MOST_TEXT = 1024 * 1024
"""Characters of a composed config: as many as a file of `${file:}` may have bytes."""
_TAG_END = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
_DECLARED = re.compile(rf"""\sxmlns(?::[\w.-]+)?\s*=\s*(?:"{re.escape(XINCLUDE)}"|'{re.escape(XINCLUDE)}')""")
_PROLOG = re.compile(r"\s*<\?xml\s[^>]*\?>")

Read = Callable[[str, str], tuple[str, str]]
"""From a file's name and an `href` in it: the name of the part and its text. Raises: PartProblem."""


class _Piece(NamedTuple):
    """Where a stretch of the composed text begins, and where it stands in its file: offsets in characters."""

    start: int
    file: str
    offset: int


@dataclass
class WithParts:
    """A label config with its parts in their places."""

    text: str = ""
    pieces: list[_Piece] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    cuts: dict[str, list[_Cut]] = field(default_factory=dict)

    def place(self, line: int, column: int) -> Source:
        """The file, line and column of a place in the composed text, all counted from 1."""
        start = 0
        for _ in range(line - 1):
            start = self.text.find("\n", start) + 1
        index = start + column - 1
        piece = self.pieces[max(bisect_right([one.start for one in self.pieces], index) - 1, 0)]
        return _source(piece.file, self.texts[piece.file], piece.offset + index - piece.start)


def compose_parts(text: str, name: str, read: Read) -> WithParts:
    """The config with every part in its place. Raises: PartProblem; `expat.ExpatError` where the config is no XML."""
    composed = WithParts()
    pieces: list[str] = []
    _add(composed, pieces, text, name, read, ())
    composed.text = "".join(pieces)
    return composed


def _add(composed: WithParts, out: list[str], text: str, name: str, read: Read, through: tuple[str, ...]) -> None:
    if name not in composed.texts:
        composed.texts[name], composed.cuts[name] = text, _cuts(text, name)
    end = _PROLOG.match(text).end() if through and _PROLOG.match(text) else 0  # type: ignore[union-attr]  # matched
    for cut in composed.cuts[name]:
        _copy(composed, out, text, name, end, cut.start)
        if cut.href is not None:
            where = _source(name, text, cut.start)
            if len(through) >= MOST_DEEP:
                raise PartProblem(f"parts are nested more than {MOST_DEEP} deep", where)
            try:
                part, content = read(name, cut.href)
            except PartProblem as problem:
                raise PartProblem(f"the part {quote(cut.href)}: {problem}", where) from problem
            if part == name or part in through:
                raise PartProblem(f"the part {quote(cut.href)} includes itself", where)
            _add(composed, out, content, part, read, (*through, name))
        end = cut.end
    _copy(composed, out, text, name, end, len(text))


def _copy(composed: WithParts, out: list[str], text: str, name: str, start: int, end: int) -> None:
    if start < end:
        begin = composed.pieces[-1].start + len(out[-1]) if out else 0
        if begin + end - start > MOST_TEXT:
            raise PartProblem(f"the label config grows beyond {MOST_TEXT:,} characters", _source(name, text, start))
        composed.pieces.append(_Piece(begin, name, start))
        out.append(text[start:end])


class _Cut(NamedTuple):
    """A stretch of a file that is left out: an include, with what it names, or the declaration of its prefix."""

    start: int
    end: int
    href: str | None = None


class _Reader:
    """Finds what is to be left out of one file, in the order of the text."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.cuts: list[_Cut] = []
        self._open: tuple[int, str] | None = None
        self._declares = False
        self._data = text.encode()
        self._ascii = len(self._data) == len(text)
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self) -> list[_Cut]:
        self._parser.Parse(self._data, True)
        return self.cuts

    def _index(self) -> int:
        at = self._parser.CurrentByteIndex
        return at if self._ascii else len(self._data[:at].decode())

    def _refuse(self, message: str, index: int) -> PartProblem:
        return PartProblem(message, _source(self.name, self.text, index))

    def _doctype(self, *_: object) -> None:
        raise self._refuse("a DOCTYPE is not accepted", self._index())

    def _namespace(self, _prefix: str | None, uri: str) -> None:
        self._declares = self._declares or uri == XINCLUDE

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        start = self._index()
        if self._open is not None:
            raise self._refuse("an xi:include holds nothing: there is no fallback", start)
        if tag == f"{XINCLUDE} include":
            self._open = (start, self._href(attributes, start))
        elif tag.startswith(XINCLUDE):
            raise self._refuse("of XInclude there is xi:include alone", start)
        elif self._declares:
            found = _DECLARED.search(self.text, start, self._tag_end(start))
            if found:
                self.cuts.append(_Cut(*found.span()))
        self._declares = False

    def _href(self, attributes: dict[str, str], start: int) -> str:
        for name, value in attributes.items():
            if name != "href" and (name, value) != ("parse", "xml"):
                raise self._refuse(f"{name} of an xi:include is not supported, only href", start)
        if not attributes.get("href"):
            raise self._refuse("an xi:include needs an href", start)
        return attributes["href"]

    def _end(self, tag: str) -> None:
        if self._open is not None and tag == f"{XINCLUDE} include":
            start, href = self._open
            end = self._index()
            self.cuts.append(_Cut(start, end if self.text.endswith("/>", start, end) else self._tag_end(end), href))
            self._open = None

    def _characters(self, text: str) -> None:
        if self._open is not None and text.strip():
            raise self._refuse("an xi:include holds nothing: there is no fallback", self._index())

    def _tag_end(self, start: int) -> int:
        found = _TAG_END.match(self.text, start)
        return found.end() if found else len(self.text)


def _cuts(text: str, name: str) -> list[_Cut]:
    """What a file leaves out. Raises: PartProblem, `expat.ExpatError` with its place in the message."""
    try:
        return _Reader(text, name).read()
    except expat.ExpatError as error:
        place = Source(name, error.lineno, error.offset + 1)
        raise PartProblem(f"not well-formed XML: {expat.ErrorString(error.code)}", place) from error


def _source(name: str, text: str, index: int) -> Source:
    start = text.rfind("\n", 0, index) + 1
    return Source(name, text.count("\n", 0, index) + 1, index - start + 1)
