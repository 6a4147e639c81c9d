"""Untrusted text made fit to be shown: nothing in it moves the cursor, hides, or commands a CI runner."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from lsops.model import UNSET, Secret

LONGEST = 120
"""Characters of a value in one line."""

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
_COMMAND = re.compile(r"#(?=#(\[|vso\[))")


def line(text: str) -> str:
    """Text for one line: control, bidirectional and zero-width characters are spelled out, `##[` is broken."""
    if text.isascii() and text.isprintable():
        return _unarmed(text)
    return _unarmed("".join(_shown(sign) for sign in text))


def value(item: Any, *, longest: int = LONGEST) -> str:
    """A value in one line as JSON writes it, cut where it is long; an absent one is `(absent)`."""
    if item is UNSET:
        return "(absent)"
    if isinstance(item, Secret):
        return str(item)
    text = line(json.dumps(_plain(item), ensure_ascii=False))
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def lines(text: str) -> list[str]:
    """The lines of a longer text, each fit to be shown."""
    return [line(part.replace("\t", "    ")) for part in text.splitlines()]


def _shown(sign: str) -> str:
    if unicodedata.category(sign) not in _HIDDEN:
        return sign
    return f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"\\u{ord(sign):04x}"


def _unarmed(text: str) -> str:
    return _COMMAND.sub("# ", text) if "##" in text else text


def _plain(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: _plain(sub) for key, sub in item.items()}
    if isinstance(item, (list, tuple)):
        return [_plain(sub) for sub in item]
    return str(item) if isinstance(item, Secret) else item
