"""What is seen while lsops works: a spinner and a bar on a terminal, JSON lines where asked for, else nothing."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsops.cli import log
from lsops.cli.output import Output, is_terminal
from lsops.engine.events import Event, Listener
from lsops.errors import LsopsError, UsageError
from lsops.render.safe import line

if TYPE_CHECKING:
    from lsops.server.session import Session
    from lsops.server.settings import Exchange


def is_lively(output: Output) -> bool:
    """Whether somebody looks at stderr who would like to see progress."""
    return is_terminal(sys.stderr) and not output.quiet and not output.logs_json and os.environ.get("TERM") != "dumb"


@contextmanager
def reading(output: Output, session: Session) -> Iterator[None]:
    """A spinner while the server is read; in the log, each request that is sent again."""
    if output.logs_json:
        session.observers.append(_retrying)
        try:
            yield
        finally:
            session.observers.remove(_retrying)
        return
    if not is_lively(output) or output.verbose > 1:
        yield
        return
    with _console(output).status(f"reading {line(session.shown)} …"):
        yield


def _retrying(exchange: Exchange) -> None:
    if exchange.retrying:
        reason = f"{exchange.method} {exchange.path}: {exchange.status or 'no answer'}"
        log.emit("retrying", reason=reason)


@contextmanager
def applying(output: Output, total: int) -> Iterator[Listener]:
    """A listener that shows the changes as they are made."""
    if output.logs_json:
        yield lambda event: log.write(log.stamped(event.as_json()) + "\n")
    elif is_lively(output):
        with _bar(output, total) as listener:
            yield listener
    elif output.quiet:
        yield lambda event: None
    else:
        yield partial(_plain, reasons=not output.is_text)


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


def together(*listeners: Listener, note: Callable[[str], None]) -> Listener:
    """One listener for several; one event at a time. One that fails to write is told of and dropped."""
    from threading import Lock

    lock = Lock()
    able = list(listeners)

    def listen(event: Event) -> None:
        with lock:
            able[:] = [listener for listener in able if _took(listener, event, note)]

    return listen


def _took(listener: Listener, event: Event, note: Callable[[str], None]) -> bool:
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
def _bar(output: Output, total: int) -> Iterator[Listener]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=_console(output), transient=True) as progress:
        task = progress.add_task("", total=total)

        def listen(event: Event) -> None:
            if event.event == "started":
                progress.update(task, description=f"{event.action} {line(event.address)}")
            elif event.event == "progress":
                progress.update(task, description=f"{event.action} {line(event.address)}: {line(event.reason)}")
            elif event.event in ("done", "failed", "skipped"):
                progress.console.print(
                    f"{event.event} {event.action} {line(event.address)}", markup=False, highlight=False
                )
                progress.advance(task)

        yield listen


def _console(output: Output) -> Any:
    from rich.console import Console

    return Console(file=sys.stderr, no_color=not output.wants_colour(sys.stderr), highlight=False)
