"""Syncs: starts them, and waits until the server is done with them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from lsops.engine.events import Event, EventName, Listener
from lsops.errors import LsopsError, ServerError
from lsops.kinds import registry
from lsops.kinds.capabilities import Syncs
from lsops.kinds.reader import Where
from lsops.model.errand import Errand
from lsops.model.resource import Resource
from lsops.model.syncing import SyncState
from lsops.server.session import Session
from lsops.server.waiting import may_go_on, pauses

DEED: Final = "sync"


@dataclass(frozen=True, slots=True)
class Job:
    """A declared resource to be synced, and the live object that it is.

    One that is `fresh` was made a moment ago: what the server has begun by itself is its sync.
    """

    item: Resource
    where: Where
    fresh: bool = False


@dataclass(slots=True)
class _Run:
    """Syncs under way. `seconds` is how long all of them are waited for; 0 only starts them."""

    session: Session
    seconds: float
    listen: Listener
    stop: threading.Event

    def tell(self, name: EventName, job: Job, reason: str = "") -> None:
        """Let the listener know of a step."""
        self.listen(Event(name, job.item.address, job.item.kind, DEED, id=job.where.id, reason=reason))


def sync(
    jobs: Sequence[Job], session: Session, seconds: float, listen: Listener, stop: threading.Event
) -> tuple[Errand, ...]:
    """Sync each, and say how each ended; what one of them meets stops no other.

    All are waited for that many seconds; 0 only starts them. Starts are serial on Community, which does the work inside
    the request (Community facts 3.5). Once `stop` is set none is started, and what is under way goes on without lsops.
    """
    run = _Run(session, seconds, listen, stop)
    ends = time.monotonic() + seconds
    begun = session.map(lambda job: _begun(run, job), jobs, limit=session.write_concurrency)
    found: dict[str, Errand] = {}
    waiting: dict[str, tuple[Job, SyncState]] = {}
    for job, state in zip(jobs, begun, strict=True):
        if isinstance(state, SyncState) and state.phase in ("idle", "running"):
            waiting[job.item.address] = (job, state)
        else:
            found[job.item.address] = _told(run, job, _first_end(job, state))
    found.update((errand.address, errand) for errand in _awaited(run, waiting, ends))
    return tuple(found[job.item.address] for job in jobs)


def _kind(job: Job) -> Syncs:
    return cast("Syncs", registry()[job.item.kind])


def _begun(run: _Run, job: Job) -> SyncState | None:
    """How far it is after its start, `idle` while the server shows none; None where no more are started.

    Raises: ServerError.
    """
    if run.stop.is_set():
        return None
    run.tell("started", job)
    kind = _kind(job)
    before = kind.sync_state(run.session, job.where)
    if before.phase == "running" or (job.fresh and before.phase != "idle"):
        return before
    try:
        now = kind.start_sync(run.session, job.where)
    except ServerError as error:
        if not may_go_on(error):
            raise
        return SyncState("idle", run=before.run)
    return replace(now, phase="running") if now.phase == "idle" else now


def _first_end(job: Job, state: SyncState | LsopsError | None) -> Errand:
    if state is None:
        return Errand(job.item.address, "skipped", "interrupted before it began")
    return _failure(job, state) if isinstance(state, LsopsError) else _ending(job, state)


def _awaited(run: _Run, waiting: dict[str, tuple[Job, SyncState]], ends: float) -> Iterator[Errand]:
    """How those that are under way end, in the order in which they do."""
    waits = pauses()
    while waiting and not run.stop.is_set() and time.monotonic() < ends:
        run.stop.wait(min(next(waits), max(0.0, ends - time.monotonic())))
        for address, (job, last) in list(waiting.items()):
            seen = _looked(run, job, last)
            if isinstance(seen, Errand):
                del waiting[address]
                yield _told(run, job, seen)
            else:
                waiting[address] = (job, seen)
    for job, state in waiting.values():
        yield _told(run, job, _left(run, job, state))


def _looked(run: _Run, job: Job, last: SyncState) -> SyncState | Errand:
    """How it ended, or how far it is. A start without an answer is one once the server shows a new sync."""
    try:
        now = _kind(job).sync_state(run.session, job.where)
    except ServerError as error:
        return _failure(job, error)
    if last.phase == "idle" and now.run == last.run:
        return last
    if now.phase in ("done", "failed"):
        return _ending(job, now)
    if now.count != last.count:
        run.tell("progress", job, f"{now.count:,} so far")
    return replace(now, phase="running")


def _ending(job: Job, state: SyncState) -> Errand:
    moved = _kind(job).moved(state, job.item)
    if state.phase == "done":
        return Errand(job.item.address, "done", moved, _facts(state))
    return Errand(
        job.item.address, "failed", f"{moved}, then: {state.reason}" if state.count else state.reason, _facts(state)
    )


def _left(run: _Run, job: Job, state: SyncState) -> Errand:
    """Of what is not over when nobody waits any more."""
    far = f"the server goes on, {state.count:,} so far" if state.count else "the server goes on"
    if run.stop.is_set() or not run.seconds:
        return Errand(job.item.address, "started", far, _facts(state))
    if state.phase == "idle":
        return Errand(job.item.address, "failed", "its start had no answer, and no sync was seen to begin")
    return Errand(job.item.address, "failed", f"not over after {run.seconds:g} s: {far}", _facts(state))


def _facts(state: SyncState) -> dict[str, int]:
    return {"count": state.count, "existed": state.existed}


def _failure(job: Job, error: LsopsError) -> Errand:
    return Errand(job.item.address, "failed", error.findings[0].message, finding=error.findings[0])


def _told(run: _Run, job: Job, errand: Errand) -> Errand:
    """Let the listener know of the end."""
    run.tell("done" if errand.end == "started" else errand.end, job, errand.told)
    return errand
