"""Where in a YAML text each map, list and scalar begins and ends, so that something can be put between them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from lsops.manifest.positions import LINE_BREAK

KEEPS = re.compile(r"[|>][1-9]?\+")
"""The head of a block of text to which the empty lines behind it belong."""


@dataclass
class Span:
    """A value from its first character to behind its last one; `column` is that of its first one.

    `items` are pairs of a map, or the values of a list beside themselves. `in_flow` says that it stands in braces or
    brackets, `is_flow` that it is a map or a list with its own, `is_bare` that it has neither an anchor nor a tag.
    """

    kind: Literal["map", "list", "scalar", "alias"]
    start: int
    end: int
    column: int
    text: str = ""
    is_flow: bool = False
    in_flow: bool = False
    is_bare: bool = True
    items: list[tuple[Span, Span]] = field(default_factory=list)

    def get(self, name: str) -> Span | None:
        """The value of a key; None where there is none, or this is no map."""
        pairs = self.items if self.kind == "map" else ()
        return next((value for key, value in pairs if key.text == name and key.kind == "scalar"), None)

    def key(self, name: str) -> Span | None:
        """A key of a map."""
        return next((key for key, _ in self.items if key.text == name), None)

    def is_list_of_words(self) -> bool:
        """Whether it is a list of nothing but scalars."""
        return self.kind == "list" and all(value.kind == "scalar" for _, value in self.items)


@dataclass(frozen=True)
class Page:
    """The text of a file that holds a map, and where in it everything stands."""

    text: str
    root: Span

    def line_end(self, at: int) -> int:
        """Behind the line in which a place is; the end of the text, where that line is the last."""
        found = LINE_BREAK.search(self.text, at)
        return found.end() if found else len(self.text)

    def line_start(self, at: int) -> int:
        """Before the line in which a place is."""
        start = at
        while start > 0 and not LINE_BREAK.fullmatch(self.text[start - 1]):
            start -= 1
        return start

    @property
    def newline(self) -> str:
        """What ends its lines."""
        found = LINE_BREAK.search(self.text)
        return found[0] if found and found[0] in ("\n", "\r\n", "\r") else "\n"

    @property
    def step(self) -> int:
        """By how much it indents: as its first nested block does, else by two."""
        return next(_steps(self.root), 2)


def page_of(text: str) -> Page:
    """A file that is known to be YAML and to hold a map."""
    stream = io.StringIO(text)
    stream.name = ""
    parser: Any = CParser(stream)
    parser.get_event()
    parser.get_event()
    return Page(text, _span(parser, parser.get_event(), text, in_flow=False))


def _steps(node: Span) -> Iterator[int]:
    for _, value in node.items:
        if value.kind == "map" and not value.is_flow and not node.is_flow and value.column > node.column:
            yield value.column - node.column
        yield from _steps(value)


def _span(parser: Any, event: Any, text: str, *, in_flow: bool) -> Span:
    start, end = event.start_mark, event.end_mark
    if isinstance(event, ScalarEvent):
        last = _block_end(text, start.index, end.index) if event.style in ("|", ">") else end.index
        bare = event.anchor is None and event.tag is None
        return Span("scalar", start.index, last, start.column, event.value, in_flow=in_flow, is_bare=bare)
    if isinstance(event, AliasEvent):
        return Span("alias", start.index, end.index, start.column, in_flow=in_flow)
    is_map, flow = isinstance(event, MappingStartEvent), bool(event.flow_style)
    node = Span("map" if is_map else "list", start.index, end.index, start.column, is_flow=flow, in_flow=in_flow)
    node.is_bare = event.anchor is None and event.tag is None
    closing = MappingEndEvent if is_map else SequenceEndEvent
    while not isinstance(following := parser.get_event(), closing):
        first = _span(parser, following, text, in_flow=flow)
        second = _span(parser, parser.get_event(), text, in_flow=flow) if is_map else first
        node.items.append((first, second))
    behind: Any = following.end_mark
    node.end = behind.index if flow else max([node.start, *(value.end for _, value in node.items)])
    if is_map and not flow and node.items:
        node.column = node.items[0][0].column
    return node


def _block_end(text: str, start: int, end: int) -> int:
    """Where a block of text ends: without the empty lines behind it, unless they belong to it."""
    head = LINE_BREAK.split(text[start:end], maxsplit=1)[0]
    return end if KEEPS.search(head) else start + len(text[start:end].rstrip("\r\n"))
