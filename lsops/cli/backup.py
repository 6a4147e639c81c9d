"""`lsops backup`: projects with their tasks, into a folder or object storage."""

from __future__ import annotations

import click

from lsops.cli.context import now
from lsops.cli.options import SERVER, Flags, Lines, common, option, output
from lsops.cli.planning import connected
from lsops.cli.signals import truthful
from lsops.cli.terminal import Terminal
from lsops.depot import depot_at
from lsops.operations.backup import BackupRequest, back_up
from lsops.render.errands import of_errands


@click.command("backup")
@click.argument("addresses", nargs=-1, required=True, type=Lines(), metavar="ADDRESS...")
@common(SERVER, output("errands"))
@option("-o", "--to", required=True, metavar="PLACE", help="Folder or URL to write to, such as s3://bucket/folder.")
def command(options: Flags, addresses: tuple[str, ...], to: str) -> int:
    """Write projects whole: manifest, tasks, annotations, drafts, predictions, comments and uploaded files.

    ADDRESS is that of a live project or a glob: '/projects/Cats', '/projects/*'. On the server an export is made, and
    deleted at the end; nothing else is changed there. A run that was stopped is gone on with by the next one. A backup
    holds all that people wrote: it is readable for its owner alone.

    Exit codes: 0 done, 1 something could not be read or written (run it again to go on), 3 the command line is wrong,
    4 a file could not be read and the rest is there, 130 interrupted.
    """
    terminal = Terminal(options.output)
    with truthful(terminal.done), connected(options) as session:
        done = back_up(session, depot_at(to), BackupRequest(addresses, now()), terminal)
        options.output.tell(of_errands(done, options.output.look("")))
    return 130 if done.interrupted else 0 if done.complete else 4
