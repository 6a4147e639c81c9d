"""What to write instead, for the commonest ways in which a label config is not well-formed."""

from __future__ import annotations

import re
from html.entities import html5
from xml.parsers import expat

_INVALID = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
_UNDEFINED = expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]
_LONGEST = 40
"""Characters of a name behind an `&`, as far as they are looked at."""
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(\w{1,40});")


def hint(text: str, error: expat.ExpatError) -> str:
    """What to write at the place of an error of expat; empty where that is not plain."""
    place = _index(text, error)
    if error.code == _UNDEFINED:
        return _of_name(text, place)
    if error.code != _INVALID:
        return ""
    ampersand = text.rfind("&", max(0, place - _LONGEST), place + 1)
    name = text[ampersand + 1 : place].lstrip("#")
    if ampersand >= 0 and (not name or name.isalnum()):
        return "write &amp; for &"
    if "<" in text[max(0, place - 1) : place + 1]:
        return "write &lt; for <, if no tag begins there"
    return "put the value into straight quotes" if text[:place].endswith("=") else ""


def _index(text: str, error: expat.ExpatError) -> int:
    start = 0
    for _ in range(error.lineno - 1):
        start = text.find("\n", start) + 1
    return start + error.offset


def _of_name(text: str, place: int) -> str:
    """The error stands at the tag, and what is not defined somewhere behind it."""
    found = _REFERENCE.search(text, place)
    signs = html5.get(f"{found[1]};", "") if found else ""
    if found is None or not signs:
        return "write &amp; for &"
    return f"XML does not know &{found[1]}; of HTML: write {''.join(f'&#{ord(sign)};' for sign in signs)}"
