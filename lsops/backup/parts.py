"""Parts of JSON Lines: written in bounded sizes, and read with their checksums before their content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from lsops.backup.index import (
    INDEX,
    LARGEST_INDEX,
    LARGEST_PART,
    BackupIndex,
    BadBackup,
    Part,
    SavedEntry,
    damaged,
    parse_index,
    part_name,
    saved_file_name,
)
from lsops.backup.links import file_key
from lsops.depot import Depot
from lsops.errors import LsopsError

if TYPE_CHECKING:
    from typing_extensions import Self

SIZE = 4 * 1024 * 1024
"""Bytes after which a part is full; one line may be more."""


class PartWriter:
    """Writes lines into numbered parts of an entry, one in a thread of its own while the next one fills.

    It is a context: at its end nothing is being written any more.
    """

    def __init__(self, place: Depot, number: int, sort: str) -> None:
        self._place, self._number, self._sort = place, number, sort
        self._lines: list[bytes] = []
        self._size = 0
        self._parts: list[Part] = []
        self._worker = ThreadPoolExecutor(1)
        self._writing: Future[Part] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown()

    def add(self, line: str) -> None:
        """One more line, which holds no line end. Raises: LsopsError, where it is longer than a part may be."""
        data = line.encode("utf-8", "backslashreplace")
        size = len(data) + 1
        if size > LARGEST_PART:
            message = f"a line of {size:,} bytes is larger than a part of a backup may be"
            raise LsopsError.of(message, code="LS666", hint=f"the most is {LARGEST_PART:,}")
        if self._size and self._size + size > SIZE:
            self._flush()
        self._lines.append(data)
        self._size += size

    def done(self) -> tuple[Part, ...]:
        """Write the last part, delete those that a run before has left behind it; what there is."""
        if self._size:
            self._flush()
        self._settle()
        stale = len(self._parts) + 1
        while self._place.size(part_name(self._number, self._sort, stale)) is not None:
            self._place.remove(part_name(self._number, self._sort, stale))
            stale += 1
        return tuple(self._parts)

    def _flush(self) -> None:
        self._settle()
        name = part_name(self._number, self._sort, len(self._parts) + 1)
        self._writing = self._worker.submit(self._write, name, self._lines)
        self._lines, self._size = [], 0

    def _settle(self) -> None:
        """Wait for the part that is being written. Raises: DepotError, where it could not be."""
        if self._writing is not None:
            self._parts.append(self._writing.result())
            self._writing = None

    def _write(self, name: str, lines: list[bytes]) -> Part:
        stored = self._place.write(name, [b"\n".join((*lines, b""))])
        return Part(stored.size, stored.sha256, len(lines))


def read_index(place: Depot) -> BackupIndex:
    """The index of a backup. Raises: BadBackup."""
    size = place.size(INDEX)
    if size is None:
        hint = "an index is written last: run lsops backup again to its end"
        raise BadBackup.of(f"{place.place} holds no whole backup: it has no {INDEX}", hint=hint)
    if size > LARGEST_INDEX:
        raise damaged(f"{INDEX} is larger than {LARGEST_INDEX:,} bytes")
    return parse_index(_content(place, INDEX, size))


def part_lines(place: Depot, number: int, sort: str, parts: Iterable[Part]) -> Iterator[bytes]:
    """The lines of an entry's parts. Each part is held against its size and checksum before a line of it is given.

    Raises: BadBackup.
    """
    for index, part in enumerate(parts, 1):
        name = part_name(number, sort, index)
        data = _content(place, name, part.bytes)
        if sha256(data).hexdigest() != part.sha256:
            raise damaged(f"{name} has not the checksum that {INDEX} says")
        lines = data.split(b"\n")
        if len(lines) != part.rows + 1 or lines[-1]:
            raise damaged(f"{name} has not the {part.rows:,} lines that {INDEX} says")
        yield from lines[:-1]


def part_rows(place: Depot, number: int, sort: str, entry: SavedEntry) -> Iterator[dict[str, Any]]:
    """The objects in an entry's parts of a sort. Raises: BadBackup."""
    return (row for row, _ in sized_rows(place, number, sort, entry))


def sized_rows(place: Depot, number: int, sort: str, entry: SavedEntry) -> Iterator[tuple[dict[str, Any], int]]:
    """The same, each with the bytes of its line. Raises: BadBackup."""
    for line in part_lines(place, number, sort, entry.parts.get(sort, ())):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as problem:
            raise damaged(f"a line of the {sort} of {entry.address} is not JSON") from problem
        if not isinstance(row, dict):
            raise damaged(f"a line of the {sort} of {entry.address} is no object")
        yield row, len(line)


def check_backup(place: Depot, index: BackupIndex) -> None:
    """Hold every part and every file against the index. Raises: BadBackup, for the first that differs."""
    for number, entry in enumerate(index.entries, 1):
        for sort, parts in entry.parts.items():
            if sort != "files":
                for _ in part_lines(place, number, sort, parts):
                    pass
        for row in part_rows(place, number, "files", entry):
            for _ in file_pieces(place, number, row):
                pass


def file_pieces(place: Depot, number: int, row: dict[str, Any]) -> Iterator[bytes]:
    """The content of an uploaded file in pieces; whoever takes the last one knows that all were right.

    Raises: BadBackup, where it has not the size and the checksum of its row, at the end.
    """
    link, size, digest = row.get("link"), row.get("bytes"), row.get("sha256")
    if not isinstance(link, str) or type(size) is not int or not isinstance(digest, str):
        raise damaged("a row of uploaded files is not what it must be")
    name = saved_file_name(number, file_key(link))
    _refuse_size(place, name, size)
    found, read = sha256(), 0
    for piece in place.read(name) if size else ():
        read += len(piece)
        found.update(piece)
        if read > size:
            break
        yield piece
    if read != size or found.hexdigest() != digest:
        raise damaged(f"{name} has not the size and the checksum that its row says")


def _content(place: Depot, name: str, size: int) -> bytes:
    """A file of exactly that size. Raises: BadBackup; what has another size is not opened."""
    _refuse_size(place, name, size)
    data = bytearray()
    for piece in place.read(name) if size else ():
        data += piece
        if len(data) > size:
            break
    if len(data) != size:
        raise damaged(f"{name} has not the {size:,} bytes that it must have")
    return bytes(data)


def _refuse_size(place: Depot, name: str, size: int) -> None:
    found = place.size(name)
    if found is None:
        raise damaged(f"{name} is missing")
    if found != size:
        raise damaged(f"{name} has {found:,} bytes and not {size:,}")
