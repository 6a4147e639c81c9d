"""`lsops show`: a saved plan, rendered again."""

from __future__ import annotations

from pathlib import Path

import click

from lsops.cli.options import Flags, common, output


@click.command("show")
@click.argument("plan", type=click.Path(path_type=Path))
@common(output("plan"))
def command(options: Flags, plan: Path) -> int:
    """Render a saved plan again. Exit codes: 0 done, 3 the file is no plan."""
    from lsops.engine.planfile import load_plan
    from lsops.render.review import of_plan

    saved = load_plan(plan)
    options.output.tell(of_plan(saved, options.output.look(saved.facts.prefix)))
    return 0
