"""`lsops adopt`: what is live and undeclared, into the manifest."""

from __future__ import annotations

import click

from lsops.cli.context import manifest_options
from lsops.cli.options import CHDIR, MANIFEST, SERVER, Flags, Lines, common, consent, output
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.operations.adopt import AdoptRequest, adopt_resources
from lsops.operations.adoption import write_adoption
from lsops.render.adopted import of_adoption


@click.command("adopt")
@click.argument(
    "globs",
    nargs=-1,
    required=True,
    type=Lines(),
    metavar="ADDRESS-GLOB...",
)
@common(CHDIR, MANIFEST, SERVER, output("adopt"))
@consent("--dry-run", is_flag=True, help="Print the difference, and write nothing.")
def command(options: Flags, globs: tuple[str, ...], dry_run: bool) -> int:
    """Add what is live and not declared to the manifest: just these, each with all that is below it.

    ADDRESS-GLOB is an address as lsops drift lists it among what is unmanaged, or a glob of such: '/projects/Old',
    '/projects/*/webhooks/**'. Entries come behind those of their collection, or into files of their own where the
    others have such; no other line changes. Nothing is written unless all of it is, and the plan stays as it was.

    Exit codes: 0 done, 1 a read failed, 3 the manifest or the command line is wrong, or something has no place there.
    """
    with opened(options) as (manifest, session):
        request = AdoptRequest(globs, plan_request(options))
        done = adopt_resources(manifest, manifest_options(options), session, request, Terminal(options.output))
    if not dry_run:
        write_adoption(done)
    options.output.tell(of_adoption(done, options.output.look(done.prefix), dry_run=dry_run))
    return 0
