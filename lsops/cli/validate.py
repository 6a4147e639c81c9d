"""`lsops validate`: everything that can be known without a server."""

from __future__ import annotations

import click

from lsops.cli.context import manifest_options
from lsops.cli.options import MANIFEST, PATH, Flags, common, output
from lsops.operations.validate import validate_manifest
from lsops.render.document import of_valid


@click.command("validate")
@common(PATH, MANIFEST, output("valid"))
def command(options: Flags) -> int:
    """Check a manifest offline: YAML, schema, references, label configs, and policies on resources.

    No server, token or secret is needed. Exit codes: 0 valid, 3 not.
    """
    found = validate_manifest(options.path, manifest_options(options))
    manifest, prefix, output = found.manifest, found.manifest.display_prefix, options.output
    if not output.form.is_for_programs:
        output.findings(found.warnings, prefix)
    output.tell(of_valid(len(manifest.desired.resources), found.warnings, output.look(prefix)))
    return 0
