"""Errors to text and exit codes: the only place that does it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import click

from lsops.cli.output import as_json, echo_findings, echo_lines, is_json, is_on, unwritable
from lsops.errors import Finding, LsopsError
from lsops.render.findings import as_document
from lsops.render.lines import Line

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""What a stdout says that takes nothing more; click writes to it, too."""


def failed(problem: Exception, arguments: Sequence[str]) -> int:
    """One of our errors with its own exit code, or a bug with 1."""
    if isinstance(problem, OSError) and problem.errno in FULL and problem.filename is None:
        problem = unwritable(problem)
    if isinstance(problem, LsopsError):
        tell(problem.findings, arguments, prefix=getattr(problem, "prefix", ""))
        _maybe_trace(problem, arguments)
        return problem.exit_code
    finding = Finding(
        "LS901",
        f"lsops met a bug: {type(problem).__name__} in {_where(problem)}",
        hint="nothing is known of what was written; run with --debug for a traceback, and report it",
    )
    tell([finding], arguments)
    _maybe_trace(problem, arguments)
    return 1


def usage(problem: click.ClickException, arguments: Sequence[str]) -> int:
    """A wrong command line: exit 3, not click's 2, which means that there are changes."""
    context = getattr(problem, "ctx", None)
    hint = f"{context.command_path} --help" if context is not None else "lsops --help"
    message = problem.format_message()
    if isinstance(problem, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # whose message is the help; click 8.2
        echo_lines(map(Line, message.splitlines()), error=True)
        message = "a command is missing"
    tell([Finding("LS605", message, hint=hint)], arguments)
    return 3


def interrupted(arguments: Sequence[str]) -> int:
    """Ctrl-C where nothing of the server was changed yet."""
    tell([Finding("LS902", "interrupted, nothing was written to the server")], arguments)
    return 130


def closed_pipe() -> int:
    """The reader of our output went away, as `| head` does."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # so that exit does not flush into the pipe
    return 1


def tell(findings: Iterable[Finding], arguments: Sequence[str], prefix: str = "") -> None:
    """Print findings: on stderr, and as the one document on stdout where JSON was asked for and can be written."""
    found = list(findings)
    echo_findings(found, prefix)
    if is_json(arguments):
        with suppress(LsopsError, BrokenPipeError):
            as_json(as_document(found))


def _where(problem: Exception) -> str:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"


def _maybe_trace(problem: Exception, arguments: Sequence[str]) -> None:
    """`--debug` prints the frames, never the values of variables: those may be secrets."""
    if "--debug" not in arguments and not is_on("LSOPS_DEBUG"):
        return
    import traceback

    frames = traceback.extract_tb(problem.__traceback__)
    echo_lines((Line(f"  {frame.filename}:{frame.lineno} in {frame.name}") for frame in frames), error=True)
