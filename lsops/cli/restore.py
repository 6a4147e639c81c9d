"""`lsops restore`: projects of a backup, made again with their tasks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from lsops.cli.context import environment, now
from lsops.cli.options import SECRET_ENV, SERVER, Flags, common, consent, option, output
from lsops.cli.output import Output
from lsops.cli.planning import connected
from lsops.cli.signals import truthful
from lsops.cli.terminal import Terminal
from lsops.depot import depot_at
from lsops.operations.backup import said
from lsops.operations.people_map import read_people_map
from lsops.operations.restore import PreparedRestore, RestoreRequest, prepare_restore, restore_prepared
from lsops.render.errands import of_errands
from lsops.render.review import of_plan


@click.command("restore")
@click.argument("place", metavar="PLACE")
@common(SERVER, SECRET_ENV, output("errands"))
@option("--as", "as_name", default="", metavar="NAME", help="Make the one project under another name.")
@option("--map", "map_file", type=click.Path(path_type=Path), metavar="FILE", help="New e-mails by old ones, as YAML.")
@option("--with", "including", default="", metavar="NAMES", help="Make these too, such as webhooks,import_storages.")
@consent("--yes", is_flag=True, help="Do not ask.")
def command(options: Flags, place: str, *, as_name: str, map_file: Path | None, including: str, yes: bool) -> int:
    """Make the projects of a backup on this server, with settings, label config, views, and all that people did.

    PLACE is a folder or a URL that lsops backup wrote. Every byte of it is checked before the first write. What is
    there already is not doubled, so that a run that was stopped is gone on with by the next one. Storages, webhooks,
    ML backends and members are made only with --with, after the data; of a backup's variables only those that
    --secret-env names are read.

    Exit codes: 0 done, 1 a read failed and nothing was written, 3 the backup or the command line is wrong,
    4 something failed after the first write (run it again to go on), 5 not confirmed, or something else is there,
    130 interrupted.
    """
    terminal = Terminal(options.output)
    wanted = tuple(name.strip() for name in including.split(",") if name.strip())
    people = read_people_map(map_file) if map_file else {}
    with TemporaryDirectory(prefix="lsops-restore-") as root, truthful(terminal.done), connected(options) as session:
        request = RestoreRequest(
            Path(root),
            as_name,
            people,
            wanted,
            options.secret_env,
            environment(),
            now(),
            ask=not yes,
            settle=options.settle_timeout,
        )
        prepared = prepare_restore(session, depot_at(place), request, terminal)
        _show(prepared, options.output)
        done = restore_prepared(session, prepared, request, terminal)
        options.output.tell(of_errands(done, options.output.look("")))
    return 130 if done.interrupted else 0 if done.complete else 4


def _show(prepared: PreparedRestore, output: Output) -> None:
    """What is about to be done, on stderr: stdout has what became of it."""
    for one in prepared.entries:
        output.beside(of_plan(one.plan, output.look("")))
        output.note(f"{one.saved.address} gets {said(one.entry.counts)}")
    for text in prepared.notes:
        output.note(text)
