"""`apply(plan) -> Report`: makes the calls of a plan, in its order, and tells what happened to each change."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby

from lsops.engine.events import Event, Listener, ignore
from lsops.engine.twins import Twin, Verdicts
from lsops.engine.write import NotKept, Writer, bulk_of
from lsops.errors import LsopsError, Rejected, Unauthorized, Unreachable, placed
from lsops.kinds import registry
from lsops.kinds.capabilities import Bulk, StandsInOrder
from lsops.manifest import Vault
from lsops.model.address import parent
from lsops.model.plan import Change, Plan
from lsops.model.report import Outcome, Report
from lsops.server.session import Session
from lsops.server.settings import Exchange

DOWN = "the server cannot be reached"
STOPPED = "interrupted"


@dataclass(frozen=True, slots=True)
class _Ended:
    """A change that was carried out, and in how many seconds."""

    change: Change
    outcome: Outcome
    seconds: float


@dataclass
class _Run:
    """An apply in progress. `broken` says why nothing more is tried, once that is so.

    `held` is what was carried out and is not told yet, because nobody has looked whether it is alone.
    """

    writer: Writer
    plan: Plan
    listen: Listener
    stop: threading.Event
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    broken: str = ""
    held: dict[str, _Ended] = field(default_factory=dict)
    current: dict[int, Change] = field(default_factory=dict)

    def note(self, exchange: Exchange) -> None:
        """Tell that a request of the change in this thread is sent again."""
        change = self.current.get(threading.get_ident())
        if exchange.retrying and change is not None:
            reason = f"{exchange.method} {exchange.path}: {exchange.status or 'no answer'}"
            self.listen(Event("retrying", change.address, change.kind, change.action, reason=reason))


def apply(
    plan: Plan,
    session: Session,
    vault: Vault,
    *,
    listen: Listener = ignore,
    stop: threading.Event | None = None,
    agreed: frozenset[str] = frozenset(),
) -> Report:
    """Carry out every change; a change whose requirement failed is skipped, independent ones go on.

    Writes are serial on Community, whose bundled server doubles concurrent creates; deletes are alone everywhere
    (Community facts 1.7). After `stop` is set the calls in flight end and no other starts. `agreed` are the addresses
    whose data may be lost, however much it is by then.
    """
    halt = stop or threading.Event()
    run = _Run(Writer(session, vault, plan, agreed, is_stopped=halt.is_set), plan, listen, halt)
    session.observers.append(run.note)
    try:
        for batch in _batches(plan.changes, session.write_concurrency):
            _together(run, batch)
    finally:
        session.observers.remove(run.note)
    outcomes = tuple(run.outcomes.values())
    return Report(plan, outcomes, interrupted=run.stop.is_set(), throttled=session.pacer.throttled)


def _batches(changes: Sequence[Change], width: int) -> Iterator[list[Change]]:
    """Changes that may run side by side, or as one call: of one kind and action, none requiring another.

    Deletes are alone, but those of a kind whose changes under one parent are one call. Creates are together even where
    they are made one after the other: they are looked after together.
    """
    for (_, action, _, is_one_call), group in groupby(changes, key=_batch_of):
        if is_one_call:
            yield list(group)
        elif action in ("delete", "replace") or (width <= 1 and action != "create"):
            yield from ([change] for change in group)
        else:
            yield from _independent(group)


def _batch_of(change: Change) -> tuple[str, str, str, bool]:
    resource, is_one_call = change.after or change.before, bulk_of(change) is not None
    return change.kind, change.action, resource.parent if resource and is_one_call else "", is_one_call


def _independent(changes: Iterable[Change]) -> Iterator[list[Change]]:
    batch: list[Change] = []
    addresses: set[str] = set()
    for change in changes:
        if not addresses.isdisjoint(change.requires):
            yield batch
            batch, addresses = [], set()
        batch.append(change)
        addresses.add(change.address)
    yield batch


def _together(run: _Run, batch: list[Change]) -> None:
    """What later batches require is told by the end; after a second Ctrl-C nobody looks any more."""
    bulk = bulk_of(batch[0])
    try:
        if bulk is not None and len(batch) > 1:
            _many(run, bulk, batch)
        elif min(run.writer.session.write_concurrency, len(batch)) > 1:
            _side_by_side(run, batch)
        else:
            _one_by_one(run, batch)
        _tell_alone(run, run.writer.rest_looked_after())
    finally:
        _tell_alone(run, dict.fromkeys(tuple(run.held)))


def _side_by_side(run: _Run, batch: list[Change]) -> None:
    pool = ThreadPoolExecutor(run.writer.session.write_concurrency)
    try:
        list(pool.map(lambda lane: _one_by_one(run, lane), _lanes(batch)))
    finally:
        # After a second Ctrl-C nobody waits for the calls in flight; else there are none.
        pool.shutdown(wait=False, cancel_futures=True)


def _one_by_one(run: _Run, changes: Iterable[Change]) -> None:
    for change in changes:
        _one(run, change)


def _lanes(batch: Iterable[Change]) -> list[list[Change]]:
    """What stands in an order is made in that of the manifest, one after the other under each parent."""
    lanes: dict[str, list[Change]] = {}
    for change in batch:
        is_in_order = isinstance(registry()[change.kind], StandsInOrder)
        lanes.setdefault(parent(change.address) if is_in_order else change.address, []).append(change)
    return list(lanes.values())


def _many(run: _Run, kind: Bulk, batch: list[Change]) -> None:
    """One call for all; where the server refuses it, one after the other, so that only who is refused has failed."""
    todo = [change for change in batch if not _skipped(run, change)]
    if not todo:
        return
    started = time.monotonic()
    run.current[threading.get_ident()] = todo[0]
    try:
        failures = run.writer.carry_out_many(kind, todo)
    except Rejected:
        for change in todo:
            _one(run, change)
        return
    except LsopsError as error:
        failures = dict.fromkeys((change.address for change in todo), error)
    except Exception as bug:  # noqa: BLE001  # as above
        failures = dict.fromkeys((change.address for change in todo), _bug(bug))
    for change in todo:
        run.listen(Event("started", change.address, change.kind, change.action))
        failure = failures[change.address]
        outcome = _failed(run, change, failure) if failure else _done(run, change)
        _end(run, change, outcome, time.monotonic() - started)


def _one(run: _Run, change: Change) -> None:
    if _skipped(run, change):
        return
    run.listen(Event("started", change.address, change.kind, change.action))
    started = time.monotonic()
    run.current[threading.get_ident()] = change
    try:
        outcome = _done(run, change, run.writer.carry_out(change))
    except LsopsError as error:
        outcome = _failed(run, change, error)
    except Exception as bug:  # noqa: BLE001  # the report of what was done must survive a bug
        outcome = _failed(run, change, _bug(bug))
    run.held[change.address] = _Ended(change, outcome, time.monotonic() - started)
    try:
        found = run.writer.looked_after(change)
    except Exception as bug:  # noqa: BLE001  # as above
        found = {change.address: _bug(bug)}
    _tell_alone(run, found)


def _tell_alone(run: _Run, found: Verdicts) -> None:
    """Tell of changes that were looked after. What failed by itself stays so, but that it is there twice is more."""
    for address, error in found.items():
        ended = run.held.pop(address, None)
        if ended is None:
            continue
        outcome = ended.outcome
        if error is not None and (outcome.outcome == "done" or isinstance(error, Twin)):
            outcome = _failed(run, ended.change, error)
        _end(run, ended.change, outcome, ended.seconds)


def _skipped(run: _Run, change: Change) -> bool:
    reason = _reason_to_skip(run, change)
    if reason:
        _end(run, change, Outcome(change.address, change.action, "skipped", reason=reason, source=change.source))
    return bool(reason)


def _reason_to_skip(run: _Run, change: Change) -> str:
    if run.stop.is_set():
        return STOPPED
    if run.broken:
        return run.broken
    for address in change.requires:
        outcome = run.outcomes.get(address)
        unmade = run.writer.id_of(address) is None and (outcome is None or outcome.outcome != "done")
        unchanged = outcome is not None and outcome.action in ("update", "delete") and outcome.outcome != "done"
        if unmade or unchanged:
            return f"{address} {outcome.outcome if outcome else _why_unmade(run, address)}"
    return ""


def _why_unmade(run: _Run, address: str) -> str:
    is_elsewhere = address in run.plan.pairs.desired.elsewhere
    return "is another shard's to do, and not done yet: run again after it" if is_elsewhere else "is not in the plan"


def _done(run: _Run, change: Change, number: int | None = None) -> Outcome:
    found = number or run.writer.id_of(change.address) or change.remote_id.get("id")
    warnings = (*change.warnings, *run.writer.remarks.get(change.address, ()))
    return Outcome(change.address, change.action, "done", id=found, warnings=warnings, source=change.source)


def _bug(bug: Exception) -> LsopsError:
    return LsopsError.of(f"lsops met a bug: {type(bug).__name__}: result unknown", code="LS901")


def _failed(run: _Run, change: Change, error: LsopsError) -> Outcome:
    if isinstance(error, Unauthorized) or (isinstance(error, Unreachable) and not error.sent):
        run.broken = str(error) if isinstance(error, Unauthorized) else DOWN
    return Outcome(
        change.address,
        change.action,
        "failed",
        id=_known_id(run, change, error),
        reason=_reason(error),
        source=change.source,
        finding=placed(error, change.address, change.source)[0],
    )


def _known_id(run: _Run, change: Change, error: LsopsError) -> int | None:
    if isinstance(error, Twin):
        return error.made
    return run.writer.id_of(change.address) or change.remote_id.get("id")


def _reason(error: LsopsError) -> str:
    hints = [finding.hint for finding in error.findings if finding.hint and not isinstance(error, NotKept)]
    return "; ".join([str(error), *hints[:1]])


def _end(run: _Run, change: Change, outcome: Outcome, seconds: float | None = None) -> None:
    run.outcomes[change.address] = outcome
    event = Event(
        outcome.outcome, change.address, change.kind, change.action, outcome.id, seconds, reason=outcome.reason
    )
    run.listen(event)
