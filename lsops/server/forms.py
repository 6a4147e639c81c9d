"""The form that an endpoint's answers have, and whether an answer has it: looked at once, where it arrives.

A form names the keys that lsops relies on: what identifies an object, what it belongs to, what decides whose it is. Of
the others nothing is asked, because editions and releases differ in them: a field that is compared differs, at worst.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from lsops.errors import Malformed


class Shape(Protocol):
    """What a value can be held against."""

    def fault(self, value: Any, place: str) -> str:
        """What is wrong with a value, with its place; empty if nothing is."""


@dataclass(frozen=True, slots=True)
class Type:
    """A type by its name in a message."""

    name: str
    holds: Callable[[Any], bool]

    def fault(self, value: Any, place: str) -> str:
        return "" if self.holds(value) else f"{place} is {described(value)}, not {self.name}"


@dataclass(frozen=True, slots=True)
class Form:
    """An object: `needed` keys are there, `known` ones may be, and each has its type."""

    needed: Mapping[str, Shape] = field(default_factory=dict)
    known: Mapping[str, Shape] = field(default_factory=dict)

    @property
    def in_part(self) -> Form:
        """The form of an answer that may lack any key, as that to a PATCH may."""
        return replace(self, needed={}, known={**self.needed, **self.known})

    def fault(self, value: Any, place: str) -> str:
        if not isinstance(value, dict):
            return f"{place} is {described(value)}, not an object"
        inside = f"{place}." if place != WHOLE else ""
        for name, inner in self.needed.items():
            if name not in value:
                return f"{inside}{name} is missing"
            if fault := inner.fault(value[name], inside + name):
                return fault
        for name, inner in self.known.items():
            if name in value and (fault := inner.fault(value[name], inside + name)):
                return fault
        return ""


@dataclass(frozen=True, slots=True)
class OrNull:
    """A shape, or null."""

    inner: Shape

    def fault(self, value: Any, place: str) -> str:
        return "" if value is None else self.inner.fault(value, place)


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number: `True` is one for Python, and no id."""
    return isinstance(value, int) and not isinstance(value, bool)


WHOLE = "the answer"
"""The place of an answer as such."""

ID = Type("a whole number above 0", lambda value: is_whole(value) and value > 0)
COUNT = Type("a whole number", lambda value: is_whole(value) and value >= 0)
TEXT = Type("text", lambda value: isinstance(value, str))
SWITCH = Type("true or false", lambda value: isinstance(value, bool))
LIST = Type("a list", lambda value: isinstance(value, list))
MAP = Type("an object", lambda value: isinstance(value, dict))

OBJECT = Form()
ROW = Form(needed={"id": ID})
PAGE = Form(needed={"results": LIST}, known={"count": OrNull(COUNT), "next": OrNull(TEXT)})
"""One page of a list (Community facts 1.4)."""


def held(answer: Any, form: Shape | None, what: str) -> Any:
    """The answer, if it has the form. Raises: Malformed, with the request and the key at fault."""
    if form is not None and (fault := form.fault(answer, WHOLE)):
        raise _malformed(what, fault)
    return answer


def held_rows(answer: Any, form: Form, what: str) -> list[dict[str, Any]]:
    """The rows of an array, if each has the form. Raises: Malformed."""
    rows: list[dict[str, Any]] = held(answer, LIST, what)
    for number, row in enumerate(rows, 1):
        if fault := form.fault(row, f"row {number}"):
            raise _malformed(what, fault)
    return rows


def _malformed(what: str, fault: str) -> Malformed:
    hint = "is something in between, or is the server newer than lsops?"
    return Malformed.of(f"{what}: the server's answer makes no sense: {fault}", hint=hint)


def described(value: Any) -> str:
    """The type of a JSON value in words, without its content."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return "a number below 0" if value < 0 else "0" if value == 0 else "a number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"
