"""Reading a list that grows, in the order of time and without a hole: each page from the time of the last row on.

Page numbers would shift while others write.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Final

from lsops.errors import Malformed, NotFound
from lsops.model.audit import Row, Window

PAGE: Final = 500
"""Rows of a page that are asked for; the server may give fewer."""
LARGEST: Final = 64_000
"""Rows of a page that are asked for at most, where very many have one time."""


@dataclass(frozen=True, slots=True)
class Page:
    """The oldest rows of a window, the oldest first, and how many it has in all; None where the server does not say."""

    rows: Sequence[Row]
    total: int | None = None


Fetch = Callable[[Window, int], Page]
"""Gives the first page of a window, of so many rows at most."""


def moment(value: object, what: str) -> datetime:
    """A time of a row. Raises: Malformed."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as problem:
        raise Malformed.of(f"{what}: {value!r} is no time") from problem
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def written(time: datetime) -> str:
    """A time as queries take it."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def bounds(window: Window, since: str, until: str) -> dict[str, str]:
    """A window as a query, by the names that it has there."""
    both = {since: window.since, until: window.until}
    return {name: written(time) for name, time in both.items() if time is not None}


def mark(row: Row) -> int:
    """What tells a row from others of its list: its id, or all that it says."""
    number = row.get("id")
    if isinstance(number, int):
        return number
    text = json.dumps(row, sort_keys=True, default=str).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:16], "big")


@dataclass(slots=True)
class _Reached:
    """How far a list was read: the time of the last row, and the marks of those that have it."""

    window: Window
    time: str
    what: str
    marks: Counter[int] = field(default_factory=Counter)

    def fresh(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that were not read before. Raises: Malformed, where they are not in the order of time."""
        last, left, found = self.window.since, self.marks.copy(), list[Row]()
        before: datetime | None = None
        for row in rows:
            now = moment(row.get(self.time), self.what)
            if before is not None and now < before:
                raise _disorder(self.what)
            before = now
            if self.window.holds(now) and not (now == last and _taken(left, mark(row))):
                found.append(row)
        return found

    def refuse_older(self, rows: Sequence[Row]) -> None:
        """Raises: Malformed, where the server gives older rows than were asked for, and those alone, for ever."""
        since = self.window.since
        if since is not None and any(moment(row.get(self.time), self.what) < since for row in rows):
            raise _disorder(self.what)

    def go_on(self, fresh: Sequence[Row]) -> None:
        """Note what was read."""
        last = moment(fresh[-1].get(self.time), self.what)
        if last != self.window.since:
            self.marks.clear()
            self.window = replace(self.window, since=last)
        self.marks.update(mark(row) for row in fresh if moment(row.get(self.time), self.what) == last)


def in_time(fetch: Fetch, window: Window, time: str, what: str) -> Iterator[Row]:
    """All rows of a window, page by page; `what` is the request as messages call it.

    Raises:
        NotFound: there is no such list; some servers say so of an empty one, too.
        ServerError: it cannot be read, or does not come in the order of time.
    """
    reached, size, seen = _Reached(window, time, what), PAGE, -1
    while True:
        try:
            page = fetch(reached.window, size)
        except NotFound:
            if seen < 0:
                raise
            return
        fresh = reached.fresh(page.rows)
        yield from fresh
        if page.total is not None and len(page.rows) >= page.total:
            return
        if fresh:
            reached.go_on(fresh)
            size, seen = PAGE, 0
        elif len(page.rows) in (0, seen) or size >= LARGEST:
            reached.refuse_older(page.rows)
            return
        else:
            size, seen = size * 2, len(page.rows)


def _taken(left: Counter[int], number: int) -> bool:
    """Whether a row was read before, each as often as it was."""
    if left[number] <= 0:
        return False
    left[number] -= 1
    return True


def _disorder(what: str) -> Malformed:
    return Malformed.of(f"{what}: the rows do not come in the order of time", code="LS687")
