"""What somebody did: an entry of the server's activity log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """A request of somebody that was carried out.

    `time` is as the server writes it, `path` without the query, which may hold anything. `is_certain` says that the
    path names what it changed; else it is one of a collection, and may have changed something else in it.
    """

    time: str
    email: str
    method: str
    path: str
    status: str
    is_certain: bool = True
