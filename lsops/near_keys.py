"""Keys that look alike: they differ in their Unicode form, in letter case or in blanks alone. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import combinations
from os.path import commonprefix

from lsops.masking import mask_key

MOST = 6
"""Characters of a difference whose code points are shown."""
_NUMBERS_APART = re.compile(r"(?<=\d)\s+(?=\d)")
_BLANKS = re.compile(r"\s+")


def _without_blanks(text: str) -> str:
    """Without blanks and what nobody sees; between two digits one stays, for `1 1` is not `11`."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf") if not text.isascii() else text
    return _BLANKS.sub("", _NUMBERS_APART.sub("\0", seen))


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


FORMS: Mapping[str, Callable[[str], str]] = {
    "blanks": _without_blanks,
    "Unicode form": _composed,
    "letter case": str.casefold,
}


def folded_key(key: str) -> str:
    """What keys have in common that look alike."""
    if key.isascii() and key.isprintable() and " " not in key:
        return key.lower()  # most keys, and none of the steps below changes more of it
    return _composed(_composed(_without_blanks(key)).casefold())


def difference(one: str, other: str) -> str:
    """In what alone two keys of one folded form differ, in words: `Unicode form`, or `blanks and letter case`."""
    for number in range(1, len(FORMS)):
        for names in combinations(FORMS, number):
            if _formed(one, names) == _formed(other, names):
                return " and ".join(names)
    return f"{', '.join(list(FORMS)[:-1])} and {list(FORMS)[-1]}"


def _formed(text: str, names: tuple[str, ...]) -> str:
    for name in names:
        text = FORMS[name](text)
    return text


def code_points(one: str, other: str) -> tuple[str, str]:
    """The part of each key that the other has otherwise, as `"é" (U+0065 U+0301)`; of a URL that is masked nothing."""
    if mask_key(one) != one or mask_key(other) != other:
        return "", ""
    start = len(commonprefix([one, other]))  # noqa: RUF071  # these are no paths
    end = len(commonprefix([one[start:][::-1], other[start:][::-1]]))  # noqa: RUF071  # as above
    first, second = (_spelled(text[start : len(text) - end]) for text in (one, other))
    return first, second


def _spelled(part: str) -> str:
    if not part:
        return "nothing"
    points = " ".join(f"U+{ord(sign):04X}" for sign in part[:MOST])
    return f"{json.dumps(part[:MOST], ensure_ascii=False)} ({points}{' …' if len(part) > MOST else ''})"
