"""What an apply tells while it runs; progress bars, logs, the audit file and tests listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

EventName = Literal["started", "progress", "done", "failed", "skipped", "retrying"]


@dataclass(frozen=True, slots=True)
class Event:
    """One step of one change, or of what is done at an address besides; `seconds` is how long one that ended took."""

    event: EventName
    address: str
    kind: str
    action: str
    id: int | None = None
    seconds: float | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The event without what it lacks, for a line of JSON."""
        pairs = {
            "event": self.event,
            "address": self.address,
            "kind": self.kind,
            "action": self.action,
            "id": self.id,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "reason": self.reason or None,
        }
        return {key: value for key, value in pairs.items() if value is not None}


Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """A listener that does nothing."""
    del event
