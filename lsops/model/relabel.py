"""A label that gets another name in the annotations that use it, before a change takes the old name away."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Relabel:
    """One label of a control with its names. `labels` of `annotations` are renamed; None is unknown.

    The counts are shown and saved, and make no difference: people go on annotating.
    """

    control: str
    old: str
    new: str
    labels: int | None = field(default=None, compare=False)
    annotations: int | None = field(default=None, compare=False)
