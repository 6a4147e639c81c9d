"""`lsops version`."""

from __future__ import annotations

import click

from lsops.version import __version__


@click.command("version")
def command() -> int:
    """Print the version."""
    click.echo(f"lsops {__version__}")
    return 0
