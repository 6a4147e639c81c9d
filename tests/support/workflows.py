"""The workflows of examples/gitops as they are parsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

GITOPS = Path(__file__).parents[2] / "examples" / "gitops"


def jobs(file: str) -> dict[str, Any]:
    """The jobs of a workflow, by name."""
    found: dict[str, Any] = yaml.safe_load((GITOPS / file).read_text("utf-8"))["jobs"]
    return found


def step(file: str, job: str, name: str) -> dict[str, Any]:
    """One step of a job."""
    found: dict[str, Any] = next(one for one in jobs(file)[job]["steps"] if one.get("name") == name)
    return found
