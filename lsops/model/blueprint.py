"""A blueprint: what a project is shared as, so that others can copy it by its link."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One of a project, by its id. Whoever has its `link` may copy the project, so that no error or log shows it."""

    id: int
    title: str
    created: str = ""
    link: str = field(default="", repr=False)
