"""Answers: JSON out of a response, or one of our errors out of a bad one (Community facts 1.2 and 1.3)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx

from lsops.errors import (
    Finding,
    Forbidden,
    Malformed,
    NotFound,
    Rejected,
    ServerError,
    ServerFault,
    Unauthorized,
)

_BY_STATUS: dict[int, type[ServerError]] = {401: Unauthorized, 403: Forbidden, 404: NotFound}

_MAY_BE_HALF = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
"""The bytes of a surrogate, escaped or not; alone it is half a character, which no file and no terminal takes."""
_TITLE = re.compile(r"<title[^<>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")

_HINTS: dict[int, str] = {
    401: "check the token, and that the organisation allows this kind of token",
    407: "that is the answer of the proxy in between, which wants to know who you are",
    429: "nothing else was answered for too long: try later, send less at a time with --rate N, or wait longer with "
    "--throttle-budget S",
}
_FORBIDDEN_TO_READ = "the token's owner may not do this; what lies there is unknown, not absent"
_FORBIDDEN_TO_WRITE = "the token's owner may not change this, or the server forbids this value: see its own words"
_SPEAKS_TLS = re.compile(r"plain http|http request (was sent )?to an? (https|ssl)", re.IGNORECASE)
"""What nginx, Apache and Go servers say to plain http on a port that speaks TLS."""


def decode(response: httpx.Response, what: str) -> Any:
    """The JSON of a 2xx answer; None for an empty one.

    Raises:
        Malformed: HTML, or JSON that is cut off.
    """
    if not response.content.strip():
        return None
    try:
        return parsed(response.content)
    except (RecursionError, ValueError) as problem:
        kind = "an HTML page" if _is_html(response) else "something that is not JSON, or is cut off"
        raise Malformed(
            [Finding("LS707", f"{what}: the server answered {kind}", hint="is the URL that of a Label Studio server?")],
            status=response.status_code,
        ) from problem


def failure(response: httpx.Response, what: str) -> ServerError:
    """The error for an answer that is not 2xx, with the server's own words."""
    status = response.status_code
    kind = _BY_STATUS.get(status) or (Rejected if 300 <= status < 500 else ServerFault)
    said = answer_words(response)
    message = f"{what}: {status} {response.reason_phrase or ''}".rstrip() + (f": {said}" if said else "")
    return kind([Finding(kind.code, message, hint=_hint(status, what, said))], status=status)


def _hint(status: int, what: str, said: str) -> str:
    """What to do about a status: whoever may not read does not know what is there, and whoever may not write does."""
    if status == 403:
        return _FORBIDDEN_TO_READ if what.startswith("GET ") else _FORBIDDEN_TO_WRITE
    if status == 400 and _SPEAKS_TLS.search(said):
        return "it speaks TLS: write https:// in the server's URL"
    return _HINTS.get(status, "")


def answer_words(response: httpx.Response) -> str:
    """The server's own message in one line: the envelope's, a bare JSON's, or an HTML page's title."""
    try:
        body = parsed(response.content)
    except (RecursionError, ValueError):
        return _page_title(response.text)
    return "; ".join(dict.fromkeys(_said(body)))


def parsed(content: bytes) -> Any:
    """JSON in which half a character is U+FFFD. Raises: ValueError, RecursionError."""
    body = json.loads(content)
    return _repaired(body) if _MAY_BE_HALF.search(content) else body


def _repaired(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_repaired(key): _repaired(item) for key, item in value.items()}
    return [_repaired(item) for item in value] if isinstance(value, list) else value


def _said(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        yield from _flat("", body)
    elif body.get("validation_errors"):
        yield from _flat("", body["validation_errors"])
    elif "detail" in body or "message" in body:
        yield from _flat("", body.get("detail") or body.get("message"))
    else:
        yield from _flat("", body)


def _flat(where: str, value: Any) -> Iterator[str]:
    """`{"a": {"0": ["no"]}}` as `a.0: no`."""
    if isinstance(value, dict):
        for key, sub in value.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _flat(".".join(part for part in (where, name) if part), sub)
    elif isinstance(value, list):
        for item in value:
            yield from _flat(where, item)
    elif value is not None:
        text = " ".join(str(value).split())
        yield f"{where}: {text}" if where else text


def _is_html(response: httpx.Response) -> bool:
    return "html" in response.headers.get("content-type", "") or response.content[:1000].lstrip()[:1] == b"<"


def _page_title(text: str) -> str:
    head = text[:20_000]
    found = _TITLE.search(head, 0, head.lower().rfind("</title>") + len("</title>"))  # linear: each start finds an end
    title = " ".join(html.unescape(found.group(1)).split()) if found else ""
    if title:
        return f'an HTML page titled "{title}"'
    return "an HTML page" if "<" in text[:200] else " ".join(text.split())
