"""Lists in pages: `{"count", "next", "previous", "results"}`.

Facts: community-api 2.1. A page that is no number, zero or beyond the end is 404; a page size that
is too large is cut and one that is no positive number is ignored, both without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lsops.sandbox.envelope import Missing
from lsops.sandbox.resource import Call

Rows = Callable[[int, int], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Paging:
    """`size` without a wish, `most` whatever the wish (0: no limit); `-1` means all where `endless`.

    Where `fixed`, no wish is heard.
    """

    size: int
    most: int = 0
    endless: bool = False
    fixed: bool = False


def page(call: Call, rules: Paging, *, count: int, rows: Rows) -> dict[str, Any]:
    """One page of `count` items; `rows(limit, offset)` gives its results."""
    size = _size(call.query.get("page_size", ""), rules, count)
    last = max(1, -(-count // size))
    number = _number(call.query.get("page") or "1", last)
    return {
        "count": count,
        "next": _link(call.url, number + 1) if number < last else None,
        "previous": _link(call.url, number - 1) if number > 1 else None,
        "results": rows(size, (number - 1) * size),
    }


def _size(wish: str, rules: Paging, count: int) -> int:
    if rules.endless and wish == "-1":
        return max(count, 1)
    if rules.fixed or not wish.isdecimal() or int(wish) == 0:
        return rules.size
    return min(int(wish), rules.most) if rules.most else int(wish)


def _number(wish: str, last: int) -> int:
    if wish == "last":
        return last
    if not wish.isdecimal() or not 1 <= int(wish) <= last:
        raise Missing("Invalid page.")
    return int(wish)


def _link(url: str, number: int) -> str:
    """The request's own URL with another page; the first page is named by leaving it out."""
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "page"]
    if number > 1:
        query.append(("page", str(number)))
    return urlunsplit(parts._replace(query=urlencode(sorted(query))))
