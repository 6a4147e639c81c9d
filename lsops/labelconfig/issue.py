"""What a check found in a label config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: severity, a code of `lsops.errors.CODES`, plain words, its place in the config, what to do."""

    severity: Severity
    code: str
    message: str
    line: int
    column: int
    hint: str = ""
