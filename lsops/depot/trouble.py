"""What goes wrong with places."""

from __future__ import annotations

import re

from lsops.errors import LsopsError

_PART = re.compile(r"(?!\.{1,2}$)[^/\\\x00-\x1f\x7f]+")


class DepotError(LsopsError):
    """A place cannot be written or read."""

    code = "LS656"


def checked(name: str) -> tuple[str, ...]:
    """The parts of a name. Raises: DepotError, where it could lead out of its place."""
    parts = tuple(name.split("/"))
    if not all(_PART.fullmatch(part) for part in parts):
        raise DepotError.of(f"{name!r} is no name of a content")
    return parts
