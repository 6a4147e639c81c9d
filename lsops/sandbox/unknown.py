"""What nobody outside knows of Label Studio Enterprise, and how this sandbox answers it (enterprise-api 11).

Each point is a switch: its name, and its possible answers, the likeliest first. What was chosen is kept with the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lsops.errors import LsopsError
from lsops.sandbox.resources import all_resources
from lsops.sandbox.store import Store

_NOTE = "unknown:"


@cache
def points() -> Mapping[str, tuple[str, ...]]:
    """Every point with its answers, by name."""
    return {name: answers for resource in all_resources() for name, answers in resource.unknowns.items()}


def answer_to(store: Store, point: str) -> str:
    """What a sandbox answers to a point: what was chosen, else the likeliest."""
    return store.note(_NOTE + point) or points()[point][0]


def choose(store: Store, answers: Mapping[str, str]) -> None:
    """Keep the answers that were chosen. Raises: LsopsError, where a point or an answer does not exist."""
    for point, answer in answers.items():
        if point not in points():
            hint = f"one of {', '.join(sorted(points())) or 'none'}"
            raise LsopsError.of(f'the sandbox knows no open point "{point}"', code="LS605", hint=hint)
        if answer not in points()[point]:
            hint = f"one of {', '.join(points()[point])}"
            raise LsopsError.of(f'"{answer}" is no answer to {point}', code="LS605", hint=hint)
        store.set_note(_NOTE + point, answer)
