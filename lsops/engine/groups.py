"""Where declared resources stand: pure questions about collections and their addresses."""

from __future__ import annotations

from lsops.kinds import Kind
from lsops.model import Desired, split


def written(kind: Kind, desired: Desired) -> tuple[str, ...]:
    """The addresses of the kind's collections that the manifest writes, in its order."""
    if kind.schema.singleton:
        return tuple(item.address for item in desired.of(kind.name))
    pattern = kind.schema.collection.split("/")
    return tuple(address for address in desired.written if _fits(split(address), pattern))


def _fits(parts: tuple[str, ...], pattern: list[str]) -> bool:
    return len(parts) == len(pattern) and all(want in ("*", part) for part, want in zip(parts, pattern, strict=True))


def is_pruned(kind: Kind, desired: Desired, address: str) -> bool:
    """Whether what is live in the collection at an address and not declared is deleted."""
    return kind.schema.collection in desired.prune or address in desired.prune
