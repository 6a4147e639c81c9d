"""Two applies at once: what another run made meanwhile is not made again, and a twin is never taken for success.

The server enforces almost no uniqueness (Community facts 2.2), so lsops looks: at the whole collection once before
its first create, and after each create at the rows of that key alone. That is one list per collection and one short
list per create. Once somebody else's row was seen in a collection, each further create there is preceded by a short
pause and such a list, too.
"""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from lsops.engine.attempt import Attempt
from lsops.errors import LsopsError, Malformed
from lsops.masking import mask_urls
from lsops.server.session import Session

APART = 0.5
"""Most seconds of that pause, whose length is chance: two runs in step would else both look, and both create."""

LOOKS = 3
"""How often a list that moves is read again: creates that were sent before end meanwhile."""


class Twin(LsopsError):
    """Another run makes the same; `made` is the id of what this run made of it, None for nothing."""

    code = "LS809"
    made: int | None = None


@dataclass
class _Collection:
    """What was seen of one collection before its first create; `shared` once somebody else makes things there.

    `moving` once its list changed while it was read, as that of many new ones in several pages does.
    """

    rows: list[dict[str, Any]] | None = None
    shared: bool = False
    moving: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Twins:
    """Looks for what other runs make in the collections of one apply; usable from several threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._collections: defaultdict[str, _Collection] = defaultdict(_Collection)
        self._lock = threading.Lock()

    def refuse_second(self, address: str, attempt: Attempt) -> None:
        """Look before a create in the collection at that address.

        Raises:
            Twin: it exists now, which it did not when the plan was made.
            ServerError: the collection cannot be read.
        """
        place = self._at(address)
        found = attempt.fresh(self._rows_before(place, attempt))
        if found:
            place.shared = True
            message = f'"{mask_urls(attempt.name)}" now exists, {_ids(found)}; run again'
            raise Twin.of(message, hint="it was not there when the plan was made, and was not made a second time")

    def refuse_pair(self, address: str, attempt: Attempt, made: int) -> None:
        """Look after a create whether it is alone.

        Raises:
            Twin: it is there twice.
            ServerError: nobody can tell.
        """
        rows = self._rows_after(self._at(address), attempt)
        others = [row for row in attempt.fresh(rows) if row["id"] != made]
        if others:
            self._at(address).shared = True
            message = f'"{mask_urls(attempt.name)}" was made twice at the same time: this is id {made}, the other is '
            twin = Twin.of(message + _ids(others), hint=f"delete id {made} or the other one, and run again")
            twin.made = made
            raise twin

    def _at(self, address: str) -> _Collection:
        with self._lock:
            return self._collections[address]

    def _rows_before(self, place: _Collection, attempt: Attempt) -> list[dict[str, Any]]:
        """All rows, read once; those of the key, read now, where others are at work or the list does not hold still."""
        with place.lock:
            if place.rows is None and not place.shared:
                try:
                    place.rows = attempt.kind.rows(self._session, attempt.where)
                except Malformed:
                    place.shared = True
        if not place.shared:
            return place.rows or []
        self._session.settings.backoff.sleep(random.uniform(0, APART))  # noqa: S311  # nothing to guess
        return attempt.rows_of_key(self._session)

    def _rows_after(self, place: _Collection, attempt: Attempt) -> list[dict[str, Any]]:
        """Those of the key. A list that moves is read with the lock that each create of this run waits for, too."""
        if not place.moving:
            try:
                return attempt.rows_of_key(self._session)
            except Malformed:
                place.moving = True
        with place.lock:
            for _ in range(LOOKS):
                with suppress(Malformed):
                    return attempt.rows_of_key(self._session)
            return attempt.rows_of_key(self._session)


def _ids(rows: Iterable[Mapping[str, Any]]) -> str:
    numbers = [str(row["id"]) for row in rows]
    return f"id{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
