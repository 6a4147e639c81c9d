"""Two applies at once: what another run made meanwhile is not made again, and a twin is never taken for success.

The server enforces almost no uniqueness (Community facts 2.2), so lsops looks: at the whole collection once before
its first create, and after each create at the rows of that key alone. That is one list per collection and one short
list per create. Of a kind whose rows the server does not find by key, the list is the whole one: after the first few
creates it is read for several together, so that the rows that are read grow as the creates do and no faster. Once
somebody else's row was seen in a collection, each further create there is preceded by a short pause and such a list,
too, and followed by one of its own.
"""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from lsops.engine.attempt import Attempt
from lsops.errors import LsopsError, Malformed
from lsops.kinds.capabilities import FoundByKey
from lsops.masking import mask_urls
from lsops.server.session import Session

APART = 0.5
"""Most seconds of that pause, whose length is chance: two runs in step would else both look, and both create."""

LOOKS = 3
"""How often a list that moves is read again: creates that were sent before end meanwhile."""


SHARE = 4
"""Of so many creates that were looked after, one may wait for the next look."""

Verdicts = Mapping[str, "LsopsError | None"]
"""What is wrong with what was made, by the addresses of the changes; None where it is alone."""


class Twin(LsopsError):
    """Another run makes the same; `made` is the id of what this run made of it, None for nothing."""

    code = "LS809"
    made: int | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A create that nobody has looked after yet: the address of its change, and the id of what it made."""

    address: str
    attempt: Attempt
    id: int


@dataclass
class _Collection:
    """What was seen of one collection before its first create, by key; `shared` once somebody else makes things there.

    `moving` once its list changed while it was read, as that of many new ones in several pages does. `waiting` are the
    creates that the next look is for, `seen` the number of those that were looked after.
    """

    before: Mapping[str, list[dict[str, Any]]] | None = None
    shared: bool = False
    moving: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Made] = field(default_factory=list)
    seen: int = 0

    def due(self, made: _Made) -> list[_Made]:
        """All that wait, where with this one they are enough for a look; else this one waits, too."""
        self.waiting.append(made)
        is_short = isinstance(made.attempt.kind, FoundByKey)
        return self.rest() if is_short or self.shared or len(self.waiting) > self.seen // SHARE else []

    def rest(self) -> list[_Made]:
        """All that wait; from now on they do not."""
        taken, self.waiting = self.waiting, []
        self.seen += len(taken)
        return taken


class Twins:
    """Looks for what other runs make in the collections of one apply; usable from several threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._collections: defaultdict[tuple[str, str | None], _Collection] = defaultdict(_Collection)
        self._lock = threading.Lock()

    def refuse_second(self, address: str, attempt: Attempt) -> None:
        """Look before a create in the collection at that address.

        Raises:
            Twin: it exists now, which it did not when the plan was made.
            ServerError: the collection cannot be read.
        """
        place = self._at(address, attempt)
        found = attempt.fresh(self._rows_before(place, attempt))
        if found:
            place.shared = True
            message = f'"{mask_urls(attempt.name)}" now exists, {_ids(found)}; run again'
            raise Twin.of(message, hint="it was not there when the plan was made, and was not made a second time")

    def after(self, address: str, change: str, attempt: Attempt, made: int) -> Verdicts:
        """Look after the create of a change in the collection at that address, and others that wait there, whether
        each is alone: a `Twin` where it is there twice, a `ServerError` where nobody can tell.

        Nothing where all wait for the next look; `rest` looks after what has waited long enough.
        """
        place = self._at(address, attempt)
        with self._lock:
            due = place.due(_Made(change, attempt, made))
        return dict(self._judged(place, due))

    def rest(self) -> Verdicts:
        """Look after every create that still waits, as `after` does."""
        with self._lock:
            due = [(place, place.rest()) for place in self._collections.values() if place.waiting]
        return dict(verdict for place, creates in due for verdict in self._judged(place, creates))

    def _judged(self, place: _Collection, due: list[_Made]) -> Iterator[tuple[str, LsopsError | None]]:
        if not due:
            return
        try:
            rows = _by_key(due[0].attempt, self._rows_after(place, due[0].attempt))
        except LsopsError as error:
            yield from ((made.address, error) for made in due)
            return
        for made in due:
            others = [row for row in made.attempt.fresh(_of_key(made.attempt, rows)) if row["id"] != made.id]
            place.shared = place.shared or bool(others)
            yield made.address, _twin(made, others) if others else None

    def _at(self, address: str, attempt: Attempt) -> _Collection:
        """The collection at an address, of one type: each type has a list of its own."""
        with self._lock:
            return self._collections[address, attempt.where.type]

    def _rows_before(self, place: _Collection, attempt: Attempt) -> list[dict[str, Any]]:
        """Those of the key, of all that were read once; read now, where others are at work or the list does not hold
        still.
        """
        with place.lock:
            if place.before is None and not place.shared:
                try:
                    place.before = _by_key(attempt, attempt.kind.rows(self._session, attempt.where))
                except Malformed:
                    place.shared = True
        if not place.shared:
            return _of_key(attempt, place.before or {})
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


def _by_key(attempt: Attempt, rows: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(attempt.kind.schema.key_of(row), []).append(row)
    return found


def _of_key(attempt: Attempt, rows: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return rows.get(attempt.key.strip(), [])


def _twin(made: _Made, others: Iterable[Mapping[str, Any]]) -> Twin:
    message = f'"{mask_urls(made.attempt.name)}" was made twice at the same time: this is id {made.id}, the other is '
    twin = Twin.of(message + _ids(others), hint=f"delete id {made.id} or the other one, and run again")
    twin.made = made.id
    return twin


def _ids(rows: Iterable[Mapping[str, Any]]) -> str:
    numbers = [str(row["id"]) for row in rows]
    return f"id{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
