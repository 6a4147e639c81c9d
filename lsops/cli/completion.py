"""`lsops completion`: click's own completion scripts."""

from __future__ import annotations

import click

from lsops.cli.options import logged
from lsops.cli.output import say


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@logged
def command(shell: str) -> int:
    """Print the completion script of a shell, to be sourced from its start-up file."""
    from click.shell_completion import get_completion_class

    from lsops.cli.main import lsops

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  # click has all three
    say(kind(lsops, {}, "lsops", "_LSOPS_COMPLETE").source())
    return 0
