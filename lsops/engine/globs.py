r"""Globs over addresses: `*` inside one part, `**` across parts, `\*` a star, all else literal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from lsops.errors import UsageError
from lsops.model import Desired, Resource, is_within


def matches(glob: str, address: str) -> bool:
    """Whether a glob covers an address: it matches it, or something above it."""
    return _pattern(glob).match(address) is not None


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    words = {"**": ".*", "*": "[^/]*", "\\*": r"\*"}
    pieces = re.split(r"(\\\*|\*\*|\*)", glob)
    body = "".join(words.get(piece, re.escape(piece)) for piece in pieces)
    return re.compile(f"(?:{body})(?:/|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Selection:
    """What targets make of a manifest: what is planned, the parents that were added, and what was left out."""

    desired: Desired
    globs: tuple[str, ...] = ()
    parents: frozenset[str] = frozenset()
    left_out: tuple[Resource, ...] = ()


def select(desired: Desired, globs: Iterable[str]) -> Selection:
    """The resources that targets cover, with their parents; all of them where there is no target.

    Raises:
        UsageError: a target covers nothing.
    """
    wanted = tuple(globs)
    if not wanted:
        return Selection(desired)
    refuse_idle(desired, wanted, "the target")
    chosen = {item.address for item in desired.resources if any(matches(glob, item.address) for glob in wanted)}
    added = {item.address for item in desired.resources if item.address not in chosen and _carries(item, chosen)}
    kept = tuple(item for item in desired.resources if item.address in chosen | added)
    written = {
        address: source
        for address, source in desired.written.items()
        if any(matches(glob, address) for glob in wanted) or any(is_within(item.address, address) for item in kept)
    }
    left = tuple(item for item in desired.resources if item.address not in chosen | added)
    return Selection(replace(desired, resources=kept, written=written), wanted, frozenset(added), left)


def refuse_idle(desired: Desired, globs: Iterable[str], what: str) -> None:
    """Raises: UsageError, for a glob that covers no declared resource."""
    for glob in globs:
        if not any(matches(glob, item.address) for item in desired.resources):
            raise UsageError.of(f'{what} "{glob}" matches nothing', code="LS606", hint=_hint(desired, glob))


def _carries(item: Resource, chosen: Iterable[str]) -> bool:
    return any(address.startswith(item.address + "/") for address in chosen)


def _hint(desired: Desired, glob: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(glob, [item.address for item in desired.resources], 1)
    return f'did you mean "{near[0]}"?' if near else "addresses look like /projects/TITLE"
