"""What goes wrong with snapshots."""

from __future__ import annotations

from lsops.errors import LsopsError


class SnapshotError(LsopsError):
    """The server did not make a snapshot, or what came is not it."""

    code = "LS657"


class Interruption(LsopsError):
    """A person wants no more of it."""

    code = "LS902"
