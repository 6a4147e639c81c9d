"""Untrusted text made fit to be shown: nothing in it moves the cursor, hides, or commands a CI runner."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from os.path import commonprefix
from typing import Any

from lsops.masking import mask_addresses, mask_urls
from lsops.model import UNSET, Secret

LONGEST = 120
"""Characters of a value in one line."""

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
_COMMAND = re.compile(r"#(?=#(\[|vso\[))")


def line(text: str) -> str:
    """Text for one line: control, bidirectional and zero-width characters are spelled out, `##[` is broken.

    Credentials in the URLs of addresses are masked.
    """
    text = mask_addresses(text)
    if text.isascii() and text.isprintable():
        return _unarmed(text)
    return _unarmed("".join(_shown(sign) for sign in text))


def value(item: Any, *, longest: int = LONGEST) -> str:
    """A value in one line as JSON writes it, credentials in URLs masked, cut where it is long; or `(absent)`."""
    return _cut(_whole(item), longest)


def pair(before: Any, after: Any) -> tuple[str, str]:
    """Two values in one line each, cut so that the place from which they differ is seen."""
    texts = _whole(before), _whole(after)
    start = len(commonprefix(texts)) - LONGEST // 2  # noqa: RUF071  # these are no paths
    first, second = (f"…{text[start:]}" if start > 0 and len(max(texts, key=len)) > LONGEST else text for text in texts)
    return _cut(first, LONGEST), _cut(second, LONGEST)


def lines(text: str) -> list[str]:
    """The lines of a longer text, each fit to be shown; what ends them other than a newline is spelled out."""
    return [line(part.replace("\t", "    ")) for part in text.split("\n")]


def json_text(text: str) -> str:
    """A JSON document of the same meaning, fit to be shown: what `line` would change stands as an escape."""
    if not text.isascii():
        text = "".join(sign if sign == "\n" or _shown(sign) == sign else json.dumps(sign)[1:-1] for sign in text)
    return _COMMAND.sub(r"\\u0023", text) if "##" in text else text


def _whole(item: Any) -> str:
    if item is UNSET:
        return "(absent)"
    return str(item) if isinstance(item, Secret) else line(json.dumps(mask_urls(_plain(item)), ensure_ascii=False))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def _shown(sign: str) -> str:
    if unicodedata.category(sign) not in _HIDDEN:
        return sign
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _unarmed(text: str) -> str:
    return _COMMAND.sub("# ", text) if "##" in text else text


def _plain(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: _plain(sub) for key, sub in item.items()}
    if isinstance(item, (list, tuple)):
        return [_plain(sub) for sub in item]
    return str(item) if isinstance(item, Secret) else item
