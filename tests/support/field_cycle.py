"""Create a field, read it back, change it, and plan nothing after each step."""

from __future__ import annotations

import json
from typing import Any

from tests.support.cli import Lsops
from tests.support.project_values import manifest


def run_cycle(lsops: Lsops, field: str, values: tuple[Any, Any], *, workspace: str = "") -> None:
    """Raises AssertionError where a step is not as it should be."""
    for number, value in enumerate(values):
        lsops.write(json.dumps(manifest(field, value, workspace=workspace)))
        if number and values[0] == value:
            return
        planned = lsops("plan", "--detailed-exitcode")
        assert planned.code == 2, planned
        assert field in planned.out
        applied = lsops("apply", "--yes")
        assert applied.code == 0, applied
        again = lsops("plan", "--detailed-exitcode")
        assert again.code == 0, again
        assert again.last.startswith("No changes. 1 resource matches "), again
