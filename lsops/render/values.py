"""Values of more than one part, told so that people see what differs: in words, leaf by leaf, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lsops.model.leaves import leaves
from lsops.model.resource import UNSET, Secret
from lsops.render.safe import LONGEST, line, masked, near, value
from lsops.render.textdiff import SIDES, diff_rows
from lsops.wording import worded

LONG = 100
"""Characters of two values from which on their parts stand on a line each."""

Nested: TypeAlias = tuple[str, Any, Any]
"""A pointer below a value, and what stands there on both sides."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a value in its line, and the rows beneath it; as in `Shown`."""

    said: tuple[str, ...]
    rows: tuple[str, ...] = ()


def in_words(shown: str, before: Any, after: Any, *, is_new: bool) -> Told | None:
    """Two values in the wording of their field, or the new one alone; None where a value has none, or both the same."""
    sides = [("(absent)",) if side is UNSET else worded(shown, masked(side)) for side in (before, after)]
    old, new = ([line(phrase) for phrase in phrases] if phrases else [] for phrases in sides)
    if not old or not new or old == new or (before is UNSET and after is UNSET):
        return None
    first, second = " ".join(old), " ".join(new)
    if is_new:
        return Told((second,)) if len(second) <= LONG else Told((), tuple(f"+ {phrase}" for phrase in new))
    if len(first) + len(second) <= LONG or len(old) == len(new) == 1:
        return Told(near(first, second, LONGEST))
    return Told((), diff_rows("\n".join(old), "\n".join(new)))


def nested(before: Any, after: Any, *, is_new: bool) -> Sequence[Nested]:
    """The leaves in which two maps differ, or those of a new one; none where they are no maps."""
    if not isinstance(after, Mapping) or not (is_new or isinstance(before, Mapping)):
        return ()
    old, new = (dict(_leaves(side)) if isinstance(side, Mapping) else {} for side in (before, after))
    found = ((place, old.get(place, UNSET), new.get(place, UNSET)) for place in dict.fromkeys((*old, *new)))
    return [one for one in found if one[0] and _differs(*one[1:])]


def _leaves(held: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for place, leaf in leaves(held, lists=False):
        yield place, str(leaf) if isinstance(leaf, Secret) else leaf


def _differs(before: Any, after: Any) -> bool:
    return before is not after and (before != after or isinstance(before, bool) != isinstance(after, bool))


def entries_that_differ(before: Any, after: Any) -> Told | None:
    """What two long lists have of their own; None for others, and where only the order or the number differs."""
    if not isinstance(before, (list, tuple)) or not isinstance(after, (list, tuple)):
        return None
    if len(value(before)) + len(value(after)) < LONG or not all(isinstance(one, str) for one in (*before, *after)):
        return None
    gone, come = _less(before, after), _less(after, before)
    if not gone and not come:
        return None
    rows = (*SIDES, *(f"-{value(one)}" for one in gone), *(f"+{value(one)}" for one in come))
    return Told((_entries(before), _entries(after)), rows)


def _less(these: Sequence[str], others: Sequence[str]) -> list[str]:
    known = set(others)
    return [one for one in these if one not in known]


def _entries(held: Sequence[str]) -> str:
    return f"{len(held)} {'entry' if len(held) == 1 else 'entries'}"
