"""What is to be reviewed first, however much there is beside it: who gets in, and where data goes.

Which kinds those are is a word of their schemas, `exposes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lsops.model.address import split
from lsops.model.plan import Change
from lsops.render.parts import Entry
from lsops.schema import by_collection, kinds


def is_exposing(change: Change) -> bool:
    """Whether the change decides who gets in or where data goes."""
    known = kinds().get(change.kind)
    return known is not None and bool(known.exposes)


def rarest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries by kind, a kind with few of them before one with many, so that a mass hides nothing."""
    every = tuple(entries)
    number = Counter(entry.change.kind for entry in every)
    return tuple(sorted(every, key=lambda entry: (number[entry.change.kind], entry.change.kind)))


def exposing_first(addresses: Sequence[str]) -> tuple[str, ...]:
    """Addresses in their order, those of kinds that expose something before the others."""
    return tuple(sorted(addresses, key=lambda address: not _exposes(address)))


def _exposes(address: str) -> bool:
    parts = split(address)
    collection = parts[: max(1, len(parts) // 2 * 2 - 1)]  # without the key, and without a field below it
    known = by_collection().get("/".join("*" if number % 2 else part for number, part in enumerate(collection)))
    return known is not None and bool(known.exposes)
