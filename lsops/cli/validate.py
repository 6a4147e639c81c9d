"""`lsops validate`: everything that can be known without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lsops.cli.context import load_manifest, prefix_of
from lsops.cli.options import MANIFEST, MARKDOWN, PATH, Options, common, output
from lsops.cli.output import as_json, echo_findings, echo_lines
from lsops.errors import Finding
from lsops.render.findings import as_document
from lsops.render.lines import Line, plural

if TYPE_CHECKING:
    from lsops.manifest import Manifest


@click.command("validate")
@common(PATH, MANIFEST, output(MARKDOWN))
def command(options: Options) -> int:
    """Check a manifest offline: YAML, schema, references, and label configs.

    No server, token or secret is needed. Exit codes: 0 valid, 3 not.
    """
    manifest = load_manifest(options)
    prefix = prefix_of(options.path)
    warnings = (*manifest.warnings, *_advice(manifest))
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


def _advice(manifest: Manifest) -> tuple[Finding, ...]:
    """What kinds find doubtful. Without one whose schema announces it, their modules are not imported."""
    from lsops.schema import kinds

    if not any(kinds()[name].advises for name in {item.kind for item in manifest.desired.resources}):
        return ()
    from lsops.engine.offline import advice

    return advice(manifest.desired)
