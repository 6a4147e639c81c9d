"""`lsops explain`: where the value of every field of a resource comes from."""

from __future__ import annotations

import click

from lsops.cli.context import manifest_options
from lsops.cli.options import MANIFEST, PATH, Flags, common, completed_by, option, output
from lsops.operations.explain import ExplainRequest, explain_resource
from lsops.render.explaining import of_explanation


@click.command("explain")
@click.argument("address", shell_complete=completed_by("declared"))
@common(PATH, MANIFEST, output("explain"))
@option("--field", default="", metavar="NAME", help="Only this field, written or not, such as review_settings.")
def command(options: Flags, address: str, field: str) -> int:
    """Tell of every field of the resource at ADDRESS its value, where that comes from, and what it overrode.

    ADDRESS is as lsops plan shows it: '/projects/Chest X-ray'. No server, token or secret is needed. Exit codes:
    0 done, 3 the manifest is wrong or declares no such resource, or there is no such field.
    """
    request = ExplainRequest(address, options.path, manifest_options(options), field)
    options.output.tell(of_explanation(explain_resource(request)))
    return 0
