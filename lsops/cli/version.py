"""`lsops version`."""

from __future__ import annotations

import click

from lsops.cli.options import logged
from lsops.cli.output import Output
from lsops.version import __version__


@click.command("version")
@logged
def command(output: Output) -> int:
    """Print the version."""
    output.say(f"lsops {__version__}")
    return 0
