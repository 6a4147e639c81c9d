"""`lsops show`: a saved plan, rendered again."""

from __future__ import annotations

from pathlib import Path

import click

from lsops.cli.options import MARKDOWN, Flags, common, output


@click.command("show")
@click.argument("plan", type=click.Path(path_type=Path))
@common(output(MARKDOWN))
def command(options: Flags, plan: Path) -> int:
    """Render a saved plan again. Exit codes: 0 done, 3 the file is no plan."""
    from lsops.cli.planning import show_plan
    from lsops.engine.planfile import load

    saved = load(plan)
    show_plan(saved, options, saved.facts.prefix)
    return 0
