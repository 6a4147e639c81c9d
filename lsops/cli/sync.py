"""`lsops sync`: starts the syncs of storages, and waits for them."""

from __future__ import annotations

import click

from lsops.cli.options import CHDIR, MANIFEST, SERVER, Flags, Lines, common, option, output
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.operations.sync import WAIT, SyncRequest, sync_manifest
from lsops.render.errands import of_errands


@click.command("sync")
@click.argument("addresses", nargs=-1, type=Lines(), metavar="[ADDRESS...]")
@common(CHDIR, MANIFEST, SERVER, output("errands"))
@option("--no-wait", is_flag=True, help="Start the syncs, and do not wait for them.")
@option(
    "--wait-timeout", type=click.FloatRange(0, min_open=True), default=WAIT, metavar="S", help="Seconds to wait in all."
)
def command(options: Flags, addresses: tuple[str, ...], *, no_wait: bool, wait_timeout: float) -> int:
    """Start the syncs of declared storages, and wait for them.

    ADDRESS is that of a storage, of something above it, or a glob: '/projects/Cats', '/projects/*/import_storages/**'.
    Without one all declared storages are synced. The server does the work: Ctrl-C only stops waiting for it. A sync
    that fails stops no other.

    Exit codes: 0 done, 1 a read failed and nothing was started, 3 the manifest or the command line is wrong,
    4 a sync failed or was not over in time, 130 interrupted.
    """
    with opened(options) as (manifest, session):
        request = SyncRequest(addresses, 0.0 if no_wait else wait_timeout, plan_request(options))
        done = sync_manifest(manifest, session, request, Terminal(options.output))
        options.output.tell(of_errands(done, options.output.look(manifest.display_prefix)))
    return 130 if done.interrupted else 0 if done.complete else 4
