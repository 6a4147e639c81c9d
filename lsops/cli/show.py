"""`lsops show`: saved plans, rendered again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lsops.cli.options import PICTURES, Flags, common, output
from lsops.cli.pictures import pictured

if TYPE_CHECKING:
    from lsops.model.plan import Plan


@click.command("show")
@click.argument("plan", type=click.Path(path_type=Path), nargs=-1, required=True)
@common(output("plan"), PICTURES)
def command(options: Flags, plan: tuple[Path, ...]) -> int:
    """Render a saved plan again; those of the shards of one manifest (--shard) as one plan.

    Exit codes: 0 done, 3 a file is no plan, or they do not belong together.
    """
    from lsops.render.review import of_plan

    show = pictured(options)
    saved = _loaded(plan)
    options.output.tell(show(of_plan(saved, options.output.look(saved.facts.prefix))))
    return 0


def _loaded(files: tuple[Path, ...]) -> Plan:
    """The plan of a file; of several ones what they make up together. Raises: UsageError."""
    from lsops.engine.planfile import load_plan

    if len(files) == 1:
        return load_plan(files[0])
    from lsops.engine.joining import as_one_plan

    parts = [(str(file), load_plan(file)) for file in files]
    return as_one_plan(parts)
