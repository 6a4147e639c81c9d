"""`lsops validate`: everything that can be known without a server."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from lsops.cli.context import manifest_options
from lsops.cli.options import MANIFEST, PATH, SCOPE, Flags, common, option, output
from lsops.errors import UsageError
from lsops.operations.validate import validate_manifest, with_tasks
from lsops.render.document import of_valid


@click.command("validate")
@common(PATH, MANIFEST, SCOPE[:1], output("valid"))
@option(
    "--tasks",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Tasks to hold against the label config of -t: JSON, JSON Lines, CSV.",
)
def command(options: Flags, tasks: Path | None) -> int:
    """Check a manifest offline: YAML, schema, references, label configs, and policies on resources.

    With --tasks, hold tasks and their annotations against a label config, too, before an import.
    No server, token or secret is needed. Exit codes: 0 valid, 3 not.
    """
    found = validate_manifest(options.path, manifest_options(options))
    if tasks is not None:
        found = with_tasks(found, tasks, options.path, options.target)
    elif options.target:
        _refuse_target()
    manifest, prefix, output = found.manifest, found.manifest.display_prefix, options.output
    if not output.form.is_for_programs:
        output.findings(found.warnings, prefix)
    output.tell(of_valid(len(manifest.desired.resources), found.warnings, output.look(prefix), tasks=found.tasks))
    return 0


def _refuse_target() -> None:
    """A target chooses the label config of tasks; one in a variable is meant for other verbs."""
    if click.get_current_context().get_parameter_source("target") == ParameterSource.COMMANDLINE:
        raise UsageError.of("-t goes with --tasks: a manifest is validated whole", hint="--tasks FILE -t ADDRESS")
