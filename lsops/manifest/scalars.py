"""Plain scalars by the YAML 1.2 core schema, less octal and hexadecimal: what is not listed here is a string."""

from __future__ import annotations

import math
import re
from typing import Any

CONSTANTS: dict[str, Any] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
NUMERIC = frozenset("0123456789+-.")
"""What a number can begin with; the cheap first look at a scalar."""

INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
LIMIT = 2**63


class ScalarError(ValueError):
    """A scalar that is no value lsops can carry; `code` is that of the finding."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def plain(text: str) -> Any:
    """The value of a scalar written without quotes.

    Raises `ScalarError` for a number with a leading zero, beyond 64 bits, infinite or not a number.
    """
    if text in CONSTANTS:
        return CONSTANTS[text]
    return _number(text) if text[0] in NUMERIC else text


def _number(text: str) -> Any:
    if not FLOAT.fullmatch(text):
        if NOT_FINITE.fullmatch(text):
            raise ScalarError("LS106", f"{text} is a number that Label Studio cannot take", "quote it if it is text")
        return text
    if LEADING_ZERO.match(text):
        raise ScalarError(
            "LS209", f"the number {text[:60]} begins with a zero", f'write "{text[:60]}" in quotes if it is text'
        )
    return integer(text) if INTEGER.fullmatch(text) else floating(text)


def integer(text: str) -> int:
    """A decimal integer of at most 64 bits; else `ScalarError`."""
    value = int(text) if len(text) <= 21 else LIMIT
    if not -LIMIT <= value < LIMIT:
        raise ScalarError("LS105", f"the number {text[:60]} is beyond 64 bits", "quote it if it is text")
    return value


def floating(text: str) -> float:
    """A finite number; else `ScalarError`."""
    value = float(text)
    if math.isinf(value):
        raise ScalarError("LS105", f"the number {text[:60]} is too large", "quote it if it is text")
    return value


def tagged(tag: str, text: str) -> Any:
    """The value of a scalar with a tag of the core schema; `ScalarError` where it does not fit or is foreign."""
    if tag in ("!", "tag:yaml.org,2002:str"):
        return text
    wanted = CORE.get(tag)
    if wanted is None:
        raise foreign(tag)
    value = plain(text)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise ScalarError("LS207", f"the tag {tag.replace(PREFIX, '!!')} does not fit its value")
    return value


def foreign(tag: str) -> ScalarError:
    """The error of a tag that is not of the core schema, or not of what it stands before."""
    return ScalarError("LS207", f"the tag {tag.replace(PREFIX, '!!')[:60]} is not accepted", "remove it")


PREFIX = "tag:yaml.org,2002:"
CORE: dict[str, type] = {
    PREFIX + "int": int,
    PREFIX + "float": float,
    PREFIX + "bool": bool,
    PREFIX + "null": type(None),
}
"""The tags that a scalar may carry, with the type they promise."""
