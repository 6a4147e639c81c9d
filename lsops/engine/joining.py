"""Saved plans of the shards of one manifest as the one plan that they make up. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from lsops.engine.planning.order import in_turn
from lsops.errors import Finding, UsageError
from lsops.model.plan import Change, Plan
from lsops.model.shard import Shard
from lsops.schema import kinds

T = TypeVar("T")
FEW = 20
"""How many missing shards are named."""


def as_one_plan(plans: Sequence[tuple[str, Plan]]) -> Plan:
    """The plans of several shards as one, each with the name of its file; a warning says which ones are missing.

    Raises:
        UsageError: they are not of one plan, or two are of one shard.
    """
    _refuse_strangers(plans)
    parts = sorted((one for _, one in plans), key=lambda one: _shard(one).index)
    missing = tuple(_missing(parts))
    return replace(
        parts[0],
        facts=replace(parts[0].facts, shard=None, created=max(one.facts.created for one in parts)),
        changes=tuple(_ordered(chain.from_iterable(one.changes for one in parts))),
        unchanged=sum(one.unchanged for one in parts),
        pending=_every(parts, lambda one: one.pending),
        unmanaged=_every(parts, lambda one: one.unmanaged),
        unmanaged_live=tuple(chain.from_iterable(one.unmanaged_live for one in parts)),
        unreadable=tuple(chain.from_iterable(one.unreadable for one in parts)),
        warnings=(*missing, *_every(parts, lambda one: one.warnings)),
        failures=_every(parts, lambda one: one.failures),
        left_out=_every(parts, lambda one: one.left_out),
        not_compared=_every(parts, lambda one: one.not_compared),
        invitations={at: who for one in parts for at, who in one.invitations.items()},
    )


def _every(parts: Iterable[Plan], told: Callable[[Plan], Iterable[T]]) -> tuple[T, ...]:
    """What any of the plans tells, once."""
    found: list[T] = []
    seen: set[str] = set()
    for item in chain.from_iterable(map(told, parts)):
        if (key := repr(item)) not in seen:
            seen.add(key)
            found.append(item)
    return tuple(found)


# ---- what belongs together -----------------------------------------------------------------------


def _refuse_strangers(plans: Sequence[tuple[str, Plan]]) -> None:
    """Raises: UsageError."""
    known: dict[Shard, str] = {}
    first, first_plan = plans[0]
    for name, one in plans:
        if (why := _why_apart(first_plan, one)) is not None:
            hint = "plan files are shown together that one lsops plan --shard i/n each made, for one server"
            raise UsageError.of(f"{name} is not of one plan with {first}: {why}", code="LS631", hint=hint)
        shard = _shard(one)
        if shard in known:
            raise UsageError.of(f"{name} is of shard {shard}, as {known[shard]} is", code="LS632")
        known[shard] = name


def _why_apart(first: Plan, one: Plan) -> str | None:
    pairs: tuple[tuple[str, Callable[[Plan], object]], ...] = (
        ("the server", lambda plan: plan.facts.url),
        ("the environment", lambda plan: plan.facts.environment),
        ("what it was compared with", lambda plan: (plan.base, plan.only_changed)),
    )
    if one.facts.shard is None or first.facts.shard is None:
        return "a plan of a whole manifest is shown alone"
    if one.facts.shard.count != first.facts.shard.count:
        return f"one was made for shard {first.facts.shard}, the other for {one.facts.shard}"
    return next((f"{what} is another" for what, of in pairs if of(one) != of(first)), None)


def _shard(plan: Plan) -> Shard:
    return plan.facts.shard or Shard(1, 1)


def _missing(parts: Sequence[Plan]) -> Iterator[Finding]:
    count = _shard(parts[0]).count
    there = {_shard(one).index for one in parts}
    gone = [str(index) for index in range(1, count + 1) if index not in there]
    if gone:
        names = ", ".join(gone[:FEW]) + (f" and {len(gone) - FEW} more" if len(gone) > FEW else "")
        what, verb = ("file of shard", "is") if len(gone) == 1 else ("files of shards", "are")
        message = f"the plan {what} {names} of {count} {verb} missing"
        yield Finding("LS633", message, hint="what those shards would change is not shown here", severity="warning")


# ---- in order ------------------------------------------------------------------------------------


def _ordered(changes: Iterable[Change]) -> Iterator[Change]:
    """As one plan has them: by their phases as the manifest writes them, each after what it requires; then deletes."""
    every = sorted(changes, key=_rank)
    yield from in_turn(change for change in every if change.action != "delete")
    yield from (change for change in reversed(every) if change.action == "delete")


def _rank(change: Change) -> tuple[int, str, int]:
    schema, place = kinds().get(change.kind), change.source
    phase = schema.phase if schema is not None else 0
    if schema is not None and change.part_of:
        phase = schema.phases.get(change.address.rpartition("/")[2], phase)
    return (phase, place.file, place.line) if place else (phase, "", 0)
