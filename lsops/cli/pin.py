"""`lsops pin`: write which live object each declared resource is."""

from __future__ import annotations

import click

from lsops.cli.options import MANIFEST, PATH, SCOPE, SERVER, Flags, common, output
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.operations.pin import pin_manifest
from lsops.render.lines import plural


@click.command("pin")
@common(PATH, MANIFEST, SERVER, SCOPE, output("settings"))
def command(options: Flags) -> int:
    """Write lsops.lock: which live object each declared resource is.

    With it a title that somebody changed on the server is drift, and not another project. Commit the file; apply keeps
    it up to date. Nothing on the server changes. Exit codes: 0 done, 1 a read failed or the file cannot be written,
    3 the manifest or the command line is wrong.
    """
    with opened(options) as (manifest, session):
        done = pin_manifest(manifest, session, plan_request(options), Terminal(options.output))
    if options.output.is_text:
        options.output.say(
            f"Pinned {plural(len(done.ids), 'resource')} in {manifest.display_prefix}{done.lock.path.name}."
        )
        if done.missing:
            options.output.note(
                f"{plural(len(done.missing), 'resource')} of the manifest not there yet: apply pins them"
            )
    else:
        options.output.json(done.lock.document())
    return 0
