"""Files that the sandbox holds: exports and uploads, in parts, so that none is ever in memory as a whole.

They lie in the database beside everything else: a sandbox stays one file, and a project takes its files along.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator

from lsops.sandbox.resource import Answer, Call
from lsops.sandbox.store import Column, Document, Store, Table

PART = 256 * 1024
"""Bytes of a part; only a file's last one is smaller."""

TABLES = (
    Table("file", (Column("project", references="project"), Column("name"))),
    Table("file_part", (Column("file", references="file"), Column("number"))),
)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def keep(store: Store, project: int, name: str, chunks: Iterable[bytes]) -> Document:
    """A new file of what the chunks have; it knows its `size` in bytes and its `md5`."""
    file = store.insert("file", {"project": project, "name": name, "size": 0, "md5": ""})
    digest = hashlib.md5(usedforsecurity=False)
    size = 0
    for number, part in enumerate(_parts(chunks)):
        digest.update(part)
        size += len(part)
        text = b64encode(part).decode("ascii")
        store.insert("file_part", {"file": file["id"], "number": number, "content": text})
    kept = {**file, "size": size, "md5": digest.hexdigest()}
    store.replace("file", kept)
    return kept


def rename(store: Store, file: Document, name: str) -> None:
    """Give the file another name."""
    store.replace("file", {**file, "name": name})


def read(store: Store, file: Document, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` up to `stop`, part after part; the store is asked for each one as it is wanted."""
    end = file["size"] if stop is None else min(stop, file["size"])
    for number in range(start // PART, -(-end // PART)):
        found = store.find("file_part", "file = ? AND number = ?", (file["id"], number))
        if not found:
            return
        content = b64decode(found[0]["content"])
        base = number * PART
        yield content[max(start - base, 0) : end - base]


def sent(call: Call, file: Document, *, media: str, headers: dict[str, str]) -> Answer:
    """The file as an answer, or the one range of it that the request asks for."""
    wanted = _RANGE.fullmatch(call.byte_range.strip())
    if wanted is None or not any(wanted.groups()):
        return Answer(read(call.store, file), headers=headers, media=media, stream=True)
    start, stop = _bounds(wanted[1], wanted[2], file["size"])
    told = {
        "Accept-Ranges": "bytes",
        "Content-Range": f"bytes {start}-{stop - 1}/{file['size']}",
        "Content-Length": str(stop - start),
    }
    return Answer(read(call.store, file, start, stop), 206, {**headers, **told}, media, stream=True)


def aside(chunks: Iterable[bytes]) -> tuple[int, Iterator[bytes]]:
    """What the chunks have, put aside on disk at once: its size in bytes, and its parts, which can be taken once.

    For answers that are larger than memory and of one moment: they are sent after the request's transaction.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by who takes the parts
    file.writelines(chunks)
    size = file.tell()

    def parts() -> Iterator[bytes]:
        with file:
            file.seek(0)
            while part := file.read(PART):
                yield part

    return size, parts()


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Where a range begins and ends; `-5` are the last five bytes."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PART:
            yield bytes(waiting[:PART])
            del waiting[:PART]
    if waiting:
        yield bytes(waiting)
