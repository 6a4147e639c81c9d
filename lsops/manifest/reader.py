"""From the text of one YAML file to a `Map` with positions, in one pass over the parser's events.

PyYAML's resolver and constructor take most of its time and know YAML 1.1 only; here neither runs.
"""

from __future__ import annotations

import io
import re
from sys import intern
from typing import Any

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from lsops.errors import Source
from lsops.manifest.findings import Findings, quote
from lsops.manifest.positions import Map, Mark, Seq, source_of
from lsops.manifest.scalars import CONSTANTS, NUMERIC, PREFIX, ScalarError, foreign, plain, tagged
from lsops.manifest.syntax import place_of, syntax_error

MAX_DEPTH = 100
DEEP = f"values are nested more than {MAX_DEPTH} deep"
TOO_DEEP = "exceeded maximum nesting depth"
"""How libyaml says that it looked no further."""
MAX_NODES = 1_000_000
"""How many values a file may hold after its aliases are followed, on top of one per character."""

ESCAPED_NUL = re.compile(r"\\(?:0|x00|u0000|U00000000)")
TAGS = {MappingStartEvent: {None, "!", PREFIX + "map"}, SequenceStartEvent: {None, "!", PREFIX + "seq"}}


def read_yaml(text: str, name: str, findings: Findings) -> Map | None:
    """The map that a file holds; None, with findings, where it is not YAML or holds no map."""
    found = read_any(text, name, findings)
    if found is None:
        return None
    root, mark = found
    if not isinstance(root, Map):
        findings.error("LS103", "the file must hold a map, of keys and values", source=source_of(mark))
    return root if isinstance(root, Map) else None


def read_any(text: str, name: str, findings: Findings) -> tuple[Any, Mark] | None:
    """What a file holds, and where it begins; None, with findings, where it is not YAML or empty.

    `name` is the file as shown. Errors that are not of syntax are all found in one go.
    """
    stream = io.StringIO(text)
    stream.name = name  # the parser writes it into every mark
    try:
        root, mark = _Builder(stream, text, findings).document()
    except (MarkedYAMLError, ReaderError, UnicodeEncodeError) as error:
        if getattr(error, "problem", "") == TOO_DEEP:
            findings.error("LS208", DEEP, source=_too_deep(error, text, name))
            return None
        place = place_of(error, text, name)
        findings.error("LS203", syntax_error(error, text, place), source=place)
        return None
    except _TooMuch as error:
        findings.error("LS208", str(error), source=source_of(error.mark))
        return None
    if root is None:
        findings.error("LS210", "the file is empty", source=Source(name, 1, 1), hint="write at least one key")
        return None
    return root, mark


def _too_deep(error: Any, text: str, name: str) -> Source:
    """Where the nesting passes `MAX_DEPTH`, for a parser that looked ahead and met a bound of its own first.

    libyaml 0.2.6 and newer give up at a depth of 1,000, before the events of the values around have been handed out.
    Cut off there, the text gives them.
    """
    stream = io.StringIO(text[: error.problem_mark.index])
    stream.name = name
    try:
        _Builder(stream, text, Findings()).document()
    except _TooMuch as found:
        return source_of(found.mark)
    except MarkedYAMLError:
        pass
    return source_of(error.problem_mark)


class _TooMuch(Exception):
    """The file nests or expands beyond every use."""

    def __init__(self, message: str, mark: Mark) -> None:
        super().__init__(message)
        self.mark = mark


class _Builder(CParser):
    """Builds values from events.

    `size` counts values and `deepest` is the greatest depth, both with every alias followed. `anchors` holds the
    value of each anchor with its size and height.
    """

    def __init__(self, stream: io.StringIO, text: str, findings: Findings) -> None:
        super().__init__(stream)
        self.findings = findings
        self.anchors: dict[str, tuple[Any, int, int]] = {}
        self.open_anchors: set[str] = set()
        self.plain_keys: dict[str, str] = {}
        self.size = 0
        self.limit = MAX_NODES + len(text)
        self.depth = self.deepest = 0
        self.may_hold_nul = ESCAPED_NUL.search(text) is not None

    def document(self) -> tuple[Any, Mark]:
        """The first document's value and place; findings where there is another."""
        self.get_event()
        start: Any = self.get_event()
        if start.__class__ is StreamEndEvent:
            return None, _mark(start)
        first: Any = self.get_event()
        root = self.value(first)
        self.get_event()
        following: Any = self.get_event()
        if following.__class__ is DocumentStartEvent:
            self._error("LS204", "a second document begins here; a file holds one", _mark(following))
        return root, first.start_mark

    def value(self, event: Any) -> Any:
        """The value that begins with an event."""
        kind = event.__class__
        if kind is ScalarEvent and event.anchor is None:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        return self._anchored(event) if event.anchor is not None else self._collection(event, kind)

    def _collection(self, event: Any, kind: Any) -> Any:
        if event.tag not in TAGS[kind]:
            problem = foreign(event.tag)
            self._error(problem.code, problem.message, event.start_mark, hint=problem.hint)
        self._reach(self.depth + 1, event.start_mark)
        self.depth += 1
        result = self._mapping() if kind is MappingStartEvent else self._sequence()
        self.depth -= 1
        return result

    def _mapping(self) -> Map:
        get: Any = self.get_event
        result = Map()
        places = result.places
        merges: list[tuple[Any, Mark]] = []
        known = self.plain_keys
        while (event := get()).__class__ is not MappingEndEvent:
            is_plain = event.__class__ is ScalarEvent and event.tag is None and event.anchor is None
            key = known.get(event.value) if is_plain else None
            if key is None:
                key = self._key(event)
            follow = get()
            is_simple = follow.__class__ is ScalarEvent and follow.anchor is None
            value = self._scalar(follow) if is_simple else self.value(follow)
            if key in places:
                self._duplicate(key, places[key][0], event.start_mark)
            elif key == "<<" and event.implicit[0]:
                merges.append((value, follow.start_mark))
                places[key] = (event.start_mark, follow.start_mark)
            elif key is not None:
                result[key] = value
                places[key] = (event.start_mark, follow.start_mark)
        self._count(2 * len(places), _mark(event))
        if merges:
            self._merge(result, merges[0])
        return result

    def _sequence(self) -> Seq:
        get: Any = self.get_event
        result = Seq()
        event: Any
        while (event := get()).__class__ is not SequenceEndEvent:
            result.put(self.value(event), event.start_mark)
        self._count(len(result), _mark(event))
        return result

    def _key(self, event: Any) -> str | None:
        """A map's key; None, with a finding, where it is not a string. The same key of many entries is one text."""
        if event.__class__ is ScalarEvent and event.tag is None and event.anchor is None and not self.may_hold_nul:
            text: str = event.value
            if not event.implicit[0]:
                return text
            if text not in CONSTANTS and text[0] not in NUMERIC:
                self.plain_keys[text] = intern(text)
                return self.plain_keys[text]
        return self._odd_key(event)

    def _odd_key(self, event: Any) -> str | None:
        key = self.value(event) if event.__class__ is not ScalarEvent else self._odd_scalar_key(event)
        if isinstance(key, str):
            self._refuse_nul(key, event.start_mark)
            return key
        shown = f"the key {quote(event.value)}" if event.__class__ is ScalarEvent else "a key"
        hint = "put it in quotes" if event.__class__ is ScalarEvent and event.value else "a key must be text"
        self._error("LS206", f"{shown} is not a string", event.start_mark, hint=hint)
        return None

    def _odd_scalar_key(self, event: Any) -> Any:
        """A number with a leading zero is no string either: one finding says so, and it is about the key."""
        try:
            value = self._text_or_value(event)
        except ScalarError as error:
            value = None if error.code != "LS207" else self._refused(error, event)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1, 0)
        return value

    def _refused(self, error: ScalarError, event: Any) -> str:
        self._error(error.code, error.message, event.start_mark, hint=error.hint)
        return str(event.value)

    def _scalar(self, event: Any) -> Any:
        if event.tag is None and not self.may_hold_nul:
            text = event.value
            # Most scalars are text at first sight, and this is called for every one of them.
            if not event.implicit[0] or (text not in CONSTANTS and text[0] not in NUMERIC):
                return text
        try:
            value = self._text_or_value(event)
        except ScalarError as error:
            self._error(error.code, error.message, event.start_mark, hint=error.hint)
            return None
        self._refuse_nul(value, event.start_mark)
        return value

    def _refuse_nul(self, value: Any, mark: Mark) -> None:
        if self.may_hold_nul and isinstance(value, str) and "\0" in value:
            self._error("LS106", "the text holds a NUL character, which Label Studio cannot store", mark)

    @staticmethod
    def _text_or_value(event: Any) -> Any:
        if event.tag is not None:
            return tagged(event.tag, event.value)
        return plain(event.value) if event.implicit[0] else event.value

    def _anchored(self, event: Any) -> Any:
        size, deepest, kind = self.size, self.deepest, event.__class__
        self.deepest = self.depth
        self.anchors.pop(event.anchor, None)
        self.open_anchors.add(event.anchor)
        value = self._scalar(event) if kind is ScalarEvent else self._collection(event, kind)
        self.open_anchors.discard(event.anchor)
        self.anchors[event.anchor] = (value, self.size - size, self.deepest - self.depth)
        self.deepest = max(self.deepest, deepest)
        return value

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            if event.anchor in self.open_anchors:
                raise _TooMuch(f"the alias *{event.anchor} stands inside its own anchor", event.start_mark)
            self._error("LS203", f"the alias *{event.anchor} has no anchor before it", event.start_mark)
            return None
        value, size, height = self.anchors[event.anchor]
        self._count(size, event.start_mark)
        self._reach(self.depth + height, event.start_mark)
        return value

    def _reach(self, depth: int, mark: Mark) -> None:
        self.deepest = max(self.deepest, depth)
        if depth > MAX_DEPTH:
            raise _TooMuch(DEEP, mark)

    def _count(self, number: int, mark: Mark) -> None:
        self.size += number
        if self.size > self.limit:
            raise _TooMuch("the file's aliases expand to more than a million values", mark)

    def _merge(self, result: Map, merge: tuple[Any, Mark]) -> None:
        """Lay the maps of `<<` beneath: explicit keys win, then earlier maps."""
        value, mark = merge
        del result.places["<<"]
        for item in value if isinstance(value, Seq) else (value,):
            if not isinstance(item, Map):
                self._error("LS203", "<< merges maps only", mark, hint="write an alias of a map, or a list of such")
                return
            for key, inner in item.items():
                if key not in result:
                    result.put(key, inner, item.places[key])

    def _duplicate(self, key: str | None, first: Mark, second: Mark) -> None:
        self.findings.twice("LS205", f"the key {quote(key)} is given twice", source_of(second), source_of(first))

    def _error(self, code: str, message: str, mark: Mark, *, hint: str = "") -> None:
        self.findings.error(code, message, source=source_of(mark), hint=hint)


def _mark(event: Any) -> Mark:
    mark: Mark = event.start_mark
    return mark
