"""`lsops blueprint`: links by which others copy a project."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click

from lsops.cli.options import CHDIR, MANIFEST, SERVER, Flags, Lines, common, consent, option, output
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.model.errand import Errands
from lsops.operations import blueprint as work
from lsops.render.errands import of_errands

ENDS = (
    "Exit codes: 0 done, 1 a read failed, 3 the manifest or the command line is wrong, 4 one failed, 130 interrupted."
)
_ADDRESS = click.argument("address", type=Lines())
_FLAGS = common(CHDIR, MANIFEST, SERVER, output("errands"))


@click.group("blueprint")
def command() -> None:
    """Share projects of Enterprise by a link, list the links and end them.

    A blueprint is no state of the manifest: it is made when somebody shares, and stays until somebody ends it.
    """


@command.command("share", epilog=ENDS)
@_ADDRESS
@_FLAGS
@option("--title", default="", metavar="TEXT", help="Title of 3 to 50 characters; the project's own if left out.")
@option("--description", default="", metavar="TEXT", help="What others read of it.")
def _share(options: Flags, address: str, *, title: str, description: str) -> int:
    """Share the project at ADDRESS, with its label config as it is live, and print the link.

    Whoever has the link can copy the project: treat it as a secret.
    """
    return _of_one(options, address, partial(work.share_blueprint, words=(title, description)))


@command.command("list", epilog=ENDS)
@_ADDRESS
@_FLAGS
@option("--links", is_flag=True, help="Print the links, too.")
def _list(options: Flags, address: str, *, links: bool) -> int:
    """List the blueprints of the project at ADDRESS."""
    return _of_one(options, address, partial(work.list_blueprints, links=links))


@command.command("delete", epilog=ENDS.replace("4 one failed,", "4 one failed, 5 not confirmed,"))
@_ADDRESS
@click.argument("numbers", type=click.IntRange(1), nargs=-1, required=True, metavar="ID...")
@_FLAGS
@consent("--yes", is_flag=True, help="Do not ask.")
def _delete(options: Flags, address: str, numbers: tuple[int, ...], *, yes: bool) -> int:
    """End blueprints of the project at ADDRESS: their links lead nowhere then."""
    return _of_one(options, address, partial(work.delete_blueprints, numbers=numbers), ask=not yes)


def _of_one(options: Flags, address: str, what: Callable[..., Errands], *, ask: bool = False) -> int:
    """Do something with the blueprints of the project at an address; the exit code."""
    with opened(options) as (manifest, session):
        request = work.BlueprintRequest(address, plan_request(options), ask)
        done = what(manifest, session, request, interaction=Terminal(options.output))
        options.output.tell(of_errands(done, options.output.look(manifest.display_prefix)))
    return 0 if done.complete else 4
