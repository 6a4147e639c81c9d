"""What became of the changes of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lsops.errors import Finding, Source
from lsops.model.errand import Errand
from lsops.model.plan import Action, Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one change: `done`, `failed` or `skipped`, with the reason of the latter two."""

    address: str
    action: Action
    outcome: Literal["done", "failed", "skipped"]
    id: int | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()
    source: Source | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Throttled:
    """How many answers were 429, and for how many seconds everything waited because of them."""

    answers: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of an apply, one per change, in the order in which they ended; `errands` are what came then."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    interrupted: bool = False
    throttled: Throttled = Throttled()
    errands: tuple[Errand, ...] = ()

    def count(self, outcome: str) -> int:
        """How many changes ended so."""
        return sum(item.outcome == outcome for item in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether every change was done, and what came then."""
        return self.count("done") == len(self.plan.changes) and all(one.end == "done" for one in self.errands)
