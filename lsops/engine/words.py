"""Numbers in words, for what plans and refusals say."""

from __future__ import annotations


def counted(number: int | None, what: str) -> str:
    """`1 task`, `2 tasks`, `an unknown number of tasks`; `what` is the plural."""
    if number is None:
        return f"an unknown number of {what}"
    return f"{number} {what.removesuffix('s') if number == 1 else what}"
