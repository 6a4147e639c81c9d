"""`lsops show`: a saved plan, rendered again."""

from __future__ import annotations

from pathlib import Path

import click

from lsops.cli.options import OUTPUT, Options, common
from lsops.cli.output import as_json, echo_lines


@click.command("show")
@click.argument("plan", type=click.Path(path_type=Path))
@common(OUTPUT)
def command(options: Options, plan: Path) -> int:
    """Render a saved plan again. Exit codes: 0 done, 3 the file is no plan."""
    from lsops.engine.planfile import as_document, load
    from lsops.render.text import plan_lines

    saved = load(plan)
    if options.as_json:
        as_json(as_document(saved))
    else:
        echo_lines(plan_lines(saved, verbose=bool(options.verbose)))
    return 0
