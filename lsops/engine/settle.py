"""After a POST whose answer was lost: what is there decides, nothing is sent twice (the design's section 6)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from lsops.errors import Finding, LsopsError, ResultUnknown, ServerError, Unreachable
from lsops.kinds import Kind, Where
from lsops.server import Session

PAUSE = 1.0
"""Seconds between two looks."""

ANSWERED = 5.0
"""Seconds to look after a 500, which says that the server has ended with the request; after a lost answer, or a
gateway's 502 to 504, it may still be at it."""


class Unsettled(LsopsError):
    """Nobody knows whether the object was made, or it was made twice."""

    code = "LS708"


def settle(
    session: Session,
    kind: Kind,
    where: Where,
    *,
    key: str,
    known: frozenset[tuple[str | None, int | None]],
    cause: ServerError,
) -> Mapping[str, Any]:
    """The row that the POST made: the one with that key whose id was not known before.

    Raises:
        Unsettled: none appears in time, or several do.
        ServerError: the cause itself, where the server said that it failed and nothing was made.
    """
    patience = session.settings.settle_timeout
    answered = cause.status == 500
    ends = time.monotonic() + (min(patience, ANSWERED) if answered else patience)
    while True:
        fresh = _fresh(session, kind, where, key, known)
        if len(fresh) == 1:
            return kind.get(session, Where(fresh[0]["id"], where.type, where.parent))
        if fresh:
            raise _twice(key, fresh) from cause
        if time.monotonic() >= ends:
            raise cause if answered else _unknown(cause) from cause
        time.sleep(min(PAUSE, max(0.0, ends - time.monotonic())))


def _fresh(
    session: Session, kind: Kind, where: Where, key: str, known: frozenset[tuple[str | None, int | None]]
) -> list[dict[str, Any]]:
    """New rows with the key; none while the server does not answer."""
    try:
        rows = kind.rows(session, where)
    except (Unreachable, ServerError):
        return []
    return [row for row in rows if kind.key_of(row) == key and (where.type, row.get("id")) not in known]


def _unknown(cause: ServerError) -> LsopsError:
    message = f"result unknown; run again ({cause})"
    return Unsettled([Finding(ResultUnknown.code, message, hint="the next run finds it, should it be there")])


def _twice(key: str, fresh: list[dict[str, Any]]) -> LsopsError:
    ids = ", ".join(str(row["id"]) for row in fresh)
    return Unsettled([Finding(ResultUnknown.code, f'"{key}" was made more than once: ids {ids}', hint="delete one")])
