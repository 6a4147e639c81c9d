"""Places that hold what is larger than memory: a folder of this machine, or one of an object store.

A place is written name by name, each whole or not at all, and read in parts. What is written is for its owner alone.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from lsops.depot.contract import Depot, Stored
from lsops.depot.local import LocalDepot
from lsops.errors import UsageError

__all__ = ["REMOTE", "Depot", "Stored", "depot_at", "is_remote"]

REMOTE = ("s3", "gs", "abfs")
"""The schemes of object stores that a manifest may name; the extra `remote` brings what reaches them."""


def is_remote(place: str) -> bool:
    """Whether a place is named by a URL, and not as a folder."""
    return "://" in place


def depot_at(place: str, here: Path = Path()) -> Depot:
    """The place of a folder, seen from `here`, or of a URL that fsspec knows.

    Raises: UsageError, where nothing can be reached by it.
    """
    if not is_remote(place):
        return LocalDepot(here / place)
    parts = urlsplit(place)
    named = parts.netloc or (parts.scheme not in REMOTE and parts.path.strip("/"))
    if "::" in place or not parts.scheme or not named:
        raise UsageError.of(f"{place} is no place: write a folder or one URL, such as s3://bucket/folder", code="LS655")
    from lsops.depot.remote import RemoteDepot

    return RemoteDepot(place)
