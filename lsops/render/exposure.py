"""What is to be reviewed first, however much there is beside it: who gets in, and where data goes.

Which kinds those are is a word of their schemas, `exposes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lsops.model.address import split
from lsops.model.plan import Change, FieldChange
from lsops.render.parts import Entry
from lsops.schema import KindSchema, by_collection, kinds


def is_exposing(change: Change) -> bool:
    """Whether the change decides who gets in or where data goes."""
    known = kinds().get(change.kind)
    return known is not None and (bool(known.exposes) or any(_says_where(known, one) for one in change.fields))


def _says_where(known: KindSchema, one: FieldChange) -> bool:
    """Whether a field that changes holds a place to which data goes, and that is another one now."""
    name, *inside = split(one.path)
    field = known.fields().get(name)
    keys = field.exposing if field is not None else ()
    return any(key in inside or _held(one.before, key) != _held(one.after, key) for key in keys)


def _held(value: Any, key: str) -> list[Any]:
    """What stands at a key, however deep."""
    if not isinstance(value, Mapping):
        return []
    return [found for name, inner in value.items() for found in ([inner] if name == key else _held(inner, key))]


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
    known = _kind_at(parts) or _kind_at(collection)
    return known is not None and bool(known.exposes)


def _kind_at(parts: Sequence[str]) -> KindSchema | None:
    return by_collection().get("/".join("*" if number % 2 else part for number, part in enumerate(parts)))
