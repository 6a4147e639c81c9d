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
    "init": ("init", "Write a commented starter manifest, or one of what is live."),
    "validate": ("validate", "Check a manifest offline."),
    "plan": ("plan", "Show what would change on the server."),
    "apply": ("apply", "Make the changes."),
    "drift": ("drift", "Tell what differs from the manifest, every night."),
    "dump": ("dump", "Write what is live as a manifest."),
    "adopt": ("adopt", "Add what is live and undeclared to the manifest."),
    "pin": ("pin", "Write lsops.lock: which live object each resource is."),
    "diff": ("diff", "Compare the manifest with a git revision or a folder, offline."),
    "graph": ("graph", "Draw the organisation as Mermaid, DOT or SVG."),
    "preview": ("preview", "Show label configs before and after, drawn by Label Studio's editor."),
    "show": ("show", "Render a saved plan again."),
    "explain": ("explain", "Tell where the value of every field of a resource comes from."),
    "policy": ("policy", "Test the policies of a file."),
    "schema": ("schema", "Print the JSON Schema of the manifest, a kind or a document."),
    "sync": ("sync", "Start the syncs of storages, and wait for them."),
    "snapshot": ("snapshot", "Make, download, list and delete export snapshots."),
    "blueprint": ("blueprint", "Share projects of Enterprise by a link, and end such links."),
    "audit": ("audit", "Read what Enterprise keeps of what was done, as JSON Lines."),
    "backup": ("backup", "Write projects whole, with their tasks."),
    "restore": ("restore", "Make projects of a backup again."),
    "doctor": ("doctor", "Check server, token and settings."),
    "sandbox": ("sandbox", "Run the built-in Label Studio stand-in."),
    "completion": ("completion", "Print the completion script of a shell."),
    "version": ("version", "Print the version."),
}
"""Each verb with its module and short help; here so that `--help` imports none of them."""

VARIABLES: dict[str, str] = {
    "LABEL_STUDIO_URL": "Server, unless --server names one; else the manifest's.",
    "LABEL_STUDIO_API_KEY": "Token; LABEL_STUDIO_API_KEY_FILE or --token-file name a file with it.",
    "LSOPS_...": "Each flag but those of consent, such as LSOPS_FORMAT for --format.",
}
EXPLAINED: dict[str, str] = {
    "path": "PATH is the manifest: a folder with lsops.yaml, or the file. Left out, it is the current folder.",
    "server": "The server is that of --server, else LABEL_STUDIO_URL, else the manifest's. The token is that of "
    "LABEL_STUDIO_API_KEY, or in the file that LABEL_STUDIO_API_KEY_FILE or --token-file names.",
}


class Verbs(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in VERBS:
            return None
        from lsops.cli.flag_groups import grouped

        command = grouped(import_module(f"lsops.cli.{VERBS[cmd_name][0]}").command)
        command.epilog = command.epilog or _epilog(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in VERBS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Environment"):
            formatter.write_dl(list(VARIABLES.items()))


def _epilog(command: click.Command) -> str | None:
    """What a verb's flags and arguments need to be explained by, beneath them."""
    names = {param.name for param in command.params}
    told = [text for name, text in EXPLAINED.items() if name in names]
    return "\n\n".join(told) or None


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    del param
    if wanted and not ctx.resilient_parsing:
        from lsops.version import __version__

        click.echo(f"lsops {__version__}")
        ctx.exit()


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
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
    """Run one command; the exit code. No exception leaves but with `--debug`."""
    from lsops.cli.run import Run

    this = Run(arguments)
    if "_LSOPS_COMPLETE" in os.environ:
        from lsops.cli.completion import register

        register()
    try:
        result: Any = lsops.main(arguments, prog_name="lsops", standalone_mode=False, obj=this)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as problem:
        from lsops.cli.failure import usage

        return usage(problem, this)
    except (KeyboardInterrupt, click.Abort):
        from lsops.cli.failure import interrupted

        return interrupted(this)
    except BrokenPipeError:
        from lsops.cli.failure import closed_pipe

        return closed_pipe()
    except Exception as problem:  # noqa: BLE001  # a bug must not become a traceback: it is told in one line
        from lsops.cli.failure import failed

        return failed(problem, this)
    return result if isinstance(result, int) else 0
