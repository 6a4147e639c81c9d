"""The objects of a JSON list that may be larger than memory, one after the other."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lsops.errors import Malformed

_BETWEEN: Final = re.compile(r"[\s,\[]*")
LONGEST: Final = 64 * 1024 * 1024
"""Characters of one object, as many as an answer that is read whole may have bytes."""


def rows_of(parts: Iterable[bytes], what: str) -> Iterator[dict[str, Any]]:
    """The objects of a list that comes in parts; `what` is the request as messages call it.

    Raises: Malformed, where it is no list of objects, or one of them is too large.
    """
    decode, scan = getincrementaldecoder("utf-8")("replace").decode, json.JSONDecoder().raw_decode
    text, started, ended = "", False, False
    for part in parts:
        text += decode(part)
        if not started:
            text = text.lstrip()
            if text and not text.startswith("["):
                raise Malformed.of(f"{what}: the answer is not a list")
            started = bool(text)
        at = _BETWEEN.match(text).end()  # type: ignore[union-attr]  # it matches nothing, too
        while at < len(text) and text[at] == "{":
            try:
                row, at = scan(text, at)
            except json.JSONDecodeError:
                break  # the rest of it comes
            yield row
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # as above
        ended, text = text[at:].strip() == "]", text[at:]
        if len(text) > LONGEST or (text and text[0] not in "{]"):
            raise Malformed.of(f"{what}: the answer is no list of objects, or one of them is too large")
    if not ended:
        raise Malformed.of(f"{what}: the answer ends in the middle")
