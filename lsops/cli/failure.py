"""Errors to text and exit codes: the only place that does it."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import click

from lsops.cli.output import as_json, echo_findings, echo_lines, is_json, is_markdown, is_on, unwritable
from lsops.errors import Finding, LsopsError
from lsops.render.findings import as_document
from lsops.render.lines import Line

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""What a stdout says that takes nothing more; click writes to it, too."""

UNKNOWN = re.compile(r"No such (?:command|option):? '?([^' ]+?)'?\.?(?= |$)")
"""How click, by its release, tells of what it does not know."""


def failed(problem: Exception, arguments: Sequence[str]) -> int:
    """One of our errors with its own exit code, or a bug with 1."""
    if isinstance(problem, OSError) and problem.errno in FULL and problem.filename is None:
        problem = unwritable(problem)
    if isinstance(problem, LsopsError):
        tell(problem.findings, arguments, prefix=problem.prefix)
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
    if context is not None and (unknown := UNKNOWN.match(message)):
        message = unknown[0]
        hint = _meant(unknown[1], context) or hint
    if isinstance(problem, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # whose message is the help; click 8.2
        echo_lines(map(Line, message.splitlines()), error=True)
        message = "a command is missing"
    tell([Finding("LS605", message, hint=hint)], arguments)
    return 3


def _meant(word: str, context: click.Context) -> str:
    """The flag or the command that is nearest to an unknown one, as a hint; empty where none is near."""
    command = context.command
    known = [name for param in command.get_params(context) for name in param.opts if name.startswith("--")]
    if isinstance(command, click.Group) and not word.startswith("-"):
        known = command.list_commands(context)
    from lsops.spelling import nearest

    near = nearest(word, known)
    return f"did you mean {near}? {context.command_path} --help tells more" if near else ""


def interrupted(arguments: Sequence[str]) -> int:
    """Ctrl-C where nothing of the server was changed yet."""
    tell([Finding("LS902", "interrupted, nothing was written to the server")], arguments)
    return 130


def closed_pipe() -> int:
    """The reader of our output went away, as `| head` does."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # so that exit does not flush into the pipe
    return 1


def tell(findings: Iterable[Finding], arguments: Sequence[str], prefix: str = "") -> None:
    """Print findings: on stderr, and on stdout as the one document or the comment that was asked for, if it can be."""
    found = list(findings)
    echo_findings(found, prefix)
    with suppress(LsopsError, BrokenPipeError):
        if is_json(arguments):
            as_json(as_document(found))
        elif is_markdown(arguments) and _has_markdown(verb := _verb(arguments)):
            from lsops.render.markdown import errors_markdown

            echo_lines(errors_markdown(found, verb, prefix))


def _verb(arguments: Sequence[str]) -> str:
    """The verb of a command line; empty where it names none that there is."""
    from lsops.cli.main import VERBS

    return next((word for word in arguments[:1] if word in VERBS), "")


def _has_markdown(verb: str) -> bool:
    """Whether a verb has that form; so has what is no verb, for somebody waits for a comment."""
    from lsops.cli.main import lsops
    from lsops.cli.options import MARKDOWN

    command = lsops.get_command(click.Context(lsops), verb)
    forms = [param.type for param in command.params if param.name == "format"] if command else []
    return command is None or any(isinstance(form, click.Choice) and MARKDOWN in form.choices for form in forms)


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
