"""`lsops dump`: what is live, as a manifest."""

from __future__ import annotations

from pathlib import Path

import click

from lsops.cli.options import SERVER, Flags, Lines, common, consent, option, output
from lsops.cli.planning import connected
from lsops.cli.terminal import Terminal
from lsops.operations.dump import DumpRequest, already_at, dump_server, refuse_folder, write_dump
from lsops.render.dumped import of_dump


@click.command("dump")
@common(SERVER, output("dump"))
@option("-t", "--target", multiple=True, type=Lines(), metavar="ADDRESS-GLOB", help="Only these; repeatable.")
@option("-o", "--to", type=click.Path(path_type=Path), default=Path(), metavar="DIR", help="Folder to write to (.).")
@option("--as", "as_name", default=None, metavar="NAME", help="Write the one project under another name: its copy.")
@consent("--force", is_flag=True, help="Replace files that are there.")
@option("--templates", is_flag=True, help="Write projects that differ in few places by a template.")
def command(options: Flags, to: Path, as_name: str | None, force: bool, templates: bool) -> int:
    """Write what is live as a manifest whose plan is empty: lsops.yaml, a file per project, label configs as XML.

    Nothing is changed on the server. What is default is left out. Secrets become references to variables, which are
    listed; nothing that is there is replaced without --force, and nothing is written unless all of it is.

    Exit codes: 0 done, 1 a read failed (what could be read is written), 3 the command line is wrong.
    """
    refuse_folder(to, force=force)
    request = DumpRequest(options.target, as_name, already_at(to), templates)
    with connected(options) as session:
        made = dump_server(session, request, Terminal(options.output))
    write_dump(made, to, force=force)
    options.output.tell(of_dump(made, to, options.output.look("")))
    options.output.note(f"next: lsops plan {to}" if to != Path() else "next: lsops plan")
    return 1 if made.failures else 0
