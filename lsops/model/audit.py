"""What a server keeps of what was done, and how far it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """A time with a zone from which on and one up to which is read, both included; None where there is no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether a time lies in it."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment <= self.until)


@dataclass(frozen=True, slots=True)
class Trail:
    """One sort of what the server keeps of one object: `read` gives the rows of a window in the order of time.

    `address` is that of the object, `id` its own, and `time` the key under which a row has its time.
    `is_whole` is one that has all rows of its source, of whatever object.
    """

    source: str
    address: str
    id: int
    time: str
    read: Callable[[Window], Iterator[Row]]
    is_whole: bool = False
