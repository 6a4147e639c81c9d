"""A file of an audit: a line of JSON for each row, and what a file has of which trail."""

from __future__ import annotations

import json
import os
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from lsops.engine.files import PRIVATE
from lsops.errors import Malformed, UsageError
from lsops.manifest.findings import quote
from lsops.model.audit import Row, Trail
from lsops.server.in_time import mark, moment, written
from lsops.signs import json_line

LATE: Final = timedelta(minutes=2)
"""How much later than its time says a row may appear: a server notes the time before it stores the row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a trail, and its time."""

    source: str
    address: str
    id: int
    time: datetime
    row: Row

    def line(self) -> str:
        """The row as a line of a file: what it is of, its time in UTC, and all that the server says."""
        place = {"source": self.source, "address": self.address, "id": self.id, "time": written(self.time)}
        return json_line({**place, "row": self.row})


@dataclass(slots=True)
class _Tail:
    """The last rows of a trail: how late the last one is, and the marks of those shortly before it."""

    last: datetime
    recent: deque[tuple[datetime, int]] = field(default_factory=deque)
    marks: Counter[int] = field(default_factory=Counter)

    def add(self, time: datetime, number: int) -> None:
        self.last = max(self.last, time)
        self.recent.append((time, number))
        self.marks[number] += 1
        while self.recent[0][0] < self.last - LATE:
            self._drop(self.recent.popleft()[1])

    def _drop(self, number: int) -> None:
        self.marks[number] -= 1
        if not self.marks[number]:
            del self.marks[number]


@dataclass(slots=True)
class Known:
    """What was read before, by source and id: of each the last two minutes."""

    tails: dict[tuple[str, int], _Tail] = field(default_factory=dict)

    def last(self, trail: Trail) -> datetime | None:
        """The time of the last row of a trail."""
        tail = self.tails.get((trail.source, trail.id))
        return tail.last if tail is not None else None

    def has(self, trail: Trail, time: datetime, row: Row) -> bool:
        """Whether a row was read before; one that was there once is known once."""
        tail = self.tails.get((trail.source, trail.id))
        if tail is None or time > tail.last:
            return False
        number = mark(row)
        if tail.marks[number] <= 0:
            return False
        tail.marks[number] -= 1
        return True

    def add(self, document: Any) -> None:
        """Take a line of a file. Raises: KeyError, TypeError, ValueError, Malformed: it is none of an audit."""
        time, key = moment(document["time"], "time"), (str(document["source"]), int(document["id"]))
        tail = self.tails.setdefault(key, _Tail(time))
        tail.add(time, mark(document["row"]))


@contextmanager
def audit_file(path: Path) -> Iterator[tuple[Known, IO[bytes]]]:
    """A file of an audit, made if it is not there, with what it has; what is written goes behind that.

    A last line without its end, as a kill leaves it, is cut off. Only its owner may read a new one.

    Raises:
        UsageError: it cannot be read or written, or is no such file.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), PRIVATE)
    except OSError as problem:
        raise UsageError.of(f"-o: {path} cannot be written: {problem.strerror}", code="LS686") from problem
    with os.fdopen(handle, "r+b") as file:
        if not path.is_file():
            raise UsageError.of(f"-o: {path} is not a regular file", code="LS686")
        known, end = _read(file, path)
        file.seek(end)
        file.truncate()
        yield known, file


def _read(file: IO[bytes], path: Path) -> tuple[Known, int]:
    """What a file has, and where its last whole line ends."""
    known, end = Known(), 0
    for number, line in enumerate(file, 1):
        if not line.endswith(b"\n"):
            break
        try:
            known.add(json.loads(line))
        except (KeyError, TypeError, ValueError, RecursionError, AttributeError, Malformed) as problem:
            message = f"{quote(str(path))} is not a file of lsops audit: line {number}"
            raise UsageError.of(message, code="LS686", hint="name another file") from problem
        end += len(line)
    if not end and file.seek(0, os.SEEK_END):
        file.seek(0)
        if not file.read(1) == b"{":
            raise UsageError.of(
                f"{quote(str(path))} is not a file of lsops audit", code="LS686", hint="name another file"
            )
    return known, end
