"""Untrusted text made fit to be shown: nothing in it moves the cursor, hides, or commands a CI runner."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from os.path import commonprefix
from typing import Any
from unicodedata import normalize

from lsops.masking import mask_addresses, mask_urls
from lsops.model.resource import UNSET, Secret
from lsops.signs import json_text, spelled_out, without_commands

LONGEST = 120
"""Characters of a value in one line."""
WORD = re.compile(r"-?[A-Za-z_][A-Za-z0-9_.:-]{0,60}")
"""A text that needs no quotes in a list."""
NO_TEXTS = frozenset(("true", "false", "null", "NaN", "Infinity", "-Infinity"))
"""How JSON writes what is no text."""


def line(text: str) -> str:
    """Text for one line: what hides, reorders or moves the cursor is spelled out (`lsops.signs`), `##[` is broken.

    Credentials in the URLs of addresses are masked.
    """
    return without_commands(spelled_out(mask_addresses(text)))


def value(item: Any, *, longest: int = LONGEST) -> str:
    """A value in one line as JSON writes it, credentials in URLs masked, cut where it is long; or `(absent)`."""
    return shortened(_whole(item), longest)


def pair(before: Any, after: Any) -> tuple[str, str]:
    """Two values in one line each, cut so that the place from which they differ is seen, and never looking the same."""
    first, second = _whole(before), _whole(after)
    if normalize("NFC", first) == normalize("NFC", second) and before != after:
        first, second = (json_text(_json(item, ascii_only=True)) for item in (before, after))
        second += " (it differs where it is masked)" if first == second else ""
    return near(first, second, LONGEST)


def near(first: str, second: str, longest: int) -> tuple[str, str]:
    """Two texts of that many characters at most, both from a little before where they differ to a little after it."""
    if max(len(first), len(second)) <= longest:
        return first, second
    same = _common(first, second)
    end = _common(first[same:][::-1], second[same:][::-1]) - longest // 4
    if end > 0:
        first, second = f"{first[:-end]}…", f"{second[:-end]}…"
    if (start := same - longest // 2) > 0:
        first, second = f"…{first[start:]}", f"…{second[start:]}"
    return shortened(first, longest), shortened(second, longest)


def _common(first: str, second: str) -> int:
    return len(commonprefix((first, second)))  # noqa: RUF071  # these are no paths


def lines(text: str) -> list[str]:
    """The lines of a longer text, each fit to be shown; what ends them other than a newline is spelled out."""
    return [line(part.replace("\t", "    ")) for part in text.split("\n")]


def masked(item: Any) -> Any:
    """A value as plain maps and lists, with credentials in URLs masked and secrets by their reference."""
    return mask_urls(_plain(item))


def _whole(item: Any) -> str:
    if item is UNSET:
        return "(absent)"
    if isinstance(item, (list, tuple)) and item and all(map(_is_word, item)):
        return f"[{', '.join(item)}]"
    return line(_json(item))


def _is_word(item: Any) -> bool:
    """Whether a text is a word that needs no quotes in a list: no other value is written like it."""
    return isinstance(item, str) and WORD.fullmatch(item) is not None and item not in NO_TEXTS


def _json(item: Any, *, ascii_only: bool = False) -> str:
    return str(item) if isinstance(item, Secret) else json.dumps(masked(item), ensure_ascii=ascii_only)


def shortened(text: str, longest: int) -> str:
    """A text that is not longer than that, and else how long it is."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def _plain(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: _plain(sub) for key, sub in item.items()}
    if isinstance(item, (list, tuple)):
        return [_plain(sub) for sub in item]
    return str(item) if isinstance(item, Secret) else item
