"""The server's own switch that forbids to change members of projects; this module holds no kind.

With `MANUAL_PROJECT_MEMBER_MANAGEMENT=false` in its environment a server refuses such calls, and no flag of the API
shows it (Enterprise facts 12): all that can be known is that somebody was refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from lsops.errors import ServerError

SWITCHED_OFF = (
    "may the token's owner manage members there? if so, the server has MANUAL_PROJECT_MEMBER_MANAGEMENT=false, which "
    "nothing shows: leave members to your identity provider, or have it switched on"
)
REFUSALS = (403, 405)
"""What such a refusal may be; which one it is, is not known."""


@contextmanager
def telling_of_the_switch() -> Iterator[None]:
    """With a hint at what may be behind a refusal. Raises: ServerError."""
    try:
        yield
    except ServerError as error:
        if error.status not in REFUSALS:
            raise
        found = [replace(one, hint=SWITCHED_OFF) for one in error.findings]
        raise type(error)(found, status=error.status, sent=error.sent) from error
