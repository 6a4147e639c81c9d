"""Paginated lists: `{count, next, results}`, read by page numbers (Community facts 1.4 and 2.1)."""

from __future__ import annotations

from math import ceil
from typing import Any

from lsops.errors import Malformed
from lsops.server.forms import PAGE, ROW, Form, held, held_rows

PAGE_SIZE = 100
"""The most that a page of projects holds; larger wishes are cut without a word (Community facts 2.1)."""

MOST_PAGES = 10_000


class PagedRows:
    """The rows of the pages so far, each id once: a row may move to another page while the list is read."""

    def __init__(self, path: str, form: Form = ROW) -> None:
        self.rows: list[dict[str, Any]] = []
        self.expected = 1
        self._path = path
        self._form = form
        self._seen: set[int] = set()
        self._counts: set[int] = set()
        self._pages = 0

    @property
    def is_whole(self) -> bool:
        """Whether no row can have slipped to a page that was read before: each page counts the rows that came.

        A row that goes away between two pages moves every later one up. The last page counts one less then, as many
        as came, so the first page's count is needed too. Without counts there is nothing to compare.
        """
        return self._counts <= {len(self.rows)}

    def add(self, answer: Any) -> bool:
        """Take one page; whether another follows. Raises: Malformed, for another form, or a list that does not end."""
        what = f"GET {self._path}"
        page = held(answer, PAGE, what)
        found = held_rows(page["results"], self._form, what)
        fresh = {row["id"]: row for row in found if row["id"] not in self._seen}
        self._seen.update(fresh)
        self.rows += fresh.values()
        self._pages += 1
        count = page.get("count")
        self._counts |= set() if count is None else {count}
        more = bool(page.get("next"))
        if more and (not fresh or self._pages >= MOST_PAGES):
            raise Malformed.of(f"{what}: the list of pages does not end")
        if self._pages == 1 and more:
            self.expected = _expected(count, len(found))
        return more


def _expected(count: int | None, size: int) -> int:
    """How many pages there are by the server's own count; 1 where that cannot be believed."""
    return min(ceil(count / size), MOST_PAGES) if count is not None and size > 0 else 1
