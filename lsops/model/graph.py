"""A graph of an organisation as a value: what is in it and how it hangs together, before it has a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Tone = Literal["", "created", "changed", "deleted", "undeclared"]
"""What is special about something: what a comparison makes of it, or that it is live and no manifest names it."""
TONES: Final[tuple[Tone, ...]] = tuple(tone for tone in get_args(Tone) if tone)
Shape = Literal["box", "note", "cylinder", "component", "stadium"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """What boxes stand in together; `title` is foreign text."""

    id: str
    title: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One node: its lines are foreign text. It stands in the cluster of that id, or, where it `is_outside`, in none.

    A box that is in no cluster and not outside stands in the organisation itself.
    """

    id: str
    lines: tuple[str, ...]
    shape: Shape = "box"
    cluster: str = ""
    tone: Tone = ""
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another, by their ids; `goes_both` has a head at either end."""

    start: str
    end: str
    tone: Tone = ""
    goes_both: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """An organisation, drawn: `title` is foreign text, `remark` our own beneath it."""

    title: str
    clusters: tuple[Cluster, ...] = ()
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    remark: str = ""

    @property
    def inside(self) -> Mapping[str, list[Box]]:
        """The boxes of each cluster by its id, those in the organisation itself by `""`; none that is outside."""
        found: dict[str, list[Box]] = {"": [], **{cluster.id: [] for cluster in self.clusters}}
        for box in self.boxes:
            if not box.is_outside:
                found.setdefault(box.cluster, []).append(box)
        return found

    @property
    def tones(self) -> tuple[Tone, ...]:
        """Those that something in it has: what a legend must explain."""
        parts: tuple[Cluster | Box | Arrow, ...] = (*self.clusters, *self.boxes, *self.arrows)
        found = {part.tone for part in parts}
        return tuple(tone for tone in TONES if tone in found)
