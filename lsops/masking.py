"""Credentials in URLs: what may stand before the host and after the question mark is never shown (section 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lsops.model import MASK

_URL = re.compile(r"(\s*[a-z][a-z0-9+.-]*://)([^\s/?#]*@)?([^\s?#]*)(\?[^\s#]*)?((?:#\S*)?\s*)", re.IGNORECASE)


def mask_urls(value: Any) -> Any:
    """A JSON value in which each text that is one whole URL has its user-info and query as `***`.

    A URL inside a longer text stays as it is; so does every value that is no JSON. The mask of a mask is the same.
    """
    if isinstance(value, str):
        return _masked(value)
    if isinstance(value, Mapping):
        return {key: mask_urls(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_urls(item) for item in value]
    return value


def _masked(text: str) -> str:
    found = _URL.fullmatch(text) if "://" in text else None
    if found is None:
        return text
    start, user, place, query, end = found.groups()
    return f"{start}{MASK + '@' if user else ''}{place}{'?' + MASK if query else ''}{end}"
