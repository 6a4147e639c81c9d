"""A fast first look at a label config: yes only where `check` surely finds nothing.

A full check builds a tree and walks it several times; this reads expat's events once, in a quarter of the time, and
knows no messages. It may say no to any config: then the full check finds out, and finds the words and places.
So each rule here may be stricter than the one it stands for, and none may be laxer.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from lsops.labelconfig.rules import is_text
from lsops.labelconfig.tags import FIELD, KNOWN, LABEL_TAGS, OBJECTS
from lsops.labelconfig.tree import MAX_BYTES

_DEEPEST = 50
_NAME_SOURCE = re.compile(r"name\s*=")
_TO_NAME_SOURCE = re.compile(r"toName\s*=")
_PREFIXED = re.compile(r""":[^\s:=<>"'/]*\s*=""")
# Text that the server may read as a number or boolean, or a beginning of it where a comment splits it.
_NUMBER_LIKE = re.compile(r">\s*[-+.&\dtTfF][^\s<>]*\s*<")
# CDATA, a DOCTYPE, or a comment inside a word (`na<!-- -->me=`).
_ODD_MARKUP = re.compile(r"<!(?!--)|[toName=]<!")
# What the server's schema demands: of these a name and a toName, of the first two a child of this tag or a value ...
_ITEMS = {"Choices": "Choice", "Labels": "Label", "TextArea": "", "Number": ""}
_SPEEDS = frozenset({"defaultPlaybackSpeed", "minPlaybackSpeed", "defaultplaybackspeed", "minplaybackspeed"})


class _UnsureError(Exception):
    """Only the full check can tell."""


def is_clean(text: str) -> bool:
    """Whether `check` has nothing to say about a config; False where that takes a full check to tell."""
    if _is_odd(text):
        return False
    look = _Look()
    parser = expat.ParserCreate()
    parser.StartElementHandler = look.start
    parser.EndElementHandler = look.end
    try:
        parser.Parse(text.strip(), True)
    except (_UnsureError, expat.ExpatError, UnicodeEncodeError):
        return False
    return look.is_sound() and _is_all_in_tags(text, look)


def _is_odd(text: str) -> bool:
    """Whether the text has what no handler looks at: prefixes, references, markup, numbers between tags, sheer size."""
    return (
        len(text) * 4 > MAX_BYTES
        or "&#" in text
        or "<?" in text
        or "xmlns" in text
        or (":" in text and _PREFIXED.search(text) is not None)
        or ("<!" in text and _ODD_MARKUP.search(text) is not None)
        or _NUMBER_LIKE.search(text) is not None
    )


def _is_all_in_tags(text: str, look: _Look) -> bool:
    """Whether what the server finds as `name=` and `toName=` (see `names`) is what was looked at."""
    return len(_NAME_SOURCE.findall(text)) == len(look.names) and len(_TO_NAME_SOURCE.findall(text)) == len(
        look.to_names
    )


class _Look:
    """Expat's callbacks: raise `_UnsureError` at the first element that is not surely right.

    `control` is the tag of the control that is open, else empty; `floor` is its depth, `items` counts its children
    of the tag that its kind asks for, and `values` and `hotkeys` are those of its labels.
    """

    __slots__ = (
        "control", "depth", "empty", "floor", "has_control", "has_value", "hotkeys", "items", "lone", "names",
        "to_names", "values",
    )  # fmt: skip

    def __init__(self) -> None:
        self.depth = self.floor = self.items = 0
        self.control = ""
        self.has_control = self.has_value = self.lone = self.empty = False
        self.names: list[str] = []
        self.to_names: list[str] = []
        self.values: set[str] = set()
        self.hotkeys: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if tag in LABEL_TAGS:
            self._label(tag, attributes)
        elif self.control or tag not in KNOWN or self.depth > _DEEPEST:
            raise _UnsureError
        elif "name" in attributes or "toName" in attributes:
            self._named(tag, attributes)
        elif tag in _ITEMS or tag in OBJECTS:
            raise _UnsureError

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self.control and self.depth < self.floor:
            self._close()

    def _label(self, tag: str, attributes: dict[str, str]) -> None:
        """A label's own `name` or `toName` is left out, so that the count of them in the text does not fit."""
        value = attributes.get("value")
        hotkey = attributes.get("hotkey")
        shown = attributes.get("alias") or value
        if not value or shown in self.values or hotkey in self.hotkeys or self.depth > _DEEPEST:
            raise _UnsureError
        self.values.add(shown or value)
        if hotkey:
            self.hotkeys.add(hotkey)
        if self.depth == self.floor + 1 and tag == _ITEMS.get(self.control):
            self.items += 1

    def _named(self, tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name")
        to_name = attributes.get("toName")
        if not name:
            raise _UnsureError
        self.names.append(name)
        if to_name is not None:
            self.to_names.append(to_name)
        if tag in OBJECTS:
            _look_at_object(attributes)
        elif tag in _ITEMS and not (to_name and is_text(name) and is_text(to_name)):
            raise _UnsureError
        if to_name and tag != "Filter":
            self._open(tag, attributes)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self.control = tag
        self.floor = self.depth
        self.items = 0
        self.has_control = True
        self.has_value = "value" in attributes
        self.values = set()
        self.hotkeys = set()

    def _close(self) -> None:
        if _ITEMS.get(self.control):
            if not self.items and not self.has_value:
                raise _UnsureError
            if self.control == "Choices":
                self.lone = self.lone or self.items == 1
                self.empty = self.empty or self.items == 0
        self.control = ""

    def is_sound(self) -> bool:
        """After the last element: there is a control, names are unique, and each `toName` is one of them."""
        known = set(self.names)
        return (
            self.has_control
            and not (self.lone and self.empty)  # the server minds a single Choice only beside a Choices without
            and len(known) == len(self.names)
            and all(known.issuperset(value.split(",")) for value in self.to_names)
        )


def _look_at_object(attributes: dict[str, str]) -> None:
    """One of `value` and `valueList`, not a bare word; no `toName`, no speed of playing."""
    value = attributes.get("value") or attributes.get("valueList")
    if not value or ("value" in attributes and "valueList" in attributes) or "toName" in attributes:
        raise _UnsureError
    if (value[0] != "$" and FIELD.fullmatch(value)) or not _SPEEDS.isdisjoint(attributes):
        raise _UnsureError
