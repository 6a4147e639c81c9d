"""Which signs of a foreign text may be printed, and what stands for the others.

Printed is what `str.isprintable` takes (no control, format, unassigned, private or half character, and no blank but the
common one), less what Unicode calls ignorable and what has an empty glyph: all that could hide, reorder, move the
cursor or make two names look alike. Emoji that are put together from several lose their joiners and selectors by that
and stand as their parts: who reviews a name wants to see what it is made of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lsops.ignorable import BLANK, IGNORABLE

_UNSEEN = re.compile("[{}]".format("".join(f"{chr(first)}-{chr(last)}" for first, last in (*IGNORABLE, *BLANK))))
_COMMAND = re.compile(r"#(?=#[^\s\[#]*\[)")
"""What a CI runner takes commands from, wherever it stands in a line: `##[`, `##vso[`, `##teamcity[` and their like."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def spelled_out(text: str) -> str:
    r"""A text in which each sign that may not be printed stands as `\x9b`, `\u202e` or `\U000e0041`."""
    return text if _is_seen(text) else "".join(sign if _is_seen(sign) else escaped(sign) for sign in text)


def without_commands(text: str) -> str:
    """A text in which no runner finds a command: `##[` is `# #[`, with any word between."""
    return _COMMAND.sub("# ", text) if "##" in text else text


def json_text(text: str) -> str:
    """A JSON document of the same meaning, fit to be printed: escapes stand for what must not be seen in it."""
    if not all(map(_is_seen, text.split("\n"))):
        text = "".join(sign if sign == "\n" or _is_seen(sign) else json.dumps(sign)[1:-1] for sign in text)
    return _COMMAND.sub(r"\\u0023", text) if "##" in text else text


def json_line(document: Mapping[str, Any]) -> str:
    """A document as one line of JSON, fit for a log."""
    return json_text(json.dumps(document, ensure_ascii=False))


def ascii_json(text: str) -> str:
    """A JSON document of the same meaning for a stream that knows nothing but ASCII."""
    return _NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _is_seen(text: str) -> bool:
    return text.isprintable() and (text.isascii() or not _UNSEEN.search(text))


def escaped(sign: str) -> str:
    r"""One sign as `\x9b`, `\u202e` or `\U000e0041`."""
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def plural(number: int, word: str) -> str:
    """`1 project`, `2 projects`."""
    return f"{number} {word}" + ("" if number == 1 else "s")


def with_article(noun: str) -> str:
    """`a project`, `an s3 import storage`, `an ML backend`, and `SAML settings`, of which there are several."""
    if is_several(noun):
        return noun
    return ("an " if noun[0] in "aeiou" or noun.startswith(("s3", "ML")) else "a ") + noun


def is_several(noun: str) -> bool:
    """Whether a noun is a plural though it names one resource: they exist, where it exists."""
    return noun.endswith("settings")
