"""`lsops drift`: what differs from the manifest, for a nightly job."""

from __future__ import annotations

import click

from lsops.cli.options import MANIFEST, MARKDOWN, PATH, SCOPE, SERVER, Options, common, option, output
from lsops.cli.output import as_json, echo_lines
from lsops.cli.planning import opened, plan_request
from lsops.cli.terminal import Terminal
from lsops.engine.drift import Drift
from lsops.operations.drift import find_drift


@click.command("drift")
@common(PATH, MANIFEST, SERVER, SCOPE, output(MARKDOWN))
@option("--strict", is_flag=True, help="What is live in a managed collection and not declared is drift, too.")
def command(options: Options, strict: bool) -> int:
    """Tell what differs from the manifest on the server, and what is there unmanaged; change nothing.

    Exit codes: 0 nothing differs, 1 a read failed, 2 something differs, 3 the manifest or the command line is wrong.
    """
    with opened(options) as (manifest, session):
        drift = find_drift(manifest, session, plan_request(options), Terminal(options), strict=strict)
        _show(drift, options, manifest.display_prefix)
    if drift.plan.failures:
        return 1
    return 2 if drift.is_there else 0


def _show(drift: Drift, options: Options, prefix: str) -> None:
    from lsops.render.drift import drift_document, drift_lines

    verbose = bool(options.verbose)
    if options.as_json:
        as_json(drift_document(drift))
    elif options.format == MARKDOWN:
        from lsops.render.markdown import drift_markdown

        echo_lines(drift_markdown(drift, verbose=verbose, prefix=prefix))
    else:
        echo_lines(drift_lines(drift, verbose=verbose, prefix=prefix))
