"""Waiting until the server is done with a snapshot or a conversion."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Stop
from typing import Final

from lsops.errors import ServerError
from lsops.kinds.shelf import Shelf
from lsops.model.snapshot import PLAIN, Conversion, Snapshot
from lsops.operations.snapshots.trouble import Interruption, SnapshotError
from lsops.server.waiting import may_go_on, pauses

WAIT = 600.0
"""Seconds that are waited for a snapshot, and for each conversion, where nobody says how long."""
LATE: Final = 408
"""What a server answers that has waited for the rest of a request, and may have all of it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for each step, and what ends all of it at once."""

    seconds: float
    stop: Stop

    def heed(self) -> None:
        """Raises: Interruption."""
        if self.stop.is_set():
            raise Interruption.of("interrupted")

    def until(self, look: Callable[[], Snapshot | None], is_over: Callable[[Snapshot], bool], what: str) -> Snapshot:
        """Look until it is over. Raises: SnapshotError, Interruption, ServerError."""
        ends, waits = time.monotonic() + self.seconds, pauses()
        while True:
            seen = look()
            if seen is not None and is_over(seen):
                return seen
            if time.monotonic() >= ends:
                raise SnapshotError.of(f"{what} was not over after {self.seconds:g} s", hint="--wait-timeout S")
            self.stop.wait(min(next(waits), max(0.0, ends - time.monotonic())))
            self.heed()


def is_unsure(error: ServerError) -> bool:
    """Whether what was asked for may be done all the same."""
    return may_go_on(error) or error.status == LATE


def have_converted(shelf: Shelf, number: int, name: str, patience: Patience) -> None:
    """Have a snapshot in a format. One that failed before cannot be tried again: the server refuses a second try.

    Raises: SnapshotError, Interruption, ServerError.
    """
    if name == PLAIN:
        return
    known = shelf.look(number).conversions.get(name)
    if known is None:
        try:
            shelf.convert(number, name)
        except ServerError as error:
            if not is_unsure(error):
                raise
    done = patience.until(
        lambda: shelf.look(number), lambda seen: _of(seen, name).phase != "running", f"the conversion to {name}"
    )
    if _of(done, name).phase == "failed":
        raise SnapshotError.of(f"the conversion to {name} failed: {_of(done, name).reason or 'it does not say why'}")


def _of(snapshot: Snapshot, name: str) -> Conversion:
    return snapshot.conversions.get(name, Conversion("running"))
