"""`lsops plan`: what would change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from lsops.cli.options import MANIFEST, PATH, SERVER, TARGET, Flags, common, option, output
from lsops.cli.planning import exit_code, opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.operations.plan import plan_manifest
from lsops.render.review import of_plan


@click.command("plan")
@common(PATH, MANIFEST, SERVER, TARGET, output("plan"))
@option("--check", is_flag=True, help="Ask the server about every label config that would change.")
@option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save the plan.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes, 5 when denied.")
def command(options: Flags, check: bool, out: Path | None, detailed_exitcode: bool) -> int:
    """Show what would change on the server, and change nothing.

    Exit codes: 0 done, 1 a read failed, 3 the manifest or the command line is wrong; with --detailed-exitcode
    2 there are changes, 5 a policy denies them.
    """
    request = replace(plan_request(options), check=check, out=out)
    with opened(options) as (manifest, session):
        made = plan_manifest(manifest, session, request, Terminal(options.output))
        options.output.tell(of_plan(made.plan, options.output.look(made.prefix)))
    return exit_code(made.plan, detailed=detailed_exitcode)
