"""What must be allowed before the first write: deletes by number, data loss by address (the design's section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from shlex import quote

from lsops.engine.needs import Consent, data_loss
from lsops.engine.planning.lookalikes import refusals
from lsops.engine.words import called, quoted_key
from lsops.errors import Finding, LsopsError
from lsops.kinds import registry
from lsops.kinds.capabilities import Recounts, Vetoes
from lsops.model.plan import Change, Plan
from lsops.server.session import Session

FEW = 5
"""How many names a refusal says."""


class Grown(LsopsError):
    """What a change would lose came after its loss was agreed to, or was none."""

    code = "LS808"


def objections(plan: Plan, consent: Consent, count: Callable[[Change], Change]) -> tuple[Finding, ...]:
    """Why the plan may not be applied, checked for the whole of it before the first write.

    `count` gives a change with what it loses counted anew; a count of None counts as full.
    """
    return tuple(_objections(plan, consent, count))


def _objections(plan: Plan, consent: Consent, count: Callable[[Change], Change]) -> Iterable[Finding]:
    yield from refusals(plan.changes)
    for change in plan.changes:
        kind = registry()[change.kind]
        if isinstance(kind, Vetoes):
            yield from kind.veto(change, plan.facts)
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


def recount(session: Session) -> Callable[[Change], Change]:
    """A counter that asks the server now; what it does not say counts as full."""

    def count(change: Change) -> Change:
        try:
            return _recounted(change, session)
        except LsopsError as error:
            unknown = f"what it would orphan cannot be counted: {error}"
            return replace(change, destroys=dict.fromkeys(change.destroys or {}), orphans=change.orphans or (unknown,))

    return count


def _recounted(change: Change, session: Session) -> Change:
    """The change with what it loses counted now; most kinds lose nothing. Raises: ServerError."""
    kind = registry()[change.kind]
    return kind.recounted(session, change) if isinstance(kind, Recounts) else change


def misnamed(plan: Plan) -> Iterator[Change]:
    """The deletes and replaces of live objects that are called otherwise than their addresses say."""
    return (change for change in plan.changes if change.needs_consent and quoted_key(change))


def _under_other_names(plan: Plan) -> str:
    names = [called(change) for change in misnamed(plan)]
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f": among them {', '.join(names[:FEW])}{more}" if names else ""


def _named(change: Change) -> str:
    return called(change) if quoted_key(change) else change.address


def still_agreed(change: Change, agreed: frozenset[str], session: Session) -> None:
    """Count once more what a change loses, directly before it is made: deletes run last, and people work meanwhile.

    Raises:
        Grown: there is something to lose now that nobody agreed to.
        ServerError: it cannot be counted.
    """
    if change.action == "create" or change.address in agreed:
        return
    if loss := data_loss(_recounted(change, session)):
        hint = f"plan again and review it; if that is meant: --allow-data-loss {quote(change.address)}"
        raise Grown.of(f"not made, because what it would lose came after it was agreed to: {loss}", hint=hint)


def _past(change: Change) -> str:
    return "deleted" if change.action == "delete" else "replaced"
