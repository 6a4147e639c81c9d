"""`lsops diff`: what the manifest changes of another one, without a server."""

from __future__ import annotations

from dataclasses import replace

import click

from lsops.cli.context import manifest_options, name_environments, now
from lsops.cli.options import BASE, MANIFEST, PATH, PICTURES, SCOPE, SHARD, Flags, common, option, output
from lsops.cli.pictures import pictured
from lsops.cli.planning import exit_code
from lsops.errors import UsageError, prefixed


@click.command("diff")
@common(PATH, BASE, MANIFEST, SCOPE, SHARD, output("plan"), PICTURES)
@option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes, 5 when denied.")
def command(options: Flags, detailed_exitcode: bool) -> int:
    """Show what the manifest, as it is in the working tree, changes of that of a git revision or of another folder.

    Of a revision it is the manifest from which the branch at hand began. No server, token or secret is needed, and what
    was changed on the server by hand is not known. Exit codes: 0 done, 3 a manifest or the command line is wrong; with
    --detailed-exitcode 2 there are changes, 5 a policy denies them.
    """
    from lsops.operations.base import with_base
    from lsops.operations.diff import DiffRequest, diff_manifests
    from lsops.render.review import of_diff

    if not options.base:
        raise UsageError.of("diff needs something to compare with", hint="--base main, or --base ./DIR")
    show = pictured(options)
    manifest, base = with_base(options.base, options.path, manifest_options(options))
    name_environments(options, manifest)
    with prefixed(manifest.display_prefix):
        request = DiffRequest(options.target, options.skip, options.shard, base.name, now())
        found = diff_manifests(base.manifest, manifest, request)
    told = replace(found, warnings=(*base.notes, *found.warnings))
    options.output.tell(show(of_diff(told, options.output.look(manifest.display_prefix))))
    return exit_code(told, detailed=detailed_exitcode)
