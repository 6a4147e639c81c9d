"""What a plan asks of whoever applies it, as words and flags: pure, so that it can be shown without a server.

Whether it may be applied is judged by `lsops.engine.consent`, which counts again what is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from shlex import quote

from lsops.engine.words import counted
from lsops.model.plan import Change, Plan


@dataclass(frozen=True, slots=True)
class Consent:
    """What the operator allowed: a number of deletes, and addresses whose data may be lost."""

    deletes: int = 0
    data_loss: frozenset[str] = frozenset()


NOTHING = Consent()


def data_loss(change: Change, count: Callable[[Change], Change] = lambda change: change) -> str:
    """What a change would lose for good, in words; empty for nothing."""
    found = count(change)
    destroys = (change.action in ("delete", "replace") and change.destroys and found.destroys) or {}
    if any(number is None or number > 0 for number in destroys.values()):
        return "deletes " + ", ".join(counted(n, what) for what, n in destroys.items())
    return "; ".join(found.orphans)


def needed_flags(plan: Plan, given: Consent = NOTHING) -> Iterator[str]:
    """The flags that `apply` will ask for beyond those given; a plan itself is never blocked."""
    if plan.consents > given.deletes:
        yield f"--allow-deletes {plan.consents}"
    losing = (change.address for change in plan.changes if data_loss(change))
    yield from (f"--allow-data-loss {quote(address)}" for address in losing if address not in given.data_loss)


def refused(plan: Plan) -> str:
    """What `apply` will refuse whatever is allowed: `1 protected, 1 look-alike`; empty for nothing."""
    protected = sum(change.protected for change in plan.changes)
    alike = sum(bool(change.looks_like) for change in plan.changes)
    parts = [f"{protected} protected"] if protected else []
    parts += [counted(alike, "look-alikes")] if alike else []
    return ", ".join([*parts, *(["denied by a policy"] if plan.denials else [])])
