"""Export snapshots: what is declared of them, and what a server has of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Phase = Literal["running", "done", "failed"]
PLAIN = "JSON"
"""The format in which a snapshot is made; every other one is converted from it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How snapshots of that name are made: with which `options`, in which formats, and where the files go.

    `place` is empty where the recipe names none.
    """

    address: str
    name: str
    title: str
    options: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = (PLAIN,)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A snapshot in another format, as far as it is; `reason` says why it failed."""

    phase: Phase
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One that the server has. `md5` is that of its plain form, empty until it is done; `created` is the server's."""

    id: int
    title: str
    phase: Phase
    md5: str = ""
    tasks: int = 0
    created: str = ""
    conversions: Mapping[str, Conversion] = field(default_factory=dict)
