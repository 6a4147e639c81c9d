"""What a check found in a label config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: severity, a code of `lsops.errors.CODES`, plain words, and its place in the config."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    line: int
    column: int
