"""What became of work on data: syncs, snapshots, backups and the like, which change no resource of a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lsops.errors import Finding
from lsops.model.live import Facts

End = Literal["done", "started", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing that was to be done at an address, and how it ended: `told` says so in words, `facts` in numbers.

    What was `started` goes on without lsops. A `finding` says why it failed where a file or a line is known.
    """

    address: str
    end: End
    told: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Errands:
    """All that one run of a verb was to do, in the order in which it was asked for.

    `interrupted` says that a person stopped it; what had not begun by then is `skipped`.
    """

    verb: str
    server: Facts
    items: tuple[Errand, ...] = ()
    interrupted: bool = False

    def count(self, end: End) -> int:
        """How many ended so."""
        return sum(item.end == end for item in self.items)

    @property
    def complete(self) -> bool:
        """Whether nothing failed and nothing was left."""
        return not (self.count("failed") or self.count("skipped"))
