"""A policy: a rule in CEL that a machine checks of a resource, a change or a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lsops.errors import Source

On = Literal["resource", "change", "plan"]
"""What a policy judges, which is also the name under which its expression sees it."""
Effect = Literal["deny", "warn"]
"""What it means where a policy's expression is true."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule. Where its `expression` is true, its `effect` is what comes of it, and `message` what people are told.

    `source` is where its name stands, `origin` where the value of the expression begins. `rows` are where the lines of
    the expression begin; empty where that is not known.
    """

    name: str
    on: On
    effect: Effect
    expression: str
    message: str = ""
    source: Source | None = None
    origin: Source | None = None
    rows: tuple[Source, ...] = ()

    def place(self, line: int = 0, column: int = 0) -> Source | None:
        """Where a line and column of the expression stand, both counted from 1; else where the expression begins."""
        if 1 <= line <= len(self.rows) and column >= 1:
            row = self.rows[line - 1]
            return Source(row.file, row.line, row.column + column - 1)
        return self.origin or self.source


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """What a policy must say of an example: `deny`, `warn` or `pass`."""

    policy: Policy
    example: object
    expect: str
    source: Source | None = None
