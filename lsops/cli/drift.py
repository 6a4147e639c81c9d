"""`lsops drift`: what differs from the manifest, for a nightly job."""

from __future__ import annotations

import click

from lsops.cli.options import MANIFEST, PATH, SCOPE, SERVER, SHARD, Flags, common, option, output
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.operations.drift import find_drift
from lsops.operations.who import with_who
from lsops.render.adopted import how_to_adopt
from lsops.render.review import of_drift


@click.command("drift")
@common(PATH, MANIFEST, SERVER, SCOPE, SHARD, output("drift"))
@option("--strict", is_flag=True, help="What is live in a managed collection and not declared is drift, too.")
@option("--who", is_flag=True, help="Say who last changed what differs, from Enterprise's activity log.")
def command(options: Flags, strict: bool, who: bool) -> int:
    """Tell what differs from the manifest on the server, and what is there unmanaged; change nothing.

    Exit codes: 0 nothing differs, 1 a read failed, 2 something differs, 3 the manifest or the command line is wrong.
    """
    with opened(options) as (manifest, session):
        terminal = Terminal(options.output)
        drift = find_drift(manifest, session, plan_request(options), terminal, strict=strict)
        if who:
            drift = with_who(drift, session, terminal)
        options.output.tell(of_drift(drift, options.output.look(manifest.display_prefix)))
        if told := how_to_adopt(drift.plan.unmanaged, options.path):
            options.output.note(told)
    if drift.plan.failures:
        return 1
    return 2 if drift.is_there else 0
