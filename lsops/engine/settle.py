"""After a POST whose answer was lost: what is there decides, nothing is sent twice (the design's section 6)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from lsops.engine.attempt import Attempt
from lsops.errors import Finding, LsopsError, ResultUnknown, ServerError
from lsops.kinds import Where
from lsops.masking import mask_urls
from lsops.server.session import Session

PAUSE = 1.0
"""Seconds between two looks."""

ANSWERED = 5.0
"""Seconds to look after a 500, which says that the server has ended with the request; after a lost answer, or a
gateway's 502 to 504, it may still be at it."""


class Unsettled(LsopsError):
    """Nobody knows whether the object was made, or it was made twice."""

    code = "LS708"


def settle(session: Session, lost: Attempt, cause: ServerError) -> Mapping[str, Any]:
    """The row that the POST made: the one with that key whose id was not known before.

    Raises:
        Unsettled: none appears in time, or several do.
        ServerError: the cause itself, where the server said that it failed and nothing was made.
    """
    answered = 400 <= (cause.status or 0) <= 500
    ends = time.monotonic() + _patience(cause.status, session.settings.settle_timeout)
    while True:
        fresh = _fresh(session, lost)
        if len(fresh) == 1:
            return lost.kind.get(session, Where(fresh[0]["id"], lost.where.type, lost.where.parent))
        if fresh:
            raise _twice(lost.name, fresh) from cause
        if time.monotonic() >= ends:
            raise cause if answered else _unknown(cause) from cause
        time.sleep(min(PAUSE, max(0.0, ends - time.monotonic())))


def _fresh(session: Session, lost: Attempt) -> list[dict[str, Any]]:
    """New rows that the create can have made; none while the server does not answer."""
    try:
        return lost.fresh(lost.kind.rows(session, lost.where))
    except ServerError:
        return []


def _patience(status: int | None, most: float) -> float:
    """Seconds to look; after a refusal once is enough, for nothing goes on behind it."""
    if status == 500:
        return min(most, ANSWERED)
    return 0.0 if 400 <= (status or 0) < 500 else most


def _unknown(cause: ServerError) -> LsopsError:
    message = f"result unknown; run again ({cause})"
    return Unsettled([Finding(ResultUnknown.code, message, hint="the next run finds it, should it be there")])


def _twice(key: str, fresh: list[dict[str, Any]]) -> LsopsError:
    ids = ", ".join(str(row["id"]) for row in fresh)
    return Unsettled(
        [Finding(ResultUnknown.code, f'"{mask_urls(key)}" was made more than once: ids {ids}', hint="delete one")]
    )
