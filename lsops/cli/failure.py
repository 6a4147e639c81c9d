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

from lsops.cli.result_files import unwritable
from lsops.cli.run import Run
from lsops.errors import Finding, LsopsError
from lsops.render.document import SUBJECTS, of_errors
from lsops.render.formats import Format, serves
from lsops.render.lines import Line

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""What a stdout says that takes nothing more; click writes to it, too."""

UNKNOWN = re.compile(r"No such (?:command|option):? '?([^' ]+?)'?\.?(?= |$)")
"""How click, by its release, tells of what it does not know."""


def failed(problem: Exception, run: Run) -> int:
    """One of our errors with its own exit code, or a bug with 1."""
    if isinstance(problem, OSError) and problem.errno in FULL and problem.filename is None:
        problem = unwritable(problem)
    if isinstance(problem, LsopsError):
        tell(problem.findings, run, prefix=problem.prefix)
        _maybe_trace(problem, run)
        return problem.exit_code
    finding = Finding(
        "LS901",
        f"lsops met a bug: {type(problem).__name__} in {_where(problem)}",
        hint="nothing is known of what was written; run with --debug for a traceback, and report it",
    )
    tell([finding], run)
    _maybe_trace(problem, run)
    return 1


def usage(problem: click.ClickException, run: Run) -> int:
    """A wrong command line: exit 3, not click's 2, which means that there are changes."""
    context = getattr(problem, "ctx", None)
    hint = f"{context.command_path} --help" if context is not None else "lsops --help"
    message = problem.format_message()
    if context is not None and (unknown := UNKNOWN.match(message)):
        message = unknown[0]
        hint = _meant(unknown[1], context) or hint
    if isinstance(problem, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # whose message is the help; click 8.2
        run.output.log(map(Line, message.splitlines()))
        message = "a command is missing"
    tell([Finding("LS605", message, hint=hint)], run)
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


def interrupted(run: Run) -> int:
    """Ctrl-C where nothing of the server was changed yet."""
    tell([Finding("LS902", "interrupted, nothing was written to the server")], run)
    return 130


def closed_pipe() -> int:
    """The reader of our output went away, as `| head` does."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # so that exit does not flush into the pipe
    return 1


def tell(findings: Iterable[Finding], run: Run, prefix: str = "") -> None:
    """Print findings: on stderr; in the forms that were asked for on stdout and in files, where they can be."""
    found, output = list(findings), run.output
    output.findings(found, prefix)
    verb = _verb(run.arguments)
    document = of_errors(found, verb, prefix, run.environment)
    try:
        output.save(document)
    except LsopsError as problem:
        output.findings(one for one in problem.findings if one not in found)
    if not output.is_text and "errors" in output.form.forms and _is_offered(output.format, output.form, verb):
        with suppress(LsopsError, BrokenPipeError):
            output.show(document)


def _verb(arguments: Sequence[str]) -> str:
    """The verb of a command line; empty where it names none that there is."""
    from lsops.cli.main import VERBS

    return next((word for word in arguments[:1] if word in VERBS), "")


def _is_offered(name: str, form: Format, verb: str) -> bool:
    """Whether a verb has that form, or the form is for whatever there is; what is no verb has all: somebody waits."""
    from lsops.cli.main import lsops
    from lsops.cli.options import FormatName

    command = lsops.get_command(click.Context(lsops), verb)
    if command is None or form.forms.keys() >= set(SUBJECTS):
        return True
    commands = command.commands.values() if isinstance(command, click.Group) else (command,)
    types = [param.type for one in commands for param in one.params]
    return any(isinstance(one, FormatName) and serves(name, one.subject) for one in types)


def _where(problem: Exception) -> str:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"


def _maybe_trace(problem: Exception, run: Run) -> None:
    """`--debug` prints the frames, never the values of variables: those may be secrets."""
    if not run.output.debug:
        return
    import traceback

    frames = traceback.extract_tb(problem.__traceback__)
    run.output.log(Line(f"  {frame.filename}:{frame.lineno} in {frame.name}") for frame in frames)
