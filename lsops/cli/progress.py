"""What is seen while lsops works: a spinner and a bar on a terminal, JSON lines where asked for, else nothing."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsops.cli import log
from lsops.cli.options import Flags
from lsops.cli.output import is_terminal, note, wants_colour
from lsops.engine.events import Event, Listener
from lsops.errors import LsopsError, UsageError
from lsops.render.safe import line

if TYPE_CHECKING:
    from lsops.server.session import Exchange, Session


def is_lively(options: Flags) -> bool:
    """Whether somebody looks at stderr who would like to see progress."""
    return (
        is_terminal(sys.stderr)
        and not options.quiet
        and options.log_format == "text"
        and os.environ.get("TERM") != "dumb"
    )


@contextmanager
def reading(options: Flags, session: Session) -> Iterator[None]:
    """A spinner while the server is read; in the log, each request that is sent again."""
    if log.is_json():
        session.observers.append(_retrying)
        try:
            yield
        finally:
            session.observers.remove(_retrying)
        return
    if not is_lively(options) or options.verbose > 1:
        yield
        return
    with _console().status(f"reading {line(session.shown)} …"):
        yield


def _retrying(exchange: Exchange) -> None:
    if exchange.retrying:
        reason = f"{exchange.method} {exchange.path}: {exchange.status or 'no answer'}"
        log.emit("retrying", reason=reason)


@contextmanager
def applying(options: Flags, total: int) -> Iterator[Listener]:
    """A listener that shows the changes as they are made."""
    if options.log_format == "json":
        yield lambda event: log.write(log.stamped(event.as_json()) + "\n")
    elif is_lively(options):
        with _bar(total) as listener:
            yield listener
    elif options.quiet:
        yield lambda event: None
    else:
        yield partial(_plain, reasons=options.as_json)


@contextmanager
def audit(path: Path | None) -> Iterator[Listener]:
    """A listener that appends one JSON line per event to a file that only its owner can read. Raises: UsageError."""
    if path is None:
        yield lambda event: None
        return
    try:
        handle = open(path, "a", encoding="utf-8", opener=_private)  # noqa: SIM115  # closed below
    except OSError as problem:
        raise UsageError.of(f"--audit: {path} cannot be written: {problem.strerror}") from problem

    def write(event: Event) -> None:
        log.write(log.stamped(event.as_json()) + "\n", handle)

    try:
        yield write
    finally:
        with suppress(OSError):  # what could not be written was told, and would be tried again
            handle.close()


def _private(path: str, flags: int) -> int:
    """Open a file that only its owner may read, also where it exists and is ours."""
    number = os.open(path, flags, 0o600)
    found = os.fstat(number)
    if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
        os.fchmod(number, 0o600)
    return number


def together(*listeners: Listener) -> Listener:
    """One listener for several; one event at a time. One that fails to write is told of and dropped."""
    from threading import Lock

    lock = Lock()
    able = list(listeners)

    def listen(event: Event) -> None:
        with lock:
            able[:] = [listener for listener in able if _took(listener, event)]

    return listen


def _took(listener: Listener, event: Event) -> bool:
    """Whether a listener took an event: a full disk must not end an apply between two writes."""
    try:
        listener(event)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        with suppress(OSError, ValueError, LsopsError):  # stderr itself may be what is gone
            note(f"warning: a log cannot be written any more, the changes go on: {reason}")
        return False
    return True


def _plain(event: Event, *, reasons: bool) -> None:
    """A line per change that ended; why it failed stands in the report, and here where that is not for people."""
    if event.event in ("done", "failed", "skipped"):
        reason = f": {event.reason}" if event.reason and reasons else ""
        log.write(f"{event.event} {event.action} {line(event.address)}{line(reason)}\n")


@contextmanager
def _bar(total: int) -> Iterator[Listener]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=_console(), transient=True) as progress:
        task = progress.add_task("", total=total)

        def listen(event: Event) -> None:
            if event.event == "started":
                progress.update(task, description=f"{event.action} {line(event.address)}")
            elif event.event in ("done", "failed", "skipped"):
                progress.console.print(
                    f"{event.event} {event.action} {line(event.address)}", markup=False, highlight=False
                )
                progress.advance(task)

        yield listen


def _console() -> Any:
    from rich.console import Console

    return Console(file=sys.stderr, no_color=not wants_colour(sys.stderr), highlight=False)
