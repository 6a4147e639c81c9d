"""The entry point: a group that imports a verb's module only when it is called, and the one place for exit codes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

INTERRUPTED = 130

VERBS: dict[str, tuple[str, str]] = {
    "init": ("init", "Write a commented starter manifest that validates."),
    "validate": ("validate", "Check a manifest offline."),
    "plan": ("plan", "Show what would change on the server."),
    "apply": ("apply", "Make the changes."),
    "drift": ("drift", "Tell what differs from the manifest, every night."),
    "show": ("show", "Render a saved plan again."),
    "schema": ("schema", "Print the JSON Schema of the manifest or of a kind."),
    "doctor": ("doctor", "Check server, token and settings."),
    "sandbox": ("sandbox", "Run the built-in Label Studio stand-in."),
    "completion": ("completion", "Print the completion script of a shell."),
    "version": ("version", "Print the version."),
}
"""Each verb with its module and short help; here so that `--help` imports none of them."""


class Verbs(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in VERBS:
            return None
        command = import_module(f"lsops.cli.{VERBS[cmd_name][0]}").command
        assert isinstance(command, click.Command)  # noqa: S101  # each verb's module defines one
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in VERBS.items()])


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def lsops() -> None:
    """Label Studio as code.

    Keep a Label Studio organisation as YAML in git: plan shows what would change, apply makes it so.
    """


def entry() -> NoReturn:
    """Run the command line and exit with the code of its outcome."""
    code = run(sys.argv[1:])
    if code == INTERRUPTED:
        leave_at_once(code)
    release(sys.stdout)
    release(sys.stderr)
    sys.exit(code)


def release(stream: Any) -> None:
    """Let go of a stream that takes nothing more: the interpreter would try again at exit, and say so."""
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def leave_at_once(code: int) -> NoReturn:
    """Exit without waiting for threads that still wait for a server: the operator has asked twice."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command; the exit code. No exception leaves."""
    from lsops.cli import log

    log.begin(arguments)
    try:
        result: Any = lsops.main(arguments, prog_name="lsops", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as problem:
        from lsops.cli.failure import usage

        return usage(problem, arguments)
    except (KeyboardInterrupt, click.Abort):
        from lsops.cli.failure import interrupted

        return interrupted(arguments)
    except BrokenPipeError:
        from lsops.cli.failure import closed_pipe

        return closed_pipe()
    except Exception as problem:  # noqa: BLE001  # a bug must not become a traceback: it is told in one line
        from lsops.cli.failure import failed

        return failed(problem, arguments)
    return result if isinstance(result, int) else 0
