"""`lsops validate`: everything that can be known without a server."""

from __future__ import annotations

import click

from lsops.cli.context import manifest_options
from lsops.cli.options import MANIFEST, MARKDOWN, PATH, Options, common, output
from lsops.cli.output import as_json, echo_findings, echo_lines
from lsops.operations.validate import validate_manifest
from lsops.render.findings import as_document
from lsops.render.lines import Line, plural


@click.command("validate")
@common(PATH, MANIFEST, output(MARKDOWN))
def command(options: Options) -> int:
    """Check a manifest offline: YAML, schema, references, and label configs.

    No server, token or secret is needed. Exit codes: 0 valid, 3 not.
    """
    found = validate_manifest(options.path, manifest_options(options))
    manifest, warnings = found.manifest, found.warnings
    prefix = manifest.display_prefix
    if options.as_json:
        as_json(as_document(warnings))
        return 0
    echo_findings(warnings, prefix)
    if options.format == MARKDOWN:
        from lsops.render.markdown import validation_markdown

        echo_lines(validation_markdown(len(manifest.desired.resources), warnings, prefix))
        return 0
    warned = f", {plural(len(warnings), 'warning')}" if warnings else ""
    echo_lines([Line(f"Valid: {plural(len(manifest.desired.resources), 'resource')}{warned}.", "title")])
    return 0
