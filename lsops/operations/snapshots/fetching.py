"""One file of a snapshot on its way from the server to its place."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator

from lsops.depot import Depot, Stored
from lsops.kinds.shelf import Shelf
from lsops.model.snapshot import PLAIN, Snapshot
from lsops.operations.snapshots.trouble import SnapshotError
from lsops.operations.snapshots.waiting import Patience
from lsops.server.download import Download

EVERY = 0.25
"""Seconds between two words on how far a download is."""
MIB = 1024 * 1024
ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})\"?\s*(;|$)")
Tell = Callable[[str], None]


def bytes_words(number: int) -> str:
    """`71 bytes`, `1.5 MiB`."""
    return f"{number / MIB:,.1f} MiB" if number >= MIB / 10 else f"{number:,} bytes"


def fetch(
    shelf: Shelf, snapshot: Snapshot, form: str, into: tuple[Depot, Callable[[str], str]], how: tuple[Patience, Tell]
) -> tuple[str, Stored]:
    """Download a snapshot in a format; `into` is a place, and what a name is for a file's ending.

    It is in its place only when it is whole, and, in the plain format, what the server's md5 says (facts 9: of a
    conversion the server tells none).

    Raises: SnapshotError, Interruption, ServerError, DepotError.
    """
    (depot, named), (patience, tell) = into, how
    with shelf.download(snapshot.id, form) as download:
        name = named(_ending(download))
        parts = _watched(download, form, patience, tell)
        stored = depot.write(name, _checked(parts, snapshot) if form == PLAIN else parts)
    return name, stored


def _ending(download: Download) -> str:
    """The ending of the name that the server gives; nothing else of that name is used."""
    found = ENDING.search(download.headers.get("content-disposition", ""))
    return found.group(1).lower() if found else "bin"


def _watched(download: Download, form: str, patience: Patience, tell: Tell) -> Iterator[bytes]:
    whole = f" of {download.size / MIB:,.1f}" if download.size else ""
    done, told = 0, time.monotonic()
    for part in download.parts():
        patience.heed()
        done += len(part)
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            tell(f"{form}: {done / MIB:,.1f}{whole} MiB")
        yield part


def _checked(parts: Iterator[bytes], snapshot: Snapshot) -> Iterator[bytes]:
    """The parts; what is not what the server has digested is refused after the last one, before it is in its place."""
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(part)
        yield part
    if snapshot.md5 and digest.hexdigest() != snapshot.md5:
        message = f"the download of snapshot {snapshot.id} has md5 {digest.hexdigest()}, the server says {snapshot.md5}"
        raise SnapshotError.of(message, code="LS660", hint="run it again")
