"""`lsops plan`: what would change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from lsops.cli.options import MANIFEST, MARKDOWN, PATH, SERVER, TARGET, Options, common, option, output
from lsops.cli.planning import Planned, planned, show
from lsops.errors import Finding


@click.command("plan")
@common(PATH, MANIFEST, SERVER, TARGET, output(MARKDOWN))
@option("--check", is_flag=True, help="Ask the server about every label config that would change.")
@option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save the plan.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
def command(options: Options, check: bool, out: Path | None, detailed_exitcode: bool) -> int:
    """Show what would change on the server, and change nothing.

    Exit codes: 0 done, 1 a read failed, 2 there are changes (with --detailed-exitcode), 3 the manifest or the
    command line is wrong.
    """
    with planned(options) as made:
        found = checked(made) if check else ()
        made = replace(made, plan=replace(made.plan, warnings=(*made.plan.warnings, *found)))
        if out is not None and not made.plan.failures and not found:
            from lsops.engine.planfile import save

            save(made.plan, out)
        show(made, options)
    return _exit_code(made, found, detailed_exitcode)


def checked(made: Planned) -> tuple[Finding, ...]:
    """What the server says of the label configs in the plan."""
    from lsops.engine.check import check_plan

    return check_plan(made.plan, made.session)


def _exit_code(made: Planned, found: tuple[Finding, ...], detailed: bool) -> int:
    if made.plan.failures:
        return 1
    if found:
        return 3
    return 2 if detailed and made.plan.changes else 0
