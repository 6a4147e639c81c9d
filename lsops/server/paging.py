"""Paginated lists: `{count, next, results}`, read by page numbers (Community facts 1.4 and 2.1)."""

from __future__ import annotations

from math import ceil
from typing import Any

from lsops.errors import Malformed

PAGE_SIZE = 100
"""The most that a page of projects holds; larger wishes are cut without a word (Community facts 2.1)."""

MOST_PAGES = 10_000


class Listing:
    """The rows of the pages so far, each id once: a row may move to the next page while the list is read."""

    def __init__(self, path: str) -> None:
        self.rows: list[dict[str, Any]] = []
        self.expected = 1
        self._path = path
        self._seen: set[Any] = set()
        self._pages = 0

    def add(self, answer: Any) -> bool:
        """Take one page; whether another follows. Raises: Malformed, for a list that does not end."""
        paginated = isinstance(answer, dict) and "results" in answer
        found = rows_of(answer["results"] if paginated else answer, self._path)
        fresh = [row for row in found if row.get("id") is None or row["id"] not in self._seen]
        self._seen.update(row.get("id") for row in fresh)
        self.rows += fresh
        self._pages += 1
        more = paginated and bool(answer.get("next"))
        if more and (not fresh or self._pages >= MOST_PAGES):
            raise Malformed.of(f"GET {self._path}: the list of pages does not end")
        if self._pages == 1 and more:
            self.expected = _expected(answer.get("count"), len(found))
        return more


def rows_of(answer: Any, path: str) -> list[dict[str, Any]]:
    """The rows of a list. Raises: Malformed, for anything else."""
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise Malformed.of(f"GET {path}: the server did not answer with a list")
    return answer


def _expected(count: Any, size: int) -> int:
    """How many pages there are by the server's own count; 1 where that cannot be believed."""
    believable = isinstance(count, int) and not isinstance(count, bool) and size > 0
    return min(ceil(count / size), MOST_PAGES) if believable else 1
