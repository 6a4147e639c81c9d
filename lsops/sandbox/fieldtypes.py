"""The types of the fields: what each takes, what it makes of it, and the words it refuses with.

A conversion returns the value as it is stored or raises `Bad`. Facts: community-api 2.3 (strings are
trimmed, "true" and 1 are booleans, "2" is 2, true is no string), enterprise-api 2 (decimals travel as
strings with two places).
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from lsops.sandbox.fields import Bad, Convert, Several

_TRUE: set[Any] = {"true", "True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "1", 1}
_FALSE: set[Any] = {"false", "False", "FALSE", "f", "F", "no", "No", "NO", "n", "N", "off", "Off", "OFF", "0", 0}
_NULL = {"null", "Null", "NULL", ""}
_ZEROS = re.compile(r"\.0*\s*$")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BIGGEST = 9223372036854775807
_WHEN = "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."


def text(*, shortest: int = 0, longest: int = 0, blank: bool = True, trim: bool = True) -> Convert:
    """A string; `""` is let through before the length is looked at."""

    def convert(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Bad("Not a valid string.")
        given = str(value)
        if given == "" or (trim and not given.strip()):
            return "" if blank else _refuse("This field may not be blank.")
        return _checked_text(given.strip() if trim else given, shortest, longest)

    return convert


def _checked_text(given: str, shortest: int, longest: int) -> str:
    wrong = []
    if longest and len(given) > longest:
        wrong.append(f"Ensure this field has no more than {longest} characters.")
    if len(given) < shortest:
        wrong.append(f"Ensure this field has at least {shortest} characters.")
    if "\x00" in given:
        wrong.append("Null characters are not allowed.")
    if surrogate := _SURROGATE.search(given):
        wrong.append(f"Surrogate characters are not allowed: U+{ord(surrogate.group()):X}.")
    return _refuse(wrong) if wrong else given


def email(value: Any) -> str:
    """An e-mail address, or nothing."""
    given: str = text(longest=254)(value)
    if given and not _EMAIL.fullmatch(given):
        raise Bad("Enter a valid email address.")
    return given


def number(*, least: int | None = None, most: int | None = _BIGGEST) -> Convert:
    """An integer; "2" and 2.0 are integers too, true is not."""

    def convert(value: Any) -> int:
        try:
            given = int(_ZEROS.sub("", str(value)))
        except ValueError:
            raise Bad("A valid integer is required.") from None
        if least is not None and given < least:
            raise Bad(f"Ensure this value is greater than or equal to {least}.")
        if most is not None and given > most:
            raise Bad(f"Ensure this value is less than or equal to {most}.")
        return given

    return convert


def flag(*, null: bool = False) -> Convert:
    """A boolean, also written as a word, a letter or a number."""

    def convert(value: Any) -> bool | None:
        if isinstance(value, (str, int, float)):
            if value in _TRUE:
                return True
            if value in _FALSE:
                return False
            if null and value in _NULL:
                return None
        raise Bad("Must be a valid boolean.")

    return convert


def choice(*values: str, blank: bool = False) -> Convert:
    """One of the values, in their exact case."""

    def convert(value: Any) -> str:
        if str(value) in values or (blank and value == ""):
            return str(value)
        raise Bad(f'"{value}" is not a valid choice.')

    return convert


def moment(value: Any) -> str:
    """A date and time, kept in UTC as `…Z`; a date alone is its midnight."""
    try:
        given = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", value.strip()))
    except (ValueError, TypeError, AttributeError):
        raise Bad(_WHEN) from None
    return stamp(given if given.tzinfo else given.replace(tzinfo=timezone.utc))


def stamp(when: datetime) -> str:
    """A moment as the server writes it, in UTC."""
    return when.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def now() -> str:
    """This moment, as the server writes it."""
    return stamp(datetime.now(timezone.utc))


def decimal(*, digits: int = 5, places: int = 2) -> Convert:
    """A number kept as text with all its places: 95 is "95.00"."""

    def convert(value: Any) -> str:
        try:
            given = Decimal(str(value).strip())
        except InvalidOperation:
            raise Bad("A valid number is required.") from None
        if isinstance(value, bool) or not given.is_finite():
            raise Bad("A valid number is required.")
        return _checked_decimal(given, digits, places)

    return convert


def _checked_decimal(given: Decimal, digits: int, places: int) -> str:
    _, all_digits, exponent = given.as_tuple()
    fraction = max(-int(exponent), 0)
    whole = max(len(all_digits) + int(exponent), 0)
    if max(len(all_digits) + max(int(exponent), 0), fraction) > digits:
        raise Bad(f"Ensure that there are no more than {digits} digits in total.")
    if fraction > places:
        raise Bad(f"Ensure that there are no more than {places} decimal places.")
    if whole > digits - places:
        raise Bad(f"Ensure that there are no more than {digits - places} digits before the decimal point.")
    return f"{given:.{places}f}"


def real(value: Any) -> float:
    """A number with a fraction; true is 1.0."""
    try:
        return float(value)
    except (ValueError, TypeError):
        raise Bad("A valid number is required.") from None


def check_key(value: Any, *, exists: Any) -> int | None:
    """A reference to another object by its id."""
    if value is None:
        return None
    if isinstance(value, (bool, list, dict)) or not str(value).lstrip("-").isdecimal():
        raise Bad(f"Incorrect type. Expected pk value, received {type(value).__name__}.")
    if not exists(int(value)):
        raise Bad(f'Invalid pk "{value}" - object does not exist.')
    return int(value)


def several(convert: Convert, *, empty: bool = True) -> Convert:
    """A list of values of one type."""
    return Several(convert, empty)


def _refuse(error: Any) -> Any:
    raise Bad(error)
