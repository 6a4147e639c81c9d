"""`lsops plan`: what would change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lsops.cli.context import manifest_options
from lsops.cli.options import BASE, MANIFEST, PATH, PICTURES, SERVER, SHARD, TARGET, Flags, common, option, output
from lsops.cli.pictures import pictured
from lsops.cli.planning import exit_code, opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.errors import UsageError
from lsops.operations.plan import plan_manifest
from lsops.render.review import of_plan

if TYPE_CHECKING:
    from lsops.manifest import Manifest
    from lsops.operations.base import Base


@click.command("plan")
@common(PATH, MANIFEST, SERVER, TARGET, SHARD, BASE, output("plan"), PICTURES)
@option("--only-changed", is_flag=True, help="With --base: plan only what differs from it.")
@option("--check", is_flag=True, help="Ask the server about every label config that would change.")
@option("--check-remote", is_flag=True, help="Let the server run or fetch what it is given; not for a pull request.")
@option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save the plan.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes, 5 when denied.")
def command(
    options: Flags, *, only_changed: bool, check: bool, check_remote: bool, out: Path | None, detailed_exitcode: bool
) -> int:
    """Show what would change on the server, and change nothing.

    With --base each change says whether it is drift, which the base would change back, too, or the branch's.
    Exit codes: 0 done, 1 a read failed, 3 the manifest or the command line is wrong; with --detailed-exitcode
    2 there are changes, 5 a policy denies them.
    """
    show = pictured(options)
    manifest, base = _sides(options, only_changed=only_changed)
    request = replace(
        plan_request(options), check=check, check_remote=check_remote, out=out, base=base, only_changed=only_changed
    )
    with opened(options, manifest) as (manifest, session):
        made = plan_manifest(manifest, session, request, Terminal(options.output))
        options.output.tell(show(of_plan(made.plan, options.output.look(made.prefix))))
    return exit_code(made.plan, detailed=detailed_exitcode)


def _sides(options: Flags, *, only_changed: bool) -> tuple[Manifest | None, Base | None]:
    """The manifest and what it is compared with, where something is. Raises: LsopsError."""
    if not options.base:
        if only_changed:
            raise UsageError.of("--only-changed needs something to compare with", hint="--base main, or --base ./DIR")
        return None, None
    from lsops.operations.base import with_base

    manifest, base = with_base(options.base, options.path, manifest_options(options))
    if only_changed:
        words = f"only what differs from {base.name} is planned: whether anything else drifted is not looked at"
        options.output.note(words)
    return manifest, base
