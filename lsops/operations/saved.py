"""A saved plan: what `apply --plan FILE` may make of a fresh one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lsops.engine.planfile import load_plan
from lsops.engine.policies import judged
from lsops.engine.reviewed import agreed
from lsops.errors import prefixed
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import Planned


def cut_to_saved(made: Planned, file: Path, interaction: Interaction = SILENT) -> Planned:
    """A fresh plan cut down to the changes of a saved one; what the file lacks is told.

    What is left is judged again by the policies: of the saved plan only its changes are read.

    Raises:
        UsageError: the file cannot be read or is no plan.
        Refused: the server, environment or shard is another, or a saved change is not in the fresh plan as it was.
    """
    with prefixed(made.prefix):
        plan, others = agreed(load_plan(file), made.plan)
        for address in others:
            interaction.note(f"not in the saved plan, not made: {address}")
        return replace(made, plan=judged(plan, plan.pairs.desired))
