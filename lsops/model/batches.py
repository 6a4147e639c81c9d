"""Items in batches that are bounded in number and in size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def in_batches(items: Iterable[tuple[T, int]], most: int, largest: int) -> Iterator[list[T]]:
    """Items, each given with its size, at most so many and so large together; one that is larger is alone."""
    batch: list[T] = []
    held = 0
    for item, size in items:
        if batch and (len(batch) >= most or held + size > largest):
            yield batch
            batch, held = [], 0
        batch.append(item)
        held += size
    if batch:
        yield batch
