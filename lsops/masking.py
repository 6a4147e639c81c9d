"""Credentials in URLs: what may stand before the host and after the question mark is never shown (section 7).

Nor is a path that is known to be a secret (`lsops.secret_urls`).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from lsops.model.leaves import replaced
from lsops.model.resource import MASK
from lsops.secret_urls import hidden, is_secret_url, telltales

_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BLANK = re.compile(r"\s")

_IN_ADDRESS = re.compile(r"(?<![a-z0-9+.-])([a-z0-9+.-]+:~1~1)([^\s/~?#@]*@)?([^\s/?#]*)(\?[^\s/#]+)?", re.IGNORECASE)
_AROUND = "?,.)]}"
"""What a sentence may have after an address."""

_ANY_URL = re.compile(r"([^/?#@]*://)([^/?#]*@)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)


def mask_urls(value: Any) -> Any:
    """A JSON value in which each text that is one whole URL has its user-info and query as `***`.

    A URL inside a longer text stays as it is; so does every value that is no JSON. The mask of a mask is the same.
    """
    if isinstance(value, str):
        return _masked(value)
    return replaced(value, lambda leaf: _masked(leaf) if isinstance(leaf, str) else leaf)


def _masked(text: str) -> str:
    found = _parts(text)
    return text if found is None else _hidden(*found)


def _parts(text: str) -> tuple[str, str, str, str, str] | None:
    """Scheme, user-info, place, query and the rest of a text that is one whole URL, maybe between blanks; else None.

    By partition, not by one pattern: that would try every `@` and every blank, of which one text can hold a million.
    """
    found = _SCHEME.match(text) if "://" in text else None
    if found is None:
        return None
    rest = text[found.end() :]
    body = rest.rstrip()
    if _BLANK.search(body):
        return None
    before, hash_sign, fragment = body.partition("#")
    address, query_sign, query = before.partition("?")
    authority, slash, path = address.partition("/")
    user, at, host = authority.rpartition("@")
    return found[0], user + at, host + slash + path, query_sign + query, hash_sign + fragment + rest[len(body) :]


def _hidden(start: str, user: str | None, place: str, query: str | None, end: str | None) -> str:
    """The parts of a URL put together again, with the confidential ones as `***`."""
    return f"{start}{MASK + '@' if user else ''}{hidden(place)}{'?' + MASK if query else ''}{end or ''}"


def mask_key(text: str) -> str:
    """A map key, whatever it is, without what may be credentials of a URL: what a mistake in it must not show."""
    found = _ANY_URL.fullmatch(text)
    if found is None:
        return text
    return _hidden(*found.groups())


def has_credentials(text: str) -> bool:
    """Whether a map key, whatever it is, has what may be credentials of a URL before its host or in its query."""
    found = _ANY_URL.fullmatch(text)
    return found is not None and bool(found[2] or found[4])


def mask_addresses(text: str) -> str:
    """Text in which the URLs that are part of an address, with `~1` for each slash, have theirs as `***`."""
    return _IN_ADDRESS.sub(_unnamed, text) if ":~1~1" in text else text


def _unnamed(found: re.Match[str]) -> str:
    start, user, place, query = found.groups()
    return _hidden(start, user, place, query, _after(query) if query else "")


def _after(query: str) -> str:
    """The quote and the question mark of a hint around an address; a quote inside a query is its own."""
    own = query.rstrip(_AROUND).removesuffix('"')
    return query[max(len(own), 2) :]


def credentials_of(text: str) -> tuple[str, ...]:
    """What is hidden of a text that is one whole URL, as it stands in it and as it is meant."""
    found = _parts(text)
    if found is None:
        return ()
    _, user, _, query, _ = found
    parts = [part.strip("@?") for part in (user, query)]
    parts.append(parts[0].partition(":")[2])
    known = tuple(sorted(telltales(text))) if is_secret_url(text) else ()
    return tuple(dict.fromkeys((*(text for part in parts if part for text in (part, unquote(part))), *known)))
