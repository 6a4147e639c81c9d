"""The one walk over the values of resources: what secrets, masks, bodies and marks are looked for and replaced in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lsops.model.address import join


def leaves(value: Any, path: str = "", *, lists: bool = True) -> Iterator[tuple[str, Any]]:
    """Everything in a value that holds nothing else, with its pointer: scalars, secrets, empty maps and lists.

    Without `lists` a list is a leaf.
    """
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from leaves(inner, path + join(str(name)), lists=lists)
    elif lists and isinstance(value, (list, tuple)) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{number}", lists=lists)
    else:
        yield path, value


def replaced(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value of ordinary containers with each leaf as `change` makes it; the positions of a manifest go."""
    if isinstance(value, Mapping):
        return {key: replaced(inner, change) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [replaced(inner, change) for inner in value]
    return change(value)


def as_plain(value: Any) -> Any:
    """A value of ordinary containers."""
    return replaced(value, lambda leaf: leaf)
