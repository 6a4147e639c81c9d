"""What is drawn: a label config before and after, and the task it is drawn with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lsops.labelconfig.tree import LabelConfigError
from lsops.preview.samples import drawable, sample_task

SideName = Literal["before", "after"]
SIDES: tuple[SideName, SideName] = ("before", "after")
PANELS = ("panel", "controls", "side-column", "annotations:menu", "topbar", "instruction", "predictions:menu")
"""Parts of the editor around the label config, which `--panels` shows."""
_TAG = re.compile(r"<([A-Za-z][\w.-]*)")


@dataclass(frozen=True, slots=True)
class ConfigPair:
    """A label config on both sides; None where there is none, for it is new or there is nothing to compare."""

    address: str
    before: str | None
    after: str | None

    @property
    def sides(self) -> Iterator[tuple[SideName, str]]:
        """The sides that there are."""
        for side, config in zip(SIDES, (self.before, self.after), strict=True):
            if config is not None:
                yield side, config


@dataclass(frozen=True, slots=True)
class Drawing:
    """One side with all that the editor needs for it; `key` names it in the page, such as `3-before`."""

    key: str
    config: str
    task: Mapping[str, Any] = field(repr=False)
    interfaces: tuple[str, ...] = ()

    @property
    def tags(self) -> list[str]:
        """The names of the tags in it, each once."""
        return list(dict.fromkeys(_TAG.findall(self.config)))


def drawings(
    pairs: tuple[ConfigPair, ...], given: Mapping[str, object] | None = None, *, panels: bool = False
) -> tuple[Drawing, ...]:
    """All sides that can be read, with made-up data, or with the task that is `given`."""
    shown = PANELS if panels else ()
    return tuple(
        Drawing(f"{number}-{side}", drawable(config), {"id": 1, "predictions": [], **task}, shown)
        for number, pair in enumerate(pairs, 1)
        for side, config in pair.sides
        if (task := _task(config, given)) is not None
    )


def _task(config: str, given: Mapping[str, object] | None) -> dict[str, Any] | None:
    try:
        return sample_task(config, given)
    except LabelConfigError:
        return None
