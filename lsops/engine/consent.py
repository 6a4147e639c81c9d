"""What must be allowed before the first write: deletes by number, data loss by address (the design's section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from shlex import quote

from lsops.engine.lookalikes import refusals
from lsops.engine.words import called, counted, quoted_key
from lsops.errors import Finding, LsopsError
from lsops.kinds import registry
from lsops.model import Change, Plan
from lsops.server import Session

FEW = 5
"""How many names a refusal says."""


class Grown(LsopsError):
    """What a change would lose came after its loss was agreed to, or was none."""

    code = "LS808"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the operator allowed: a number of deletes, and addresses whose data may be lost."""

    deletes: int = 0
    data_loss: frozenset[str] = frozenset()


NOTHING = Consent()


def objections(plan: Plan, consent: Consent, count: Callable[[Change], Change]) -> tuple[Finding, ...]:
    """Why the plan may not be applied, checked for the whole of it before the first write.

    `count` gives a change with what it loses counted anew; a count of None counts as full.
    """
    return tuple(_objections(plan, consent, count))


def _objections(plan: Plan, consent: Consent, count: Callable[[Change], Change]) -> Iterable[Finding]:
    yield from refusals(plan.changes)
    for change in plan.changes:
        yield from registry()[change.kind].refusals(change, plan.facts)
        if change.protected:
            message = f"{_named(change)} is protected (lifecycle.protect) and would be {_past(change)}"
            yield Finding("LS806", message, change.address, change.source)
    if plan.consents > consent.deletes:
        message = f"the plan deletes or replaces {plan.consents}, {consent.deletes} allowed"
        yield Finding(
            "LS803", message + _under_other_names(plan), hint=f"if that is meant: --allow-deletes {plan.consents}"
        )
    for change in plan.changes:
        if change.address not in consent.data_loss and (loss := data_loss(change, count)):
            hint = f"if that is meant: --allow-data-loss {quote(change.address)}"
            yield Finding("LS804", f"{_named(change)}: {loss}", change.address, change.source, hint)


def data_loss(change: Change, count: Callable[[Change], Change] = lambda change: change) -> str:
    """What a change would lose for good, in words; empty for nothing."""
    found = count(change)
    destroys = (change.action in ("delete", "replace") and change.destroys and found.destroys) or {}
    if any(number is None or number > 0 for number in destroys.values()):
        return "deletes " + ", ".join(counted(n, what) for what, n in destroys.items())
    return "; ".join(found.orphans)


def recount(session: Session) -> Callable[[Change], Change]:
    """A counter that asks the server now; what it does not say counts as full."""

    def count(change: Change) -> Change:
        try:
            return registry()[change.kind].recounted(session, change)
        except LsopsError as error:
            unknown = f"what it would orphan cannot be counted: {error}"
            return replace(change, destroys=dict.fromkeys(change.destroys or {}), orphans=change.orphans or (unknown,))

    return count


def refused(plan: Plan) -> str:
    """What `apply` will refuse whatever is allowed: `1 protected, 1 look-alike`; empty for nothing."""
    protected = sum(change.protected for change in plan.changes)
    alike = sum(bool(change.looks_like) for change in plan.changes)
    parts = [f"{protected} protected"] if protected else []
    return ", ".join([*parts, *([counted(alike, "look-alikes")] if alike else [])])


def misnamed(plan: Plan) -> Iterator[Change]:
    """The deletes and replaces of live objects that are called otherwise than their addresses say."""
    return (change for change in plan.changes if change.needs_consent and quoted_key(change))


def _under_other_names(plan: Plan) -> str:
    names = [called(change) for change in misnamed(plan)]
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f": among them {', '.join(names[:FEW])}{more}" if names else ""


def _named(change: Change) -> str:
    return called(change) if quoted_key(change) else change.address


def agreeing(plan: Plan, addresses: Iterable[str]) -> Plan:
    """The plan with the addresses whose data may be lost, however much it is by then."""
    return replace(plan, context=replace(plan.context, agreed=frozenset(addresses)))


def still_agreed(plan: Plan, change: Change, session: Session) -> None:
    """Count once more what a change loses, directly before it is made: deletes run last, and people work meanwhile.

    Raises:
        Grown: there is something to lose now that nobody agreed to.
        ServerError: it cannot be counted.
    """
    if change.action == "create" or change.address in plan.context.agreed:
        return
    if loss := data_loss(registry()[change.kind].recounted(session, change)):
        hint = f"plan again and review it; if that is meant: --allow-data-loss {quote(change.address)}"
        raise Grown.of(f"not made, because what it would lose came after it was agreed to: {loss}", hint=hint)


def _past(change: Change) -> str:
    return "deleted" if change.action == "delete" else "replaced"
